"""The outlines of countries, read from the data file into shapely geometries on first use."""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PIECE: Final = 32
"""Points in a piece of a border. Short pieces make the tree tell near from far."""

_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Outlines:
    """Polygons and, for each, the number of its unit; countries and note by unit.

    A unit is an area in which the same countries are accepted: one country, or several where
    more than one claims it or a territory has a code of its own.
    """

    polygons: "NDArray[np.object_]"
    unit_of_polygon: "NDArray[np.intp]"
    iso3_of_unit: tuple[tuple[str, ...], ...]
    note_of_unit: tuple[str, ...]
    tree: shapely.STRtree

    def units_with(self, iso3: str) -> list[int]:
        return [unit for unit, codes in enumerate(self.iso3_of_unit) if iso3 in codes]


@dataclass(frozen=True, slots=True)
class Borders:
    """The outlines' rings in short pieces, and the unit of each piece."""

    pieces: "NDArray[np.object_]"
    unit_of_piece: "NDArray[np.intp]"
    tree: shapely.STRtree


@cache
def outlines() -> Outlines:
    """Read the data file once (some 0.3 s)."""
    head, coordinates = _read()
    sizes = [n for unit in head["units"] for polygon in unit["rings"] for n in polygon]
    rings = shapely.linearrings(coordinates, indices=np.repeat(np.arange(len(sizes)), sizes))
    counts = [len(polygon) for unit in head["units"] for polygon in unit["rings"]]
    polygons = shapely.polygons(rings, indices=np.repeat(np.arange(len(counts)), counts))
    per_unit = [len(unit["rings"]) for unit in head["units"]]
    return Outlines(
        polygons=polygons,
        unit_of_polygon=np.repeat(np.arange(len(per_unit)), per_unit),
        iso3_of_unit=tuple(tuple(unit["iso3"]) for unit in head["units"]),
        note_of_unit=tuple(unit["note"] for unit in head["units"]),
        tree=shapely.STRtree(polygons),
    )


@cache
def borders() -> Borders:
    """Cut the rings into pieces once (some 0.2 s)."""
    known = outlines()
    coordinates, ring = shapely.get_coordinates(
        shapely.get_rings(known.polygons), return_index=True
    )
    rings, polygon_of_ring = shapely.get_rings(known.polygons, return_index=True)
    first = np.searchsorted(ring, np.arange(len(rings)))
    place = np.arange(len(ring)) - first[ring]
    piece_in_ring = place // _PIECE
    # A piece ends where the next one starts, so its last point is taken into both.
    joint = np.flatnonzero((place % _PIECE == 0) & (place > 0))
    owner_ring = np.concatenate([ring, ring[joint]])
    owner_piece = np.concatenate([piece_in_ring, piece_in_ring[joint] - 1])
    order = np.lexsort((np.concatenate([place, place[joint]]), owner_piece, owner_ring))
    keys = np.stack([owner_ring[order], owner_piece[order]], axis=1)
    starts = np.r_[True, (np.diff(keys, axis=0) != 0).any(axis=1)]
    number = np.cumsum(starts) - 1
    enough = np.bincount(number)[number] > 1
    number = np.unique(number[enough], return_inverse=True)[1]
    points = np.concatenate([coordinates, coordinates[joint]])[order][enough]
    pieces = shapely.linestrings(points, indices=number)
    ring_of_piece = keys[enough][np.r_[True, np.diff(number) > 0], 0]
    units = known.unit_of_polygon[polygon_of_ring[ring_of_piece]]
    return Borders(pieces, units, shapely.STRtree(pieces))


def _read() -> tuple[dict[str, Any], "NDArray[np.float64]"]:
    """Return the head and the coordinates in degrees, shape (points, 2)."""
    packed = files("openhns.gazetteer").joinpath("data/countries.gz").read_bytes()
    line, _, body = gzip.decompress(packed).partition(b"\n")
    head = json.loads(line)
    planes = np.frombuffer(body, np.uint8).reshape(2, _BYTES, head["points"])
    steps = np.ascontiguousarray(planes.transpose(0, 2, 1)).view("<i4")[..., 0]
    quanta = np.cumsum(steps, axis=1, dtype=np.int64)
    degrees: NDArray[np.float64] = quanta.T * np.array(head["scale"]) + np.array(head["shift"])
    return head, degrees
