"""Read one workbook from standard input in a process of its own, and write its rows as JSON lines.

A hostile workbook can make any reader reserve memory without end (two cells at opposite corners
are enough) or loop. So the reader runs here, under limits that the system keeps, and nothing but
text comes back. This file is started by its path and imports nothing of the project.

Lines: {"sheet", "others"}; then lists of [number, cells]; then {"end", "formulas", "lost",
"scanned"} or {"error": code}. Formulas are lists of [column, source] by row. A date is {"d": ISO
8601}, a time of day {"t": ISO 8601}, a duration {"s": seconds}.
"""

import html
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree as ET

_BATCH = 500
_MAX_SCANNED = 160 * 1024 * 1024
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(
    rb'<c ([^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*)(?<!/)>(.{0,9000}?)</c>', re.DOTALL
)
_SOURCE = re.compile(rb"<f\b([^>]*?)(?:/>|>(.*?)</f>)", re.DOTALL)
_SHARED = re.compile(rb'\bsi="(\d{1,9})"')
_ERROR_VALUE = re.compile(rb"<v>(#[A-Z0-9/!?]{2,12})</v>")


class Refusal(Exception):
    """The workbook is not read, for the reason that the code names."""


def main() -> None:
    options = json.loads(sys.argv[1])
    _limit(options["memory"], options["seconds"])
    try:
        for line in _lines(sys.stdin.buffer.read(), options):
            _write(line)
    except Refusal as refusal:
        _write({"error": str(refusal)})
    except MemoryError:
        _write({"error": "too_large"})
    except BaseException:  # noqa: BLE001 - A panic of the reader is no Exception.
        _write({"error": "unreadable"})


def _limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _write(line: Any) -> None:
    sys.stdout.write(json.dumps(line, default=_encoded) + "\n")


def _encoded(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"d": value.isoformat()}
    if isinstance(value, date):
        return {"d": f"{value.isoformat()}T00:00:00"}
    if isinstance(value, time):
        return {"t": value.isoformat()}
    if isinstance(value, timedelta):
        return {"s": value.total_seconds()}
    raise TypeError


def _lines(data: bytes, options: dict[str, Any]) -> Iterator[Any]:
    from python_calamine import CalamineWorkbook, PasswordError  # noqa: PLC0415 - After the limits.

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        raise Refusal("password") from None
    name, sheet = _chosen(workbook, options["sheet"])
    yield {"sheet": name, "others": len(workbook.sheet_names) - 1}
    rows = _numbered(sheet, options)
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    yield batch
    formulas, lost, scanned = _scan(data, name)
    yield {"end": True, "formulas": formulas, "lost": lost, "scanned": scanned}


def _chosen(workbook: Any, wanted: str | None) -> tuple[str, Any]:
    """Return the sheet asked for, or the first with data, seen ones before hidden ones."""
    if wanted is not None and wanted not in workbook.sheet_names:
        raise Refusal("unknown_sheet")
    hidden = [str(meta.visible) != "SheetVisibleEnum.Visible" for meta in workbook.sheets_metadata]
    pairs = sorted(zip(hidden, range(len(hidden)), workbook.sheet_names, strict=True))
    for _, _, name in pairs:
        if wanted is None or name == wanted:
            sheet = workbook.get_sheet_by_name(name)
            if any(cell != "" for row in sheet.iter_rows() for cell in row):
                return name, sheet
    raise Refusal("empty")


def _numbered(sheet: Any, options: dict[str, Any]) -> Iterator[tuple[int, list[Any]]]:
    # Rows come from the sheet's first one on, columns only from the first that holds anything.
    first_column = sheet.start[1] if sheet.start else 0
    lead, chars = [None] * first_column, options["text_chars"]
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [*lead, *(None if cell == "" else cell for cell in row)]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        chars -= sum(len(cell) for cell in cells if isinstance(cell, str))
        if chars < 0:
            raise Refusal("too_large")
        yield number, cells


def _scan(data: bytes, sheet: str) -> tuple[dict[int, list[Any]], list[Any], bool]:
    """Find, in an XLSX, cells with formulas and cells whose error value the reader leaves out.

    The last of the three tells whether it was possible to look.
    """
    try:
        part = _sheet_part(data, sheet)
    except (KeyError, zipfile.BadZipFile, ET.ParseError):
        return {}, [], False
    formulas: dict[int, list[Any]] = {}
    shared: dict[bytes, str] = {}
    lost: list[Any] = []
    if b"<f" not in part and b't="e"' not in part:
        return formulas, lost, True
    for found in _CELL.finditer(part):
        row, column = int(found[3]), _column(found[2])
        source = _SOURCE.search(found[4])
        if source:
            place = f"{found[2].decode()}{row}"
            formulas.setdefault(row, []).append([column, _formula(source, place, shared)])
        value = _ERROR_VALUE.search(found[4]) if b't="e"' in found[1] else None
        if value:
            lost.append([row, column, value[1].decode()])
    return formulas, lost, True


def _formula(source: re.Match[bytes], place: str, shared: dict[bytes, str]) -> str:
    """Return a formula as text; one filled down stands once in the file, the others refer to it."""
    text = html.unescape((source[2] or b"").decode("utf-8", "replace"))
    number = _SHARED.search(source[1])
    if text:
        if number:
            shared[number[1]] = place
        return f"={text}"
    first = shared.get(number[1]) if number else None
    return f"=(filled from the formula in {first})" if first else "=(formula)"


def _sheet_part(data: bytes, sheet: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - Confined.
        rels = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
        wanted = next(
            (node.get(_RELATION) for node in book.iter() if node.get("name") == sheet), None
        )
        targets = {node.get("Id"): node.get("Target", "") for node in rels}
        path = "xl/" + targets[wanted].removeprefix("/xl/")
        if archive.getinfo(path).file_size > _MAX_SCANNED:
            raise KeyError
        return archive.read(path)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


if __name__ == "__main__":
    main()
