"""Integers of 1e-7 degree as decimal text, without the noise of binary fractions."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openhns.formats.errors import NotWritableError

_UNIT = 10_000_000
_MOST_LAT, _MOST_LON = 90 * _UNIT, 180 * _UNIT
_DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "Polygon": 2,
    "MultiLineString": 2,
    "MultiPolygon": 3,
}


def decimal_degrees(value_e7: int) -> str:
    """Return 1e-7 degrees as the shortest exact decimal with at least one digit after the point.

    >>> decimal_degrees(-79450400)
    '-7.94504'
    """
    whole, fraction = divmod(abs(value_e7), _UNIT)
    digits = f"{fraction:07d}".rstrip("0") or "0"
    return f"{'-' if value_e7 < 0 else ''}{whole}.{digits}"


def geometry_json(geometry: Mapping[str, Any] | None) -> str:
    """Return a GeoJSON geometry (RFC 7946, section 3.1) whose positions are [lon, lat] in 1e-7."""
    if geometry is None:
        return "null"
    written = _nested(geometry, lambda lon, lat: f"[{lon},{lat}]", lambda parts: f"[{parts}]")
    return f'{{"type":"{geometry["type"]}","coordinates":{written}}}'


def geometry_wkt(geometry: Mapping[str, Any]) -> str:
    """Return a geometry as well-known text (OGC 06-103r4, section 7)."""
    written = _nested(geometry, lambda lon, lat: f"{lon} {lat}", lambda parts: f"({parts})")
    text = f"({written})" if geometry["type"] == "Point" else written
    return f"{geometry['type'].upper()} {text}"


def json_text(value: Any) -> str:
    """Return a value as compact JSON; floats are refused, for their text is not exact."""
    _refuse_floats(value)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return writable(text)


def writable(text: str) -> str:
    """Return the text, or raise NotWritableError where it holds half a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotWritableError("A text holds a character that no file can hold.") from error
    return text


def _nested(
    geometry: Mapping[str, Any], point: Callable[[str, str], str], group: Callable[[str], str]
) -> str:
    kind = geometry.get("type")
    if kind not in _DEPTHS:
        raise NotWritableError("A geometry is of a type that bundles do not hold.")

    def written(part: Any, depth: int) -> str:
        if depth == 0:
            return point(*_lon_lat(part))
        if not isinstance(part, Sequence) or not part:
            raise NotWritableError("A geometry has an empty or misplaced list of positions.")
        return group(",".join(written(inner, depth - 1) for inner in part))

    return written(geometry.get("coordinates"), _DEPTHS[kind])


def _lon_lat(position: Any) -> tuple[str, str]:
    match position:
        case [int() as lon, int() as lat] if (
            not isinstance(lon, bool)
            and not isinstance(lat, bool)
            and abs(lon) <= _MOST_LON
            and abs(lat) <= _MOST_LAT
        ):
            return decimal_degrees(lon), decimal_degrees(lat)
    raise NotWritableError("A position is not [longitude, latitude] in whole 1e-7 degrees.")


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise NotWritableError("A property is a binary fraction; give it as text or an integer.")
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)
