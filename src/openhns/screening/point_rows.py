"""The rows of a file of points: each is taken whole, or refused by the code of its reason."""

from array import array
from dataclasses import dataclass, field
from datetime import datetime
from math import inf, isnan, nan
from typing import Any, Final

from openhns.geodesy.notation import read_position
from openhns.geodesy.position import E7, LAT_LIMIT_E7, LON_LIMIT_E7, PositionError
from openhns.screening.times import Interval, IntervalError, interval_of

COARSEST_M: Final = 100_000.0
"""An accuracy beyond this says no more than the name of a province; such rows are refused."""

LONGEST_ID: Final = 200


class RowError(Exception):
    """A row that is refused, by the stable code of its reason."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken; the header is row 1, so is the first feature of a GeoJSON."""

    row: int
    reason: str


@dataclass(slots=True)
class PointFile:
    """What was taken from a file, one entry per row in the order of the file.

    Degrees rounded to 1e-7; accuracy in metres, NaN where none is stated. Times in seconds since
    1970, infinite where open: from `starts` to `ends` at most, from `sure_starts` to `sure_ends`
    whatever was left open, such as the zone. `timed` tells whether the file has times at all,
    `numbered` that rows are known by their number.
    """

    timed: bool = False
    numbered: bool = False
    ids: list[str] = field(default_factory=list)
    lats: "array[float]" = field(default_factory=lambda: array("d"))
    lons: "array[float]" = field(default_factory=lambda: array("d"))
    accuracy_m: "array[float]" = field(default_factory=lambda: array("d"))
    starts: "array[float]" = field(default_factory=lambda: array("d"))
    ends: "array[float]" = field(default_factory=lambda: array("d"))
    sure_starts: "array[float]" = field(default_factory=lambda: array("d"))
    sure_ends: "array[float]" = field(default_factory=lambda: array("d"))
    refused: list[Refusal] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.ids) + len(self.refused)


Row = tuple[int, dict[str, Any] | str]
"""A row's number and its cells by our own column names, or the code of what is wrong with it."""


def take(points: PointFile, number: int, cells: dict[str, Any] | str, *, lasting: bool) -> None:
    """Append one row whole, or raise before anything is appended."""
    if isinstance(cells, str):
        raise RowError(cells)
    lat, lon = _degrees(cells["lat"], cells["lon"])
    accuracy_m = _accuracy(cells.get("accuracy") or "")
    times = times_of(cells.get("start") or "", cells.get("end") or "", lasting=lasting)
    points.ids.append(str(number) if points.numbered else _id(cells.get("id") or ""))
    points.lats.append(lat)
    points.lons.append(lon)
    points.accuracy_m.append(accuracy_m)
    kept = (points.starts, points.ends, points.sure_starts, points.sure_ends)
    for column, seconds in zip(kept, times, strict=True):
        column.append(seconds)


def _degrees(lat_cell: Any, lon_cell: Any) -> tuple[float, float]:
    try:
        lat, lon = float(lat_cell), float(lon_cell)
    except (ValueError, OverflowError):
        lat = lon = nan
    plain = "_" not in f"{lat_cell}{lon_cell}"
    if plain and abs(lat) <= LAT_LIMIT_E7 / E7 and abs(lon) <= LON_LIMIT_E7 / E7:
        return round(lat * E7) / E7, round(lon * E7) / E7
    try:  # Whatever is no plain decimal goes through the reader of all notations.
        position = read_position((lat_cell, lon_cell)).position
    except PositionError as error:
        raise RowError(f"position_{error.code}") from None
    return position.lat, position.lon


def _accuracy(cell: str) -> float:
    if not cell.strip():
        return nan
    try:
        metres = float(cell)
    except ValueError:
        metres = nan
    if isnan(metres) or metres < 0 or "_" in cell:
        raise RowError("accuracy_not_a_number")
    if metres > COARSEST_M:
        raise RowError("accuracy_too_coarse")
    return metres


def times_of(first: str, last: str, *, lasting: bool) -> tuple[float, float, float, float]:
    """Return start and end at the widest, then start and end at the narrowest."""
    if not (first.strip() or last.strip()):
        return -inf, inf, -inf, inf
    try:
        begin = interval_of(first) if first.strip() else Interval(None, None)
        final = interval_of(last) if last.strip() else Interval(None, None) if lasting else begin
    except IntervalError as error:
        raise RowError(f"time_{error.code}") from None
    widest = _seconds(begin.start, -inf), _seconds(final.end, inf)
    if widest[1] < widest[0]:
        raise RowError("time_ends_before_start")
    return *widest, _seconds(begin.end, -inf), _seconds(final.start, inf)


def _seconds(moment: datetime | None, otherwise: float) -> float:
    return otherwise if moment is None else moment.timestamp()


def _id(text: str) -> str:
    text = text.strip()
    if not text:
        raise RowError("id_empty")
    if len(text) > LONGEST_ID or not text.isprintable():
        raise RowError("id_unusable")
    return text
