"""Look into a zipped workbook before any reader opens it: type, password, and true size."""

import io
import struct
import zipfile
import zlib

from openhns.formats.content import wrong_type
from openhns.formats.errors import (
    FilePasswordProtectedError,
    FileTooLargeError,
    FileUnreadableError,
    FileWrongTypeError,
    FormatError,
)
from openhns.formats.values import MIB, Limits

_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_ENCRYPTED_BIT = 0x1
_PLAIN_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


def guarded_format(data: bytes, limits: Limits) -> str:
    """Return "xlsx", "xlsm" or "ods" for a workbook that is safe to open; raises FormatError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _guarded(archive, limits)
    except FormatError:
        raise
    except _FAULTS as error:
        raise FileUnreadableError(
            "The file is damaged: it begins like a spreadsheet but cannot be unpacked. "
            "Send it again, or open it in the program that made it and save it anew."
        ) from error


def password_error() -> FilePasswordProtectedError:
    return FilePasswordProtectedError(
        "The file is protected by a password. Open it, save it without one, and send that file."
    )


def _guarded(archive: zipfile.ZipFile, limits: Limits) -> str:
    members = archive.infolist()
    if len(members) > limits.archive_members:
        raise _too_large(limits)
    if any(member.flag_bits & _ENCRYPTED_BIT for member in members):
        raise password_error()
    if sum(member.file_size for member in members) > limits.unpacked_bytes:
        raise _too_large(limits)
    found = _format(archive)
    _measure(archive, members, limits)
    return found


def _format(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsm" if "xl/vbaProject.bin" in names else "xlsx"
    if "mimetype" in names and archive.read("mimetype")[:100].strip() == _ODS_TYPE:
        _refuse_encrypted_ods(archive, names)
        return "ods"
    raise _named(names)


def _refuse_encrypted_ods(archive: zipfile.ZipFile, names: set[str]) -> None:
    """ODF 1.3 part 2, section 4.8.4: an encrypted entry says so in the manifest."""
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in archive.read(manifest):
        raise password_error()


def _named(names: set[str]) -> FileWrongTypeError:
    known = {
        "word/document.xml": "a Word document",
        "ppt/presentation.xml": "a presentation",
        "xl/workbook.bin": "a binary workbook (XLSB)",
        "doc.kml": "a KMZ file",
        "mimetype": "another kind of OpenDocument file",
    }
    for name, what in known.items():
        if name in names:
            return wrong_type(what)
    return FileWrongTypeError(
        "The file is a ZIP archive without a workbook. Unpack it and send the sheet itself."
    )


def _measure(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Unpack everything once, counting: what an archive declares about itself may be false."""
    left = limits.unpacked_bytes
    for member in members:
        if member.compress_type not in _PLAIN_METHODS:
            raise FileUnreadableError("The file is packed in a way that spreadsheets do not use.")
        with archive.open(member) as stream:
            while chunk := stream.read(MIB):
                left -= len(chunk)
                if left < 0:
                    raise _too_large(limits)


def _too_large(limits: Limits) -> FileTooLargeError:
    return FileTooLargeError(
        f"The file unpacks to more than {limits.unpacked_bytes // MIB} MiB and was not opened. "
        "Remove pictures and unneeded sheets, or divide it into several files.",
        limit=limits.unpacked_bytes,
    )
