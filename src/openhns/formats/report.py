"""Give a sheet back as XLSX with the findings beside the cells that they are about.

The cells that came in keep their value, type and place: columns in their order, each row under
its number. Of a formula its source is kept, as text. Added are a column right of each column with
a finding, and the result and the reasons of each row at the far right. Text is always written as
text, so that no formula is ever made.
"""

import math
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import xlsxwriter
import xlsxwriter.exceptions
from xlsxwriter.worksheet import Worksheet

from openhns.formats.atomic import replacing, unwritable
from openhns.formats.report_words import FINDING_MARK, REASONS_HEADER, RESULT_HEADER
from openhns.formats.values import Cell, Row, Table

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd hh:mm:ss",
}
_CELL_CHARS = 32_767
_FIRST_YEAR = 1900
_LISTED_REASONS = 100
_UNFIT_FOR_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
_SHEET_NAME_CHARS = 31
_NOT_IN_XML = re.compile("[\ufffe\uffff]")
_WIDE, _NARROW = 60, 24


class Result(StrEnum):
    ACCEPTED = "accepted"
    WARNED = "warned"
    REFUSED = "refused"


_NOT_JUDGED = "not judged"
_COLOURS = {Result.WARNED: "#FFE699", Result.REFUSED: "#F8CBAD"}


@dataclass(frozen=True, slots=True)
class RowFinding:
    """What was found about one row; `cells` gives words by column from 0."""

    result: Result
    reasons: tuple[str, ...] = ()
    cells: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))


def write_report(
    path: Path,
    table: Table,
    findings: Mapping[int, RowFinding],
    *,
    made_at: datetime | None = None,
    notes: Sequence[str] = (),
) -> None:
    """Write the report; `findings` is by row number, and a row without one is "not judged".

    `notes` are sentences for the second sheet. Raises FileUnwritableError.
    """
    made_at = made_at or datetime.now(UTC)
    try:
        with (
            replacing(path) as file,
            tempfile.TemporaryDirectory(dir=path.parent, prefix=".openhns-") as folder,
            xlsxwriter.Workbook(file, {**_OPTIONS, "tmpdir": folder}) as book,
        ):
            book.set_properties({"created": made_at.replace(tzinfo=None)})
            _Report(book, table, findings).write()
            _write_summary(book, table, findings, [*table.notes, *notes], made_at)
    except xlsxwriter.exceptions.FileCreateError as error:
        cause = error.args[0] if error.args else None
        raise unwritable(cause if isinstance(cause, OSError) else OSError()) from error
    except OSError as error:
        raise unwritable(error) from error


class _Sheet(Worksheet):  # type: ignore[misc]  # XlsxWriter gives no types.
    """A worksheet that spares plain text the search for control characters.

    Should XlsxWriter rename this method, nothing but the time saved is lost.
    """

    @staticmethod
    def _escape_control_characters(data: Any) -> Any:
        if isinstance(data, str) and data.isprintable() and "_x" not in data:
            return data
        return Worksheet._escape_control_characters(data)  # noqa: SLF001 - The same, slowly.


class _Report:
    """The first sheet. Rows must be written from top to bottom: finished ones leave memory."""

    def __init__(self, book: Any, table: Table, findings: Mapping[int, RowFinding]) -> None:
        self._table = table
        self._findings = findings
        self._sheet = book.add_worksheet(_sheet_name(table.sheet), _Sheet)
        self._dates = _date_formats(book)
        self._header_format = book.add_format({"bold": True, "bottom": 1})
        self._formats: dict[Result, Any] = {
            result: book.add_format({"bg_color": colour}) for result, colour in _COLOURS.items()
        }
        self._places, self._beside = _plan(table.width, findings.values())
        self._result_at = len(self._places) + len(self._beside)

    def write(self) -> None:
        table, sheet = self._table, self._sheet
        sheet.freeze_panes(table.header_row, 0)
        self._set_widths()
        for row in table.preamble:
            self._write_cells(row)
        self._write_header()
        if table.hxl is not None and table.hxl_row not in {None, table.header_row}:
            self._write_cells(Row(table.hxl_row or 0, tuple(tag or None for tag in table.hxl)))
        for row in table.rows:
            self._write_row(row)
        last = table.rows[-1].number if table.rows else table.header_row
        sheet.autofilter(table.header_row - 1, 0, last - 1, self._result_at + 1)

    def _set_widths(self) -> None:
        for place in self._beside.values():
            self._sheet.set_column(place, place, _NARROW)
        self._sheet.set_column(self._result_at, self._result_at, _NARROW)
        self._sheet.set_column(self._result_at + 1, self._result_at + 1, _WIDE)

    def _write_header(self) -> None:
        at, header = self._table.header_row - 1, self._table.header
        titles: dict[int, str] = {}
        for column, place in enumerate(self._places):
            title = header[column] if column < len(header) else ""
            titles[place] = title
            if column in self._beside:
                titles[self._beside[column]] = f"{title} {FINDING_MARK}"
        titles[self._result_at] = RESULT_HEADER
        titles[self._result_at + 1] = REASONS_HEADER
        for place, title in titles.items():
            if title:
                self._sheet.write_string(at, place, _text(title), self._header_format)

    def _write_row(self, row: Row) -> None:
        finding = self._findings.get(row.number)
        self._write_cells(row)
        sheet, at = self._sheet, row.number - 1
        if finding is None:
            sheet.write_string(at, self._result_at, _NOT_JUDGED)
            return
        colour = self._formats.get(finding.result)
        for column, words in finding.cells.items():
            sheet.write_string(at, self._beside[column], _text(words), colour)
        sheet.write_string(at, self._result_at, str(finding.result), colour)
        if finding.reasons:
            sheet.write_string(at, self._result_at + 1, _text("; ".join(finding.reasons)), colour)

    def _write_cells(self, row: Row) -> None:
        at, places = row.number - 1, self._places
        write_string = self._sheet.write_string
        formulas = self._table.formulas.get(row.number, {})
        for column, cell in enumerate(row.cells):
            if column in formulas:
                write_string(at, places[column], _text(formulas[column]))
            elif isinstance(cell, str):
                write_string(at, places[column], _text(cell))
            elif cell is not None:
                self._write_other(at, places[column], cell)

    def _write_other(self, at: int, place: int, cell: Cell) -> None:
        sheet = self._sheet
        if isinstance(cell, bool):
            sheet.write_boolean(at, place, cell)
        elif isinstance(cell, int | float) and math.isfinite(cell):
            sheet.write_number(at, place, cell)
        elif isinstance(cell, timedelta | time) or _fits_calendar(cell):
            sheet.write_datetime(at, place, cell, self._dates(cell))
        else:
            sheet.write_string(at, place, str(cell))


def _fits_calendar(cell: Cell) -> bool:
    """Tell whether a date is one that spreadsheets know: their days begin in 1900."""
    return isinstance(cell, datetime) and cell.year >= _FIRST_YEAR


def _date_formats(book: Any) -> Callable[[Cell], Any]:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    clock = book.add_format({"num_format": "hh:mm:ss"})
    duration = book.add_format({"num_format": "[hh]:mm:ss"})

    def chosen(cell: Cell) -> Any:
        if isinstance(cell, timedelta):
            return duration
        if isinstance(cell, time):
            return clock
        return day if isinstance(cell, datetime) and cell.time() == time() else moment

    return chosen


def _plan(width: int, findings: Iterable[RowFinding]) -> tuple[list[int], dict[int, int]]:
    """Return where each original column goes, and where the column beside it goes, if any."""
    faulty = {column for finding in findings for column in finding.cells}
    places: list[int] = []
    beside: dict[int, int] = {}
    place = 0
    for column in range(max(width, max(faulty, default=-1) + 1)):
        places.append(place)
        place += 1
        if column in faulty:
            beside[column] = place
            place += 1
    return places, beside


def _text(text: str) -> str:
    """Return a text that a cell can hold: at most 32,767 characters, none outside XML."""
    if len(text) > _CELL_CHARS:
        text = text[: _CELL_CHARS - 1] + "\N{HORIZONTAL ELLIPSIS}"
    return text if text.isascii() else _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _sheet_name(name: str | None) -> str:
    cleaned = _UNFIT_FOR_SHEET_NAME.sub(" ", name or "").strip()[:_SHEET_NAME_CHARS].strip()
    reserved = {"", "history", _SUMMARY.lower()}
    return "Sheet" if cleaned.lower() in reserved else cleaned


_SUMMARY = "OpenHNS summary"


def _write_summary(
    book: Any,
    table: Table,
    findings: Mapping[int, RowFinding],
    notes: Sequence[str],
    made_at: datetime,
) -> None:
    sheet = book.add_worksheet(_SUMMARY)
    sheet.set_column(0, 0, _NARROW)
    sheet.set_column(1, 1, _WIDE * 2)
    judged = [findings[row.number] for row in table.rows if row.number in findings]
    for at, (title, value) in enumerate(_facts(table, judged, notes, made_at)):
        sheet.write_string(at, 0, _text(title))
        if isinstance(value, int):
            sheet.write_number(at, 1, value)
        else:
            sheet.write_string(at, 1, _text(value))


def _rows(count: int) -> str:
    return f"{count} row" if count == 1 else f"{count} rows"


def _facts(
    table: Table, judged: Sequence[RowFinding], notes: Sequence[str], made_at: datetime
) -> list[tuple[str, int | str]]:
    counts = Counter(finding.result for finding in judged)
    reasons = Counter(reason for finding in judged for reason in finding.reasons)
    return [
        ("rows", table.row_count),
        *((str(result), counts[result]) for result in Result),
        (_NOT_JUDGED, table.row_count - len(judged)),
        ("file SHA-256", table.sha256),
        ("file read as", table.format),
        ("report made at", made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
        *(("note", note) for note in notes),
        *((_rows(count), reason) for reason, count in reasons.most_common(_LISTED_REASONS)),
    ]
