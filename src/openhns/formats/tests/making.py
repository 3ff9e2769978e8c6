"""Files that tests send in, made byte by byte where no library would make them."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def workbook(rows: Sequence[Sequence[Any]], sheet: str = "Sites") -> bytes:
    """Return an XLSX with one sheet of plain cells."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        stamp = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        duration = book.add_format({"num_format": "[hh]:mm:ss"})
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, datetime | time | timedelta):
                    style = duration if isinstance(cell, timedelta) else stamp
                    page.write_datetime(at, place, cell, style)
                elif cell is not None:
                    page.write(at, place, cell)
    return buffer.getvalue()


def archive(members: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def with_sheet_xml(sheet_xml: str) -> bytes:
    """Return an XLSX whose only sheet is the XML given."""
    with zipfile.ZipFile(io.BytesIO(workbook([["name"]]))) as packed:
        members: dict[str, bytes | str] = {name: packed.read(name) for name in packed.namelist()}
    members["xl/worksheets/sheet1.xml"] = sheet_xml
    return archive(members)


def sheet_xml(cells: str) -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'


def encrypted_workbook() -> bytes:
    """Return what a password makes of an XLSX: a compound file (MS-CFB) of two streams.

    MS-OFFCRYPTO, section 1.3.2: `EncryptionInfo` and `EncryptedPackage`.
    """
    fat = struct.pack("<128I", _FAT, _END, _END, *[_FREE] * 125)
    directory = (
        _entry("Root Entry", 5, child=1, start=_END, size=0)
        + _entry("EncryptedPackage", 2, right=2, start=2, size=SECTOR)
        + _entry("EncryptionInfo", 2, start=_END, size=0)
        + bytes(128)
    )
    return _compound_header() + fat + directory + bytes(range(256)) * 2


def _compound_header() -> bytes:
    fields = struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    fields += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    return magic + fields + struct.pack("<109I", 0, *[_FREE] * 108)


def _entry(
    name: str, kind: int, *, right: int = _FREE, child: int = _FREE, start: int, size: int
) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, _FREE, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def open_document(manifest: str = "<manifest/>", content: str = "") -> bytes:
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
        }
    )
