"""One thread of a process counts what pages asked for, one thing after another.

A thread for each subject would let a few visits take all of the machine. That one rests wherever
long work calls `breathe`, longer than it works while pages are asked for, and gives way to each
that is being answered: people wait for pages, and nobody for it.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

from django.db import connections
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase

Work = Callable[[], None]
Answer = Callable[[HttpRequest], HttpResponseBase]
Kind = TypeVar("Kind")
_ROWS_AT_ONCE: Final = 500
_TURN_S: Final = 0.01
# Seconds for each second of work: where nobody has asked for a page lately, and where somebody has.
_RESTS_ALONE: Final = 0.25
_RESTS_BESIDE: Final = 2.0
_LATELY_S: Final = 1.0
_LITTLE_S: Final = 0.001  # Of work, before it looks whether a page is being answered.
_GIVES_WAY: Final = 10.0  # Seconds for each second of work, where pages never end.


class _Pace(threading.local):
    """When this thread began its turn, in seconds of processor; None where somebody waits."""

    began: float | None = None


_PACE: Final = _Pace()


class _Pages:
    """The pages that this process is answering."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._asked_at = -_LATELY_S
        self.none = threading.Event()
        self.none.set()

    @property
    def lately(self) -> bool:
        return time.monotonic() - self._asked_at < _LATELY_S

    def begin(self) -> None:
        with self._lock:
            self._count += 1
            self._asked_at = time.monotonic()
            self.none.clear()

    def end(self) -> None:
        with self._lock:
            self._count -= 1
            if not self._count:
                self.none.set()


_PAGES: Final = _Pages()


def counting_gives_way(answer: Answer) -> Answer:
    """Middleware: let the thread that counts wait for the answer to each request."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        _PAGES.begin()
        try:
            return answer(request)
        finally:
            _PAGES.end()

    return answered


def breathe() -> None:
    """Rest in the thread that counts, where it worked for a while or a page is being answered."""
    if _PACE.began is None:
        return
    worked = time.thread_time() - _PACE.began
    if worked >= _TURN_S:
        time.sleep(worked * (_RESTS_BESIDE if _PAGES.lately else _RESTS_ALONE))
    elif worked < _LITTLE_S or _PAGES.none.is_set():
        return
    _PAGES.none.wait(worked * _GIVES_WAY)
    _PACE.began = time.thread_time()


def pausing(items: Iterable[Kind]) -> Iterator[Kind]:
    """Yield many things; the thread that counts may rest before each."""
    for item in items:
        breathe()
        yield item


def paced(rows: QuerySet[Any, Kind]) -> Iterator[Kind]:
    """Yield many rows; the thread that counts fetches a few at a time, and rests between them."""
    if _PACE.began is None:
        yield from rows
        return
    yield from pausing(rows.iterator(chunk_size=_ROWS_AT_ONCE))


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
