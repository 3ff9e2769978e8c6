"""What a file becomes once read: a table of untouched cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

MIB = 1024 * 1024

# A spreadsheet's date without a time of day is read as a datetime at midnight.
Cell = str | int | float | bool | datetime | date | time | timedelta | None


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on a file from outside; sizes in bytes, lengths in characters, times in seconds."""

    file_bytes: int = 100 * 1000 * 1000
    unpacked_bytes: int = 400 * MIB
    json_bytes: int = 50 * 1000 * 1000
    rows: int = 200_000
    columns: int = 500
    cell_chars: int = 32_767
    text_chars: int = 256 * MIB
    archive_members: int = 2_000
    reader_memory_bytes: int = 1024 * MIB
    reader_seconds: int = 120


class Row(NamedTuple):
    """One row; `number` counts from 1 as a person sees it in the sheet, blank rows included.

    `cells` is at least as long as the header; what stands beyond it has no header.
    """

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as it was read.

    `rows` leaves blank rows out, their numbers are kept. `preamble` holds what stood above the
    header. `hxl` has one entry per header, "" where a column has no tag. `notes` tells a person
    what was decided while reading (encoding, sheet, extension). `formulas` gives, by row number,
    the source of each formula by its column (from 0); the cell is the value last calculated, and
    None where the file has none.
    """

    header: tuple[str, ...]
    hxl: tuple[str, ...] | None
    rows: Sequence[Row]
    sha256: str
    format: str
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int = 1
    hxl_row: int | None = None
    preamble: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    formulas: Mapping[int, Mapping[int, str]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def row_count(self) -> int:
        """Return how many rows hold data."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """Return the number of columns that any row uses."""
        widest = max((len(row.cells) for row in self.rows), default=0)
        return max(widest, len(self.header), *(len(row.cells) for row in self.preamble), 0)


@dataclass(frozen=True, slots=True)
class RawTable:
    """What a format's reader hands on: numbered rows, blank ones left out, and its facts."""

    rows: Sequence[Row]
    format: str
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    notes: tuple[str, ...] = ()
    formulas: Mapping[int, Mapping[int, str]] = field(default_factory=lambda: MappingProxyType({}))
