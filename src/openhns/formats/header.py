"""Find the header and the HXL tags of a sheet (HXL 1.1, "Tagging": within the first 25 rows)."""

import re
from collections.abc import Sequence
from statistics import median_high

from openhns.formats.errors import FileEmptyError, NoHeaderError
from openhns.formats.gathering import too_many_rows
from openhns.formats.values import Cell, Limits, RawTable, Row, Table

_SEARCHED_ROWS = 25
_TAG = re.compile(r"\s*#[^\W\d_]\w*(\s*\+\s*[^\W\d_]\w*)*\s*")
# A header may hold a year or a number of a question; a fraction is data.
_FRACTION = re.compile(r"\s*[+-]?\d+[.,]\d{2,}\s*")
_NUMBER = re.compile(r"[\s\d.,+-]*")


def with_header(raw: RawTable, sha256: str, limits: Limits, notes: Sequence[str] = ()) -> Table:
    """Divide the rows of a sheet into what stands above the header, the header, and the data."""
    rows = raw.rows
    if not rows:
        raise FileEmptyError("The file holds no row. Check that the right file was chosen.")
    header_at, tags_at = _find(rows)
    data_at = header_at + 1 if tags_at is None else tags_at + 1
    header = _texts(rows[header_at].cells)
    data = _padded(rows[data_at:], len(header))
    if len(data) > limits.rows:
        raise too_many_rows(limits)
    return Table(
        header=header,
        hxl=None if tags_at is None else _tags(rows[tags_at], len(header)),
        rows=data,
        sha256=sha256,
        format=raw.format,
        sheet=raw.sheet,
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        header_row=rows[header_at].number,
        hxl_row=None if tags_at is None else rows[tags_at].number,
        preamble=tuple(rows[:header_at]),
        notes=(*raw.notes, *notes),
        formulas=raw.formulas,
    )


def _find(rows: Sequence[Row]) -> tuple[int, int | None]:
    """Return the places of the header and of the tags; tags without a header are the header."""
    for place, row in enumerate(rows[:_SEARCHED_ROWS]):
        if is_tag_row(row.cells):
            return max(place - 1, 0), place
    place = _first_wide_row(rows[:_SEARCHED_ROWS])
    _refuse_data(rows[place])
    return place, None


def is_tag_row(cells: Sequence[Cell]) -> bool:
    """Tell whether most of the filled cells are HXL tags."""
    filled = [cell for cell in cells if cell is not None and str(cell).strip()]
    tags = [cell for cell in filled if isinstance(cell, str) and _TAG.fullmatch(cell)]
    return bool(tags) and len(tags) * 2 > len(filled)


def _first_wide_row(rows: Sequence[Row]) -> int:
    """Return the first row at least half as wide as is usual: titles above a sheet are short."""
    widths = [sum(cell is not None for cell in row.cells) for row in rows]
    wanted = median_high(widths) / 2
    return next(place for place, width in enumerate(widths) if width >= wanted)


def _refuse_data(row: Row) -> None:
    texts = [cell for cell in row.cells if isinstance(cell, str) and not _NUMBER.fullmatch(cell)]
    fractions = [cell for cell in row.cells if isinstance(cell, str) and _FRACTION.fullmatch(cell)]
    numbers = [cell for cell in row.cells if isinstance(cell, float) and not cell.is_integer()]
    if texts and not numbers and not fractions:
        return
    raise NoHeaderError(
        f"Row {row.number} should name the columns, but it holds data. "
        "Add a first row with the name of each column.",
        row=row.number,
    )


def _texts(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple("" if cell is None else _text(cell) for cell in cells)


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _tags(row: Row, width: int) -> tuple[str, ...]:
    tags = _texts(row.cells)
    return (*tags[:width], *("" for _ in range(width - len(tags))))


def _padded(rows: Sequence[Row], width: int) -> list[Row]:
    return [
        row
        if len(row.cells) >= width
        else Row(row.number, row.cells + (None,) * (width - len(row.cells)))
        for row in rows
    ]
