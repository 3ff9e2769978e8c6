"""A disk that can be full, lose its power, or see its writer killed, at any one step.

It stands in for the operating system, not for our code: every call goes to the real folder, and
the book kept beside says what a power loss would leave of it.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openhns.tlog import durable


class Killed(BaseException):
    """The process ends here; nothing of it runs any more."""


class Disk:
    """Counts the steps that change the disk; step `fatal` raises `error` instead."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps = 0
        self.fatal = -1
        self.error: BaseException | None = None
        self._handles: dict[int, str] = {}
        self._synced: set[str] = set()
        self._named: set[str] = set()
        self._is_dead = False
        self._was_reached = False
        self._real = {name: getattr(os, name) for name in _CALLS}
        for name in _CALLS:
            monkeypatch.setattr(os, name, getattr(self, name))
        monkeypatch.setattr(durable, "_FULL_SYNC", None)

    def each_step(self) -> Iterator[int]:
        """Count up until a run comes to its end before the step that would fail."""
        self._was_reached = True
        step = 0
        while self._was_reached:
            self._was_reached = False
            self.work_again()
            yield step
            step += 1
        assert step > 30, "each file alone takes four steps"

    def fail_at(self, step: int, error: BaseException) -> None:
        self.steps, self.fatal, self.error, self._is_dead = 0, step, error, False

    def work_again(self) -> None:
        self.fail_at(-1, Killed())

    def survivors(self, root: Path) -> dict[str, bytes]:
        """Return the files that a power loss at this moment is sure to leave."""
        files = (path for path in root.rglob("*") if path.is_file())
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in files
            if str(path) in self._synced and self._is_named(path, root)
        }

    def _is_named(self, path: Path, root: Path) -> bool:
        chain = [path, *path.parents]
        return all(str(one) in self._named for one in chain[: chain.index(root)])

    def _step(self) -> None:
        if self._is_dead:
            raise Killed
        self.steps += 1
        if self.steps - 1 == self.fatal and self.error:
            self._was_reached = True
            self._is_dead = isinstance(self.error, Killed)
            raise self.error

    def open(self, path: Any, *rest: Any, **options: Any) -> int:
        self._step()
        handle: int = self._real["open"](path, *rest, **options)
        self._handles[handle] = str(path)
        return handle

    def write(self, handle: int, data: memoryview) -> int:
        """Take the first half, then the rest; a failure comes in between."""
        written: int = self._real["write"](handle, data[: len(data) // 2 + 1])
        self._step()
        return written + int(self._real["write"](handle, data[written:]))

    def fsync(self, handle: int) -> None:
        self._step()
        path = Path(self._handles[handle])
        if path.is_dir():
            self._named.update(str(child) for child in path.iterdir())
        else:
            self._synced.add(str(path))

    def replace(self, old: Any, new: Any) -> None:
        self._step()
        assert str(old) in self._synced, "a file is synced before it gets its name"
        self._real["replace"](old, new)
        self._synced.add(str(new))

    def mkdir(self, path: Any, *rest: Any) -> None:
        self._step()
        self._real["mkdir"](path, *rest)

    def unlink(self, path: Any, *rest: Any, **options: Any) -> None:
        if self._is_dead:
            raise Killed
        self._real["unlink"](path, *rest, **options)


_CALLS = ("open", "write", "fsync", "replace", "mkdir", "unlink")
