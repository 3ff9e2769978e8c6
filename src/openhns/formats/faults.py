"""What is wrong with a cell whatever its column means, in words for a field officer."""

import math
import re
from dataclasses import dataclass

from openhns.formats.values import Cell, Row, Table


@dataclass(frozen=True, slots=True)
class Fault:
    code: str
    words: str


CONTROL = Fault("control_character", "holds a control character that cannot be seen")
DIRECTION = Fault("direction_character", "holds a character that reverses the order of reading")
FORMULA_TEXT = Fault("formula_text", "begins like a formula; it was kept as text and not run")
FORMULA = Fault("formula", "held a formula; the value last calculated was read")
NO_VALUE = Fault(
    "formula_without_value", "holds a formula without a stored value: save the sheet with values"
)
BROKEN = Fault("broken_character", "holds a character that was lost in an earlier conversion")
GARBLED = Fault("garbled_text", "looks garbled by a wrong encoding; compare it with the original")
SHEET_ERROR = Fault("sheet_error", "holds an error that the spreadsheet calculated")
NOT_FINITE = Fault("not_finite", "is no finite number")
NO_HEADER = Fault("no_header", "stands in a column without a header; cells may have shifted")

_SUSPICIOUS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffd-\uffff\u00c2-\u00c5\u00d8"
    "\u00d9]|^[=@+#-]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
# C1 controls are what Windows-1252 quotation marks become when read as ISO 8859-1.
_BROKEN = re.compile("[\x80-\x9f\ufffd]")
# UTF-8 read as Windows-1252: a lead byte's letter and what a trailing byte looks like.
_GARBLED = re.compile(
    "[\u00c2-\u00c5\u00d8\u00d9]"
    "[\u00a0-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
_FORMULA = re.compile(r"[=@]|[+-](?![\d\s().,/-]*$)")
_SHEET_ERROR = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|GETTING_DATA)$")
_TEXT_FAULTS = (
    (_CONTROL.search, CONTROL),
    (_DIRECTION.search, DIRECTION),
    (_BROKEN.search, BROKEN),
    (_GARBLED.search, GARBLED),
    (_FORMULA.match, FORMULA_TEXT),
    (_SHEET_ERROR.match, SHEET_ERROR),
)


def cell_faults(cell: Cell) -> tuple[Fault, ...]:
    """Return what is wrong with a cell by itself; tab and line breaks are no faults."""
    if isinstance(cell, str):
        if _SUSPICIOUS.search(cell) is None:
            return ()
        return tuple(fault for found, fault in _TEXT_FAULTS if found(cell))
    if isinstance(cell, float) and not math.isfinite(cell):
        return (NOT_FINITE,)
    return ()


def row_faults(table: Table, row: Row) -> dict[int, tuple[Fault, ...]]:
    """Return the faults of a row by column from 0: its cells', formulas, and cells too many."""
    found = {place: faults for place, cell in enumerate(row.cells) if (faults := cell_faults(cell))}
    for place in table.formulas.get(row.number, ()):
        calculated = place < len(row.cells) and cell_text(row.cells[place])
        found[place] = (*found.get(place, ()), FORMULA if calculated else NO_VALUE)
    for place in range(len(table.header), len(row.cells)):
        if cell_text(row.cells[place]):
            found[place] = (*found.get(place, ()), NO_HEADER)
    return found


def cell_text(cell: Cell) -> str:
    """Return a cell as a person would write it: trimmed, whole numbers without ".0"."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
