"""Points from a CSV or GeoJSON file, read strictly: each row is taken, or refused with a reason."""

import csv
import json
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import inf, isnan, nan
from pathlib import Path
from typing import Any, Final

from openhns.geodesy.notation import read_position
from openhns.geodesy.position import E7, LAT_LIMIT_E7, LON_LIMIT_E7, PositionError
from openhns.screening.times import Interval, IntervalError, interval_of

COARSEST_M: Final = 100_000.0
"""An accuracy beyond this says no more than the name of a province; such rows are refused."""

COLUMNS: Final = {
    "lat": ("lat", "latitude", "y"),
    "lon": ("lon", "long", "lng", "longitude", "x"),
    "id": ("id", "event_id", "site_id", "uuid", "osm_id", "sind event id"),
    "accuracy": ("accuracy_m", "accuracy", "precision_m", "radius_m", "uncertainty_m"),
    "start": ("time", "start", "valid_from", "from", "datetime", "date"),
    "end": ("time_end", "end", "valid_to", "to", "until"),
}
_REQUIRED: Final = ("lat", "lon")
_DELIMITERS: Final = ",;\t"
_LONGEST_ID: Final = 200
_LONGEST_FIELD: Final = 1_000_000


class PointFileError(Exception):
    """A file that cannot be read at all. `code` is stable; the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class _RowError(Exception):
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


def read_points(path: Path, *, lasting: bool = False) -> PointFile:
    """Read a CSV (UTF-8, with a header) or a GeoJSON FeatureCollection of points.

    Columns are found by name, without regard to case: latitude and longitude, and where present
    id, accuracy in metres, time and its end. Without an id the row's number serves. A time without
    its end is a moment, or, where rows are `lasting`, a time since when. Raises PointFileError with
    code `unreadable`, `empty`, `not_utf8`, `no_columns` or `not_geojson`.
    """
    try:
        return _read(path, lasting=lasting)
    except OSError as error:
        code, message = "unreadable", f"the file cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        code, message = "not_utf8", "the file is not UTF-8; save it as CSV UTF-8"
    except csv.Error as error:
        code, message = "unreadable", f"this is no CSV: {error}"
    except PointFileError as error:
        code, message = error.code, str(error)
    raise PointFileError(code, f"{path}: {message}")


def _read(path: Path, *, lasting: bool) -> PointFile:
    with path.open("rb") as file:
        first = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if not first:
        raise PointFileError("empty", "the file is empty")
    return _geojson(path, lasting=lasting) if first == b"{" else _csv(path, lasting=lasting)


def _csv(path: Path, *, lasting: bool) -> PointFile:
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding="utf-8-sig", newline="") as file:
        first_line = file.readline()
        file.seek(0)
        reader = csv.reader(file, delimiter=max(_DELIMITERS, key=first_line.count))
        header = next(reader)
        columns = _columns(header)
        rows = _csv_rows(reader, columns, len(header))
        return _taken(rows, set(columns), lasting=lasting)


def _columns(header: list[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    found = {}
    for column, spellings in COLUMNS.items():
        known = [names.index(spelling) for spelling in spellings if spelling in names]
        if known:
            found[column] = known[0]
    missing = [column for column in _REQUIRED if column not in found]
    if missing:
        wanted = " and ".join(f"{name} ({', '.join(COLUMNS[name])})" for name in missing)
        raise PointFileError("no_columns", f"the header has no column {wanted}")
    return found


def _csv_rows(reader: Iterator[list[str]], columns: dict[str, int], width: int) -> Iterator[Row]:
    picked = list(columns.items())
    for number, cells in enumerate(reader, start=2):
        if not cells or (number == 2 and _is_hxl(cells)):  # noqa: PLR2004 - row 2 of a sheet
            continue
        if len(cells) != width:
            yield number, "row_of_other_width"
        else:
            yield number, {name: cells[index] for name, index in picked}


def _is_hxl(cells: list[str]) -> bool:
    return any(cells) and all(not cell or cell.startswith("#") for cell in cells)


def _geojson(path: Path, *, lasting: bool) -> PointFile:
    try:
        whole = json.loads(path.read_bytes().decode("utf-8-sig"))
        features = whole["features"] if whole["type"] == "FeatureCollection" else None
    except (ValueError, KeyError, TypeError, RecursionError):
        features = None
    if not isinstance(features, list):
        raise PointFileError("not_geojson", "this is no GeoJSON FeatureCollection")
    rows = list(enumerate((_feature(feature) for feature in features), start=1))
    present = {name for _, row in rows if isinstance(row, dict) for name in row}
    return _taken(rows, present, lasting=lasting)


def _feature(feature: Any) -> dict[str, Any] | str:
    """Return the cells of a feature, or the code of what is wrong with it."""
    if not isinstance(feature, dict):
        return "not_a_feature"
    geometry, properties = feature.get("geometry"), feature.get("properties") or {}
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return "not_a_point"
    place = geometry.get("coordinates")
    if not isinstance(place, list) or len(place) < len(_REQUIRED):
        return "not_a_point"
    if any(isinstance(axis, bool) or not isinstance(axis, int | float) for axis in place[:2]):
        return "not_a_number"
    cells: dict[str, Any] = {"lon": place[0], "lat": place[1]}
    lower = {str(key).lower(): value for key, value in properties.items()}
    for column in ("id", "accuracy", "start", "end"):
        for spelling in COLUMNS[column]:
            if lower.get(spelling) is not None:
                cells.setdefault(column, str(lower[spelling]))
    if feature.get("id") is not None:
        cells["id"] = str(feature["id"])
    return cells


def _taken(rows: Iterable[Row], columns: set[str], *, lasting: bool) -> PointFile:
    points = PointFile(timed="start" in columns, numbered="id" not in columns)
    for number, cells in rows:
        try:
            _take(points, number, cells, lasting=lasting)
        except _RowError as refusal:
            points.refused.append(Refusal(number, str(refusal)))
    return points


def _take(points: PointFile, number: int, cells: dict[str, Any] | str, *, lasting: bool) -> None:
    """Append one row whole, or raise before anything is appended."""
    if isinstance(cells, str):
        raise _RowError(cells)
    lat, lon = _degrees(cells["lat"], cells["lon"])
    accuracy_m = _accuracy(cells.get("accuracy") or "")
    times = _times(cells.get("start") or "", cells.get("end") or "", lasting=lasting)
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
        raise _RowError(f"position_{error.code}") from None
    return position.lat, position.lon


def _accuracy(cell: str) -> float:
    if not cell.strip():
        return nan
    try:
        metres = float(cell)
    except ValueError:
        metres = nan
    if isnan(metres) or metres < 0:
        raise _RowError("accuracy_not_a_number")
    if metres > COARSEST_M:
        raise _RowError("accuracy_too_coarse")
    return metres


def _times(first: str, last: str, *, lasting: bool) -> tuple[float, float, float, float]:
    """Return start and end at the widest, then start and end at the narrowest."""
    if not (first.strip() or last.strip()):
        return -inf, inf, -inf, inf
    try:
        begin = interval_of(first) if first.strip() else Interval(None, None)
        final = interval_of(last) if last.strip() else Interval(None, None) if lasting else begin
    except IntervalError as error:
        raise _RowError(f"time_{error.code}") from None
    widest = _seconds(begin.start, -inf), _seconds(final.end, inf)
    if widest[1] < widest[0]:
        raise _RowError("time_ends_before_start")
    return *widest, _seconds(begin.end, -inf), _seconds(final.start, inf)


def _seconds(moment: datetime | None, otherwise: float) -> float:
    return otherwise if moment is None else moment.timestamp()


def _id(text: str) -> str:
    text = text.strip()
    if not text:
        raise _RowError("id_empty")
    if len(text) > _LONGEST_ID or not text.isprintable():
        raise _RowError("id_unusable")
    return text
