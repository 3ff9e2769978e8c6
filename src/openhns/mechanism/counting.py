"""One thread of a process counts what pages asked for, one thing after another.

A thread for each subject would let a few visits take all of the machine.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from django.db import connections

Work = Callable[[], None]


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
