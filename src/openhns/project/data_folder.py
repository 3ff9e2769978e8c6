"""The data folder: `$OPENHNS_DATA/{db.sqlite3, keys/, tiles/, evidence/, tmp/}`."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
FOLDERS = ("keys", "tiles", "evidence", "tmp")


def prepare_data_folder(data: Path) -> None:
    """Create the folder and its parts, open to this account alone; what exists stays as it is."""
    make_private_folder(data)
    for name in FOLDERS:
        make_private_folder(data / name)


def make_private_folder(folder: Path) -> None:
    """Create a folder of mode 0700 with its parents."""
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    _sync_folder(folder.parent)


def make_private_file(path: Path) -> None:
    """Create an empty file of mode 0600, in which SQLite then begins; what exists stays as it is.

    SQLite would create it as the umask says, readable by all; its side files take its mode.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))


def create_once(path: Path, content: bytes) -> bool:
    """Write a new file of mode 0600, whole or not at all; False when it is already there."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb"
        ) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link fails where the name is taken; a rename would replace another process's key.
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
