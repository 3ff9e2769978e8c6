"""In which country a point lies, by Natural Earth 1:10m, with a stated tolerance at the borders.

Boundaries here are no statement on the status of any territory: where several countries claim an
area, a point in it counts as inside each of them. See `data/README.md`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import shapely

from openhns.gazetteer.names import Country, country
from openhns.gazetteer.outlines import borders, outlines
from openhns.geodesy.distance import distances_m
from openhns.geodesy.position import Position

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "TOLERANCE_M",
    "Country",
    "Inside",
    "NoOutlineError",
    "countries_of",
    "country",
    "country_at",
    "has_outline",
    "inside",
    "insides",
    "note_at",
    "on_land",
]

TOLERANCE_M: Final = 5_000.0
"""The borders are drawn for maps of 1:10,000,000 and thinned; real ones run within this of them."""

_METRES_PER_DEGREE: Final = 110_000.0
_SMALLEST_COSINE: Final = 0.01
_FAR_FIELD: Final = 8
"""How many border pieces, nearest in degrees, are measured for a point far outside."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Whether a point lies in a country: `yes`, `near` (outside by up to 5 km) or `no`.

    `distance_m` is 0 inside, else the way to the outline along the ellipsoid; beyond the tolerance
    it is good to a few per cent. `note` names an area with several claimants or its own name.
    """

    verdict: Literal["yes", "near", "no"]
    distance_m: float
    note: str = ""


class NoOutlineError(LookupError):
    """There is no outline for this ISO code, so nothing can be said. `code` is `no_outline`."""

    code: Final = "no_outline"

    def __init__(self) -> None:
        super().__init__("the gazetteer holds no outline for this country code")


def has_outline(iso3: str) -> bool:
    """Tell whether `inside` can answer for an ISO 3166-1 alpha-3 code."""
    return bool(outlines().units_with(iso3))


def countries_of(lats: "ArrayLike", lons: "ArrayLike") -> list[tuple[str, ...]]:
    """Return the countries in which each point lies, by ISO 3166-1 alpha-3.

    Degrees, both of shape (n,). A tuple is empty at sea or where a coordinate is NaN, and has
    several codes where several countries are accepted. 100,000 points take about a second.
    """
    codes = outlines().iso3_of_unit
    return [codes[unit] if unit >= 0 else () for unit in _units_of(lats, lons).tolist()]


def country_at(position: Position) -> list[tuple[str, float]]:
    """Return the countries of a point: (iso3, metres outside), nearest first.

    Those in which it lies come with 0.0, those whose outline is within the tolerance with their
    distance. Empty far out at sea.
    """
    found: dict[str, float] = {}
    for unit, metres in _near_units(position).items():
        for iso3 in outlines().iso3_of_unit[unit]:
            found[iso3] = min(metres, found.get(iso3, metres))
    for iso3 in countries_of([position.lat], [position.lon])[0]:
        found[iso3] = 0.0
    return sorted(found.items(), key=lambda item: (item[1], item[0]))


def inside(position: Position, iso3: str) -> Inside:
    """Judge one point against one country. Raises NoOutlineError for a code without an outline."""
    return insides([position.lat], [position.lon], [iso3])[0]


def insides(lats: "ArrayLike", lons: "ArrayLike", iso3s: Sequence[str]) -> list[Inside]:
    """Judge many points, each against its own country; three sequences of one length (n,).

    Raises NoOutlineError for a code without an outline, ValueError for a coordinate that is NaN.
    """
    lats, lons = np.asarray(lats, np.float64), np.asarray(lons, np.float64)
    if np.isnan(lats).any() or np.isnan(lons).any():
        raise ValueError("a coordinate is missing")
    known = outlines()
    wanted = {iso3: frozenset(known.units_with(iso3)) for iso3 in set(iso3s)}
    if not all(wanted.values()):
        raise NoOutlineError
    units = _units_of(lats, lons).tolist()
    return [
        Inside("yes", 0.0, known.note_of_unit[unit])
        if unit in wanted[iso3]
        else _outside(lat, lon, wanted[iso3])
        for lat, lon, unit, iso3 in zip(lats.tolist(), lons.tolist(), units, iso3s, strict=True)
    ]


def on_land(position: Position) -> Inside:
    """Tell whether a point lies on land: in any country, lakes included, or within 5 km of one."""
    unit = int(_units_of([position.lat], [position.lon])[0])
    if unit >= 0:
        return Inside("yes", 0.0, outlines().note_of_unit[unit])
    return _outside(position.lat, position.lon, frozenset(range(len(outlines().iso3_of_unit))))


def note_at(position: Position) -> str:
    """Return the name of the area with several claimants in which a point lies, or nothing."""
    unit = int(_units_of([position.lat], [position.lon])[0])
    return outlines().note_of_unit[unit] if unit >= 0 else ""


def _units_of(lats: "ArrayLike", lons: "ArrayLike") -> "NDArray[np.intp]":
    """Return the unit of each point, -1 for none."""
    known = outlines()
    points = shapely.points(np.asarray(lons, np.float64), np.asarray(lats, np.float64))
    units = np.full(len(points), -1, np.intp)
    if len(points) <= len(known.polygons):
        point, polygon = known.tree.query(points, predicate="intersects")
    else:  # A tree of many points is asked once per polygon, which is then prepared.
        polygon, point = shapely.STRtree(points).query(known.polygons, predicate="intersects")
    units[point] = known.unit_of_polygon[polygon]
    return units


def _outside(lat: float, lon: float, wanted: frozenset[int]) -> Inside:
    """Measure how far outside a point lies that is in none of the wanted units."""
    near = _near_units(Position.from_degrees(lat, lon))
    metres = min((near[unit] for unit in wanted if unit in near), default=None)
    if metres is not None:
        return Inside("near", metres)
    return Inside("no", max(TOLERANCE_M, _far_m(lat, lon, wanted)))


def _near_units(position: Position) -> dict[int, float]:
    """Return the units whose border runs within the tolerance, with the distance in metres."""
    lat, lon = position.lat, position.lon
    narrow = max(_SMALLEST_COSINE, cos(radians(lat)))
    reach = TOLERANCE_M / _METRES_PER_DEGREE
    box = shapely.box(lon - reach / narrow, lat - reach, lon + reach / narrow, lat + reach)
    pieces = borders().tree.query(box)
    if not len(pieces):
        return {}
    metres = _metres_to(lat, lon, borders().pieces[pieces])
    found: dict[int, float] = {}
    for unit, distance in zip(borders().unit_of_piece[pieces].tolist(), metres, strict=True):
        if distance <= TOLERANCE_M:
            found[unit] = min(distance, found.get(unit, distance))
    return found


def _far_m(lat: float, lon: float, wanted: frozenset[int]) -> float:
    pieces = _pieces_of(wanted)
    by_degrees = shapely.distance(pieces, shapely.Point(lon, lat))
    nearest = np.argsort(by_degrees)[:_FAR_FIELD]
    return min(_metres_to(lat, lon, pieces[nearest]))


@lru_cache(maxsize=64)
def _pieces_of(wanted: frozenset[int]) -> "NDArray[np.object_]":
    known = borders()
    pieces: NDArray[np.object_] = known.pieces[np.isin(known.unit_of_piece, list(wanted))]
    return pieces


def _metres_to(lat: float, lon: float, pieces: "NDArray[np.object_]") -> list[float]:
    """Measure to the nearest point of each piece, found in a plane true to shape at the point."""
    narrow = max(_SMALLEST_COSINE, cos(radians(lat)))
    plane = shapely.transform(pieces, lambda xy: (xy - (lon, lat)) * (narrow, 1.0))
    origin = shapely.Point(0.0, 0.0)
    nearest = shapely.line_interpolate_point(plane, shapely.line_locate_point(plane, origin))
    lons, lats = shapely.get_x(nearest) / narrow + lon, shapely.get_y(nearest) + lat
    metres: list[float] = distances_m(lat, lon, lats, lons).tolist()
    return metres
