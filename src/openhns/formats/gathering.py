"""Gather the rows of one file within its limits, holding each repeated text once."""

from collections.abc import Sequence

from openhns.formats.errors import (
    CellTooLongError,
    FileTooLargeError,
    TooManyColumnsError,
    TooManyRowsError,
)
from openhns.formats.values import Cell, Limits, Row

_SHARED_CHARS = 48
_SHARED_TEXTS = 100_000
# A spreadsheet's own greatest row number: blank rows may not count without end either.
_GREATEST_NUMBER = 1_048_576
ABOVE_DATA = 30


class Gatherer:
    """Takes rows one by one, drops blank ones, and raises where a limit is passed."""

    def __init__(self, limits: Limits) -> None:
        self.rows: list[Row] = []
        self._limits = limits
        self._shared: dict[str, str] = {}
        self._chars = 0

    def add(self, number: int, cells: Sequence[Cell]) -> None:
        """Keep a row unless it is blank; trailing empty cells are dropped."""
        if number > _GREATEST_NUMBER:
            raise self._too_many_rows()
        kept = [self._cell(number, cell) for cell in cells]
        while kept and kept[-1] is None:
            kept.pop()
        if all(map(_is_blank, kept)):
            return
        if len(kept) > self._limits.columns:
            raise TooManyColumnsError(
                f"Row {number} has {len(kept)} columns; at most {self._limits.columns} are read. "
                "Remove the columns that are not needed.",
                row=number,
                limit=self._limits.columns,
            )
        self.rows.append(Row(number, tuple(kept)))
        if len(self.rows) > self._limits.rows + ABOVE_DATA:
            raise self._too_many_rows()

    def _cell(self, number: int, cell: Cell) -> Cell:
        if not isinstance(cell, str):
            return cell
        if not cell:
            return None
        if len(cell) > _SHARED_CHARS:
            self._measure(number, cell)
            return cell
        if len(self._shared) < _SHARED_TEXTS:
            return self._shared.setdefault(cell, cell)
        return self._shared.get(cell, cell)

    def _measure(self, number: int, cell: str) -> None:
        if len(cell) > self._limits.cell_chars:
            raise CellTooLongError(
                f"Row {number} has a cell of {len(cell)} characters; at most "
                f"{self._limits.cell_chars} are read. Shorten it, or look for a quotation mark "
                "that is missing there.",
                row=number,
                limit=self._limits.cell_chars,
            )
        self._chars += len(cell)
        if self._chars > self._limits.text_chars:
            raise FileTooLargeError(
                "The file holds more text than can be read at once. Divide it into several files."
            )

    def _too_many_rows(self) -> TooManyRowsError:
        return too_many_rows(self._limits)


def too_many_rows(limits: Limits) -> TooManyRowsError:
    """Return the error for a file with more rows than are read."""
    return TooManyRowsError(
        f"The file has more than {limits.rows} rows; nothing was read. "
        "Divide it into several files, each with its header.",
        limit=limits.rows,
    )


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
