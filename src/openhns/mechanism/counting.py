"""One thread of a process counts what pages asked for, one thing after another.

A thread for each subject would let a few visits take all of the machine. That one rests longer than
it works, wherever long work calls `breathe`: people wait for pages, and nobody for it.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from django.db import connections
from django.db.models import QuerySet

Work = Callable[[], None]
Kind = TypeVar("Kind")
_ROWS_AT_ONCE: Final = 500
_TURN_S: Final = 0.01
_RESTS: Final = 1.5  # Seconds for each second of work.


class _Pace(threading.local):
    """When this thread began its turn, in seconds of processor; None where somebody waits."""

    began: float | None = None


_PACE: Final = _Pace()


def breathe() -> None:
    """Rest in the thread that counts, if it has worked for a while; nothing in any other."""
    if _PACE.began is None:
        return
    worked = time.thread_time() - _PACE.began
    if worked >= _TURN_S:
        time.sleep(worked * _RESTS)
        _PACE.began = time.thread_time()


def paced(rows: QuerySet[Any, Kind]) -> Iterator[Kind]:
    """Yield many rows; the thread that counts fetches a few at a time, and rests between them."""
    if _PACE.began is None:
        yield from rows
        return
    for row in rows.iterator(chunk_size=_ROWS_AT_ONCE):
        breathe()
        yield row


class _Worker:
    """A thread that lives while there is work, and the work that waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Work] = deque()
        self._thread: threading.Thread | None = None

    def take(self, work: Work) -> None:
        """Let the work be done soon; raise RuntimeError, and forget it, where no thread starts."""
        with self._lock:
            self._waiting.append(work)
            if self._thread is not None and self._thread.is_alive():
                return
            thread = threading.Thread(target=self._run, name="counting", daemon=True)
            try:
                thread.start()
            except BaseException:
                self._waiting.remove(work)
                raise
            self._thread = thread

    def _run(self) -> None:
        _PACE.began = time.thread_time()
        try:
            while (work := self._next()) is not None:
                work()
        finally:
            connections.close_all()

    def _next(self) -> Work | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._thread = None
            return None


_WORKER: Final = _Worker()


def count_soon(work: Work) -> None:
    """Do what raises nothing of its own in this process's one thread for counting."""
    _WORKER.take(work)
