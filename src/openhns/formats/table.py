"""Read a table from any file that people send; the one door for CSV, CSV.GZ, JSON and sheets."""

import errno
import gzip
import hashlib
import io
import os
import stat
import zlib
from pathlib import Path

from openhns.formats.content import Kind, kind_of, wrong_type
from openhns.formats.csv_in import read_csv
from openhns.formats.errors import (
    FileEmptyError,
    FileMissingError,
    FileTooLargeError,
    FileUnreadableError,
    FormatError,
)
from openhns.formats.header import with_header
from openhns.formats.json_in import read_json
from openhns.formats.sheet_in import read_sheet
from openhns.formats.values import MIB, Limits, RawTable, Table
from openhns.formats.zip_guard import guarded_format, password_error

__all__ = ["Limits", "Table", "read_table"]

_TEXT_ENDINGS = frozenset({".csv", ".tsv", ".txt", ".ssv", ".hxl"})
_ENDINGS = {
    "csv": _TEXT_ENDINGS,
    "json": frozenset({".json", ".txt"}),
    "xlsx": frozenset({".xlsx"}),
    "xlsm": frozenset({".xlsm"}),
    "xls": frozenset({".xls"}),
    "ods": frozenset({".ods"}),
}


def read_table(
    path: str | os.PathLike[str], *, limits: Limits | None = None, sheet: str | None = None
) -> Table:
    """Read a file as a table, judged by its content whatever its name says.

    The bytes are read once; `sha256` is theirs, as they lie on disk. Raises FormatError and
    nothing else, whatever the file holds.
    """
    limits = limits or Limits()
    data = _bytes_of(Path(path), limits)
    return parse_table(data, name=Path(path).name, limits=limits, sheet=sheet)


def parse_table(
    data: bytes, *, name: str = "", limits: Limits | None = None, sheet: str | None = None
) -> Table:
    """Read the bytes of a file, such as an upload; `name` serves only for a note on its ending."""
    limits = limits or Limits()
    if len(data) > limits.file_bytes:
        raise _too_large(limits)
    if not data.strip(b" \t\r\n\0"):
        raise FileEmptyError("The file is empty. Check that it was saved, and send it again.")
    sha256 = hashlib.sha256(data).hexdigest()
    kind = kind_of(data)
    packed = kind is Kind.GZIP
    if packed:
        data = _unpacked(data, limits)
        kind = kind_of(data)
    raw = _read(data, kind, Path(name).suffix.lower(), sheet, limits)
    notes = _ending_notes(name, raw.format, packed=packed)
    return with_header(raw, sha256, limits, notes)


def _bytes_of(path: Path, limits: Limits) -> bytes:
    try:
        # Without O_NONBLOCK, a named pipe would hold the reader for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:  # noqa: PTH123 - By descriptor, checked before read.
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise _unreadable("It is a folder or a device, not a file")
            if facts.st_size > limits.file_bytes:
                raise _too_large(limits)
            return file.read(limits.file_bytes + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileMissingError("There is no such file. Check its name and folder.") from error
    except ValueError as error:
        raise FileMissingError("No file can have that name. Check it.") from error
    except OSError as error:
        raise _unreadable(_cause(error)) from error


def _cause(error: OSError) -> str:
    if error.errno in {errno.EACCES, errno.EPERM}:
        return "This account may not read it"
    return f"The system says: {os.strerror(error.errno or errno.EIO)}"


def _unreadable(cause: str) -> FileUnreadableError:
    return FileUnreadableError(
        f"The file cannot be read. {cause}. Check the path and its permissions."
    )


def _too_large(limits: Limits) -> FileTooLargeError:
    return FileTooLargeError(
        f"The file is larger than {limits.file_bytes // 1_000_000} MB and was not read. "
        "Remove what is not needed, or divide it into several files.",
        limit=limits.file_bytes,
    )


def _unpacked(data: bytes, limits: Limits) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unpacked = stream.read(limits.unpacked_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FileUnreadableError(
            "The packed file is damaged or not whole. Send it again, or send it unpacked."
        ) from error
    if len(unpacked) > limits.unpacked_bytes:
        raise FileTooLargeError(
            f"The file unpacks to more than {limits.unpacked_bytes // MIB} MiB and was not read. "
            "Divide it into several files.",
            limit=limits.unpacked_bytes,
        )
    if not unpacked.strip(b" \t\r\n\0"):
        raise FileEmptyError("The packed file holds nothing. Check that it was saved.")
    return unpacked


def _read(data: bytes, kind: Kind, ending: str, sheet: str | None, limits: Limits) -> RawTable:
    if kind is Kind.ENCRYPTED:
        raise password_error()
    if kind is Kind.GZIP:
        raise wrong_type("packed twice")
    if kind is Kind.ZIP:
        return read_sheet(data, guarded_format(data, limits), sheet, limits)
    if kind is Kind.XLS:
        return read_sheet(data, "xls", sheet, limits)
    if kind is Kind.JSON:
        return _read_json(data, ending, limits)
    return read_csv(data, limits)


def _read_json(data: bytes, ending: str, limits: Limits) -> RawTable:
    """Read as JSON; a file named as text that is none may be a CSV with a bracket in front."""
    try:
        return read_json(data, limits)
    except FormatError as error:
        if ending in _TEXT_ENDINGS and error.code == "file_unreadable":
            return read_csv(data, limits)
        raise


def _ending_notes(name: str, file_format: str, *, packed: bool) -> tuple[str, ...]:
    endings = [ending.lower() for ending in Path(name).suffixes]
    if packed and endings and endings[-1] == ".gz":
        endings.pop()
    if not endings or endings[-1] in _ENDINGS[file_format]:
        return ()
    known = frozenset().union(*_ENDINGS.values())
    if endings[-1] not in known:
        return ()
    found = file_format.upper()
    return (f"The file's name ends in {endings[-1]}, but it holds {found} and was read as that.",)
