"""Write a file whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from openhns.formats.errors import FileUnwritableError


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write that takes the path's place, flushed to disk, only when all went well.

    The file is readable by its owner alone. Raises FileUnwritableError; the path is then as it
    was before.
    """
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".openhns-", suffix=".tmp")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
            _flush_folder(path.parent)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(error) from error


def unwritable(error: OSError) -> FileUnwritableError:
    """Return the named error for what the system said, without the file's name."""
    cause = os.strerror(error.errno) if error.errno else "no cause given"
    return FileUnwritableError(
        f"The file could not be written ({cause}); what stood there before is untouched. "
        "Check that its folder exists, may be written, and has space left."
    )


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
