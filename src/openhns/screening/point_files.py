"""Points from a CSV or GeoJSON file, read strictly: each row is taken, or refused with a reason."""

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from openhns.screening.point_columns import take_block
from openhns.screening.point_rows import PointFile, Refusal, Row, RowError, take

__all__ = ["COLUMNS", "PointFile", "PointFileError", "Refusal", "read_points"]

COLUMNS: Final = {
    "lat": ("lat", "latitude", "y"),
    "lon": ("lon", "long", "lng", "longitude", "x"),
    "id": ("id", "event_id", "site_id", "uuid", "osm_id", "sind event id"),
    "accuracy": ("accuracy_m", "accuracy", "radius_m", "uncertainty_m"),
    "start": ("time", "start", "valid_from", "from", "datetime", "date"),
    "end": ("time_end", "end", "valid_until", "valid_to", "to", "until"),
}
_REQUIRED: Final = ("lat", "lon")
_DELIMITERS: Final = ",;\t"
_LONGEST_FIELD: Final = 1_000_000
_BLOCK: Final = 1_000
"""Rows at once; few enough to stay in the processor's cache."""


class PointFileError(Exception):
    """A file that cannot be read at all. `code` is stable; the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


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
        points = _empty(set(columns))
        number = 2
        while block := list(islice(reader, _BLOCK)):
            cells = _by_column(block, columns, len(header))
            if cells is None or not take_block(points, number, cells, lasting=lasting):
                _take_each(points, _csv_rows(block, number, columns, len(header)), lasting=lasting)
            number += len(block)
        return points


def _by_column(
    block: list[list[str]], columns: dict[str, int], width: int
) -> dict[str, tuple[str, ...]] | None:
    if set(map(len, block)) != {width}:
        return None
    whole = list(zip(*block, strict=True))
    return {name: whole[index] for name, index in columns.items()}


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


def _csv_rows(
    block: list[list[str]], first: int, columns: dict[str, int], width: int
) -> Iterator[Row]:
    for number, cells in enumerate(block, start=first):
        if not cells or (number == 2 and _is_hxl(cells)):  # noqa: PLR2004 - row 2 of a sheet
            continue
        if len(cells) != width:
            yield number, "row_of_other_width"
        else:
            yield number, {name: cells[index] for name, index in columns.items()}


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
    points = _empty(present)
    _take_each(points, rows, lasting=lasting)
    return points


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


def _empty(columns: set[str]) -> PointFile:
    return PointFile(timed=bool({"start", "end"} & columns), numbered="id" not in columns)


def _take_each(points: PointFile, rows: Iterable[Row], *, lasting: bool) -> None:
    for number, cells in rows:
        try:
            take(points, number, cells, lasting=lasting)
        except RowError as refusal:
            points.refused.append(Refusal(number, str(refusal)))
