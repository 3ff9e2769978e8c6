"""The fixed cells of the vicinity grade: H3 cells about 1 km across in towns, up to 7 km elsewhere.

The partition is worldwide, made once from shipped reference data and named, so that the cell of a
point depends on nothing but the point: no register, no date and no other site can be read from it.
How it was made, and how far to trust it, stands in `data/README.md`.
"""

import gzip
import sys
from array import array
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate, islice
from json import loads
from typing import Final

import h3.api.basic_int as h3

from openhns.geodesy.position import E7, Position

PARTITION: Final = "vicinity-1"
"""Named in the policy and on notices; another way of cutting the world needs another name."""

_COARSEST: Final = 6
_MIDDLE: Final = 7
_FINEST: Final = 8
_DEEPEST: Final = 15
_CACHED_OUTLINES: Final = 20_000


class CellError(ValueError):
    """A text that names no cell of the vicinity grade. `code` is `no_such_cell`."""

    code: Final = "no_such_cell"

    def __init__(self) -> None:
        super().__init__(f"not an H3 cell of resolution {_COARSEST} to {_FINEST}")


@dataclass(frozen=True, slots=True)
class _Partition:
    """The codes of the cells that are split, by resolution."""

    coarse: frozenset[int]
    middle: frozenset[int]


def vicinity_cell(position: Position) -> str:
    """Return the H3 index of the one cell of the partition in which a position lies."""
    finest: int = h3.latlng_to_cell(position.lat, position.lon, _FINEST)
    partition = _partition()
    if _code(finest, _COARSEST) not in partition.coarse:
        return str(h3.int_to_str(h3.cell_to_parent(finest, _COARSEST)))
    if _code(finest, _MIDDLE) not in partition.middle:
        return str(h3.int_to_str(h3.cell_to_parent(finest, _MIDDLE)))
    return str(h3.int_to_str(finest))


def cell_outline(cell: str) -> list[Position]:
    """Return the cell's outline as a closed ring, the first position again at its end.

    It is the outline of the cell's children of resolution 8 together, for those decide which
    points belong to the cell: H3's own hexagon of a coarser cell leaves some of them out. Every
    point of the cell lies inside or within 5 cm (rounding to 1e-7 degree, and edges that are
    straight on H3's projection). Where the ring crosses the antimeridian its longitudes jump.
    Raises CellError.
    """
    return list(_outline(cell))


def cell_centre(cell: str) -> Position:
    """Return the centre that H3 gives the cell. Raises CellError."""
    lat, lon = h3.cell_to_latlng(_index(cell))
    return Position.from_degrees(lat, lon)


def cell_reach_m(cell: str) -> float:
    """Return the greatest distance in metres from the centre to the outline. Raises CellError."""
    from openhns.geodesy.distance import distances_m  # noqa: PLC0415 - its libraries load slowly.

    centre, ring = cell_centre(cell), _outline(cell)
    lats, lons = [vertex.lat for vertex in ring], [vertex.lon for vertex in ring]
    return float(distances_m(centre.lat, centre.lon, lats, lons).max())


def cell_holds(cell: str, position: Position) -> bool:
    """Tell exactly whether a position belongs to a cell, by H3 itself. Raises CellError."""
    index = _index(cell)
    finest = h3.latlng_to_cell(position.lat, position.lon, _FINEST)
    return bool(h3.cell_to_parent(finest, h3.get_resolution(index)) == index)


def _index(cell: str) -> int:
    try:
        index = int(cell, 16)
    except (TypeError, ValueError):
        raise CellError from None
    if not (0 < index < 1 << 63 and h3.is_valid_cell(index) and h3.int_to_str(index) == cell):
        raise CellError
    if not _COARSEST <= h3.get_resolution(index) <= _FINEST:
        raise CellError
    return index


@lru_cache(maxsize=_CACHED_OUTLINES)
def _outline(cell: str) -> tuple[Position, ...]:
    shape = h3.cells_to_h3shape(h3.cell_to_children(_index(cell), _FINEST))
    # Plainly rounded: an outline of 110 corners must not cost milliseconds, nor 1 cm of a corner.
    ring = [Position(round(lat * E7), round(lon * E7)) for lat, lon in shape.outer]
    return (*ring, ring[0])


def _code(cell: int, resolution: int) -> int:
    """Return the base cell and the digits down to a resolution, as the data file holds them."""
    return cell >> (3 * (_DEEPEST - resolution)) & ((1 << (7 + 3 * resolution)) - 1)


@cache
def _partition() -> _Partition:
    packed = files("openhns.geodesy").joinpath(f"data/{PARTITION}.gz").read_bytes()
    head, _, body = gzip.decompress(packed).partition(b"\n")
    counts = loads(head)
    steps = array("I", body)
    if sys.byteorder == "big":
        steps.byteswap()
    coarse = islice(steps, counts["split_6"])
    middle = islice(steps, counts["split_6"], None)
    return _Partition(frozenset(accumulate(coarse)), frozenset(accumulate(middle)))
