"""Files that are wholly there or not at all, power loss included.

A file is written beside its place under a name of its own, synced, renamed into place, and then
its folder is synced; a batch does each of these once per file and once per folder.
"""

import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path

_AT_ONCE = 64
_FULL_SYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)
_TEMPORARY = ".tmp"
READABLE = 0o644
OWNER_ONLY = 0o600


class Batch:
    """Puts many files in place below one folder; nothing is certain before `finish`.

    Any file may appear before any other, so what refers to them is written after `finish`.
    Raises OSError; then the files of this batch are each in place or absent, never in part.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._open: list[tuple[int, Path, Path]] = []
        self._folders: set[Path] = set()

    def put(self, path: Path, data: bytes, mode: int = READABLE) -> None:
        """Write a file that is to stand at `path`, below the root."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.keep(path)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}{_TEMPORARY}")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        self._open.append((handle, temporary, path))
        _write_all(handle, data)
        if len(self._open) >= _AT_ONCE:
            self._place()

    def keep(self, path: Path) -> None:
        """Make sure of a file that is in place already: its name may not have been synced yet."""
        folder = path.parent
        while folder not in self._folders:
            self._folders.add(folder)
            if folder == self._root:
                break
            folder = folder.parent

    def finish(self) -> None:
        """Return when every file and every name of this batch survives a power loss."""
        self._place()
        for folder in sorted(self._folders, reverse=True):
            _sync_folder(folder)
        with suppress(PermissionError):  # Where it is not ours to read, the root is not new.
            _sync_folder(self._root.parent)
        self._folders.clear()

    def abandon(self) -> None:
        """Remove what was written and not yet put in place."""
        for handle, temporary, _ in self._open:
            os.close(handle)
            temporary.unlink(missing_ok=True)
        self._open.clear()

    def _place(self) -> None:
        for handle, _, _ in self._open:
            _sync(handle)
        while self._open:
            _, temporary, path = self._open[-1]
            temporary.replace(path)
            os.close(self._open.pop()[0])


def write_file(path: Path, data: bytes, mode: int = READABLE) -> None:
    """Put one file in place of what stood there, under the permissions `mode`.

    Raises OSError, and then nothing has changed.
    """
    batch = Batch(path.parent)
    try:
        batch.put(path, data, mode)
        batch.finish()
    finally:
        batch.abandon()


def is_leftover(path: Path) -> bool:
    """Whether a file is what a writer that was killed has left behind."""
    return path.name.startswith(".") and path.name.endswith(_TEMPORARY)


def _write_all(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _sync(handle: int) -> None:
    """Sync to the medium itself; macOS needs its own call for that."""
    if _FULL_SYNC is None:
        os.fsync(handle)
    else:
        fcntl.fcntl(handle, _FULL_SYNC)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
