"""Positions that a form, a phone or a geocoder fills in where nobody measured."""

from functools import cache
from math import cos, radians
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import shapely

from openhns.gazetteer.outlines import outlines
from openhns.geodesy.distance import distances_m
from openhns.geodesy.position import E7, Position

if TYPE_CHECKING:
    from numpy.typing import NDArray

DefaultReason = Literal["zero", "whole_degrees", "country_centre"]
CENTRE_M: Final = 1_000.0
"""How near to a computed centre counts: two makers' centres of a country differ by about that."""

_ZERO_E7: Final = 10_000
_WINDOW_DEG: Final = 0.02


def is_default(position: Position) -> DefaultReason | None:
    """Say why a position looks filled in by default, or None.

    `zero`: within 0.001 degree of 0, 0. `whole_degrees`: latitude and longitude both without a
    fraction. `country_centre`: within 1 km of the centroid of a country's outline, or of the
    middle of its bounding box.
    """
    return is_round(position) or ("country_centre" if _at_a_centre(position) else None)


def is_round(position: Position) -> DefaultReason | None:
    """Say which of the two reasons that need no outlines a position has, or None."""
    if abs(position.lat_e7) <= _ZERO_E7 and abs(position.lon_e7) <= _ZERO_E7:
        return "zero"
    if position.lat_e7 % E7 == 0 and position.lon_e7 % E7 == 0:
        return "whole_degrees"
    return None


def _at_a_centre(position: Position) -> bool:
    lats, lons = _centres().T
    east = np.abs((lons - position.lon + 180) % 360 - 180) * max(cos(radians(position.lat)), 0.01)
    near = (np.abs(lats - position.lat) < _WINDOW_DEG) & (east < _WINDOW_DEG)
    if not near.any():
        return False
    metres = distances_m(position.lat, position.lon, lats[near], lons[near])
    return bool((metres <= CENTRE_M).any())


@cache
def _centres() -> "NDArray[np.float64]":
    """Return latitude and longitude of every centre, shape (n, 2)."""
    known = outlines()
    found = []
    for iso3 in sorted({code for codes in known.iso3_of_unit for code in codes}):
        mine = np.isin(known.unit_of_polygon, known.units_with(iso3))
        whole = shapely.multipolygons(known.polygons[mine])
        centroid = shapely.centroid(whole)
        west, south, east, north = shapely.bounds(whole)
        found.append((centroid.y, centroid.x))
        found.append(((south + north) / 2, (west + east) / 2))
    return np.array(found)
