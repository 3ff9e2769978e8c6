"""Tell what a file is by its first bytes; a name's ending proves nothing."""

import struct
from enum import StrEnum

from openhns.formats.errors import FileWrongTypeError

_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook\0", "Book\0"))
_GLOBALS_START = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILE_PASS = 0x2F
_FIRST_RECORDS = 10
_SAMPLE = 64 * 1024
_CONTROL_SHARE = 0.02
_WHAT_TO_DO = "Save the sheet as XLSX, ODS or CSV and send that file."

_NAMED = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"SQLite format 3\0", "a database or GeoPackage"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
)
_MARKUP = (
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<table", "a web page"),
    (b"<?xml", "an XML file"),
    (b"<kml", "a KML file"),
    (b"<gpx", "a GPX file"),
)


class Kind(StrEnum):
    GZIP = "gzip"
    ZIP = "zip"
    XLS = "xls"
    ENCRYPTED = "encrypted"
    JSON = "json"
    TEXT = "text"


def wrong_type(what: str) -> FileWrongTypeError:
    """Return the error for a file that is something else than a table."""
    return FileWrongTypeError(f"The file is {what}, not a table. {_WHAT_TO_DO}", found=what)


def kind_of(data: bytes) -> Kind:
    """Tell the kind of table that the bytes hold, or raise FileWrongTypeError naming them."""
    if data.startswith(b"\x1f\x8b"):
        return Kind.GZIP
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.ZIP
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _kind_of_ole(data)
    return _kind_of_text(data)


def _kind_of_ole(data: bytes) -> Kind:
    if _ENCRYPTED_PACKAGE in data:
        return Kind.ENCRYPTED
    if not any(name in data for name in _WORKBOOK_STREAMS):
        raise wrong_type("an old Office document without a sheet")
    return Kind.ENCRYPTED if _has_file_pass(data) else Kind.XLS


def _has_file_pass(data: bytes) -> bool:
    """Look for FilePass among the first records of the globals (MS-XLS, section 2.4.117)."""
    at = data.find(_GLOBALS_START)
    for _ in range(_FIRST_RECORDS):
        if at < 0 or at + 4 > len(data):
            return False
        record, length = struct.unpack_from("<HH", data, at)
        if record == _FILE_PASS:
            return True
        at += 4 + length
    return False


def _kind_of_text(data: bytes) -> Kind:
    _refuse_named(data)
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        raise FileWrongTypeError("The file is UTF-32 text. Save it as UTF-8 and send it again.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Kind.TEXT
    start = data[:_SAMPLE].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"[", b"{")):
        return Kind.JSON
    _refuse_binary(data[:_SAMPLE])
    return Kind.TEXT


def _refuse_named(data: bytes) -> None:
    for magic, what in _NAMED:
        if data.startswith(magic):
            raise wrong_type(what)
    start = data[:_SAMPLE].removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower()
    for magic, what in _MARKUP:
        if start.startswith(magic):
            raise wrong_type(what)


def _refuse_binary(sample: bytes) -> None:
    controls = sum(sample.count(bytes([code])) for code in (*range(9), *range(14, 32), 127))
    if controls > 1 and controls > _CONTROL_SHARE * len(sample):
        raise wrong_type("binary data of an unknown kind")
