"""Places with their uncertainty: a disc around a position, or a cell of the vicinity grade."""

from dataclasses import dataclass
from math import inf, isfinite
from typing import Final

import numpy as np

from openhns.geodesy.cells import cell_centre, cell_holds, cell_outline, cell_reach_m
from openhns.geodesy.distance import distance_m, ellipsoid
from openhns.geodesy.position import Position

OUTLINE_SLACK_M: Final = 0.05
"""How far a point of a cell may lie outside the outline that is measured, by rounding."""


@dataclass(frozen=True, slots=True)
class Disc:
    """A position and the radius in metres within which the true place lies.

    A radius of None says that the precision is unknown: the true place may be anywhere. Raises
    ValueError for a radius that is negative or not finite.
    """

    position: Position
    radius_m: float | None

    def __post_init__(self) -> None:
        if self.radius_m is not None and not (isfinite(self.radius_m) and self.radius_m >= 0):
            raise ValueError("a radius is a finite number of metres, or None where it is unknown")


@dataclass(frozen=True, slots=True)
class Region:
    """A cell of the vicinity grade; the true place lies somewhere in it. Raises CellError."""

    cell: str

    def __post_init__(self) -> None:
        cell_centre(self.cell)


Where = Disc | Region


@dataclass(frozen=True, slots=True)
class Span:
    """Metres between two uncertain places: between their middles, the least and the greatest."""

    middle_m: float
    least_m: float
    greatest_m: float


def span(one: Where, other: Where) -> Span:
    """Measure between two uncertain places.

    Two discs: d - r1 - r2 (at least 0) and d + r1 + r2. A disc and a cell: from the distance of
    the disc's position to the cell's outline (0 inside it) and to its farthest vertex. Two cells:
    the first is taken as the disc around its centre that covers it.
    """
    if isinstance(one, Region) and isinstance(other, Region):
        one = Disc(cell_centre(one.cell), cell_reach_m(one.cell))
    if isinstance(one, Region):
        one, other = other, one
    if not isinstance(one, Disc):
        raise TypeError("a place is a Disc or a Region")
    if isinstance(other, Region):
        return _disc_to_cell(one, other)
    middle = distance_m(one.position, other.position)
    return _widened(middle, middle, middle, one.radius_m, other.radius_m)


def _disc_to_cell(disc: Disc, region: Region) -> Span:
    nearest, farthest = _to_outline(disc.position, cell_outline(region.cell))
    inside = cell_holds(region.cell, disc.position)
    least = 0.0 if inside else max(0.0, nearest - OUTLINE_SLACK_M)
    middle = distance_m(disc.position, cell_centre(region.cell))
    return _widened(middle, least, farthest + OUTLINE_SLACK_M, disc.radius_m)


def _widened(middle: float, least: float, greatest: float, *radii: float | None) -> Span:
    total = sum(inf if radius is None else radius for radius in radii)
    return Span(middle, max(0.0, least - total), greatest + total)


def _to_outline(position: Position, ring: list[Position]) -> tuple[float, float]:
    """Return metres from a position to the nearest point of a ring and to its farthest vertex.

    The ring is laid into the plane that is true in distance and bearing from the position. Edges
    of half a kilometre are straight in it to well under a millimetre.
    """
    lons, lats = [vertex.lon for vertex in ring], [vertex.lat for vertex in ring]
    start = [position.lon] * len(ring), [position.lat] * len(ring)
    bearings, _, metres = (np.asarray(each) for each in ellipsoid().inv(*start, lons, lats))
    vertices = np.stack([np.sin(np.radians(bearings)), np.cos(np.radians(bearings))], axis=1)
    vertices *= metres[:, np.newaxis]
    first, edge = vertices[:-1], np.diff(vertices, axis=0)
    length2 = np.maximum((edge**2).sum(axis=1), np.finfo(np.float64).tiny)
    along = np.clip(-(first * edge).sum(axis=1) / length2, 0.0, 1.0)
    nearest = np.hypot(*(first + along[:, np.newaxis] * edge).T).min()
    return float(nearest), float(metres.max())
