"""`already-registered-nearby`: the same place under a similar name. For reviewers alone.

Shown to a submitter it would tell where other organisations work. It therefore never runs while
a submission is answered, so that neither the answer nor the time it takes depends on it: it runs
when a reviewer looks, against everything that is registered by then.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import ceil, cos, radians
from typing import Final
from uuid import UUID

from openhns.geodesy.distance import distance_m
from openhns.geodesy.position import Position
from openhns.mechanism.counting import pausing
from openhns.naming.folding import similarity
from openhns.registry.checks.finding import Finding, Verdict
from openhns.registry.register import Entry

NAME: Final = "already-registered-nearby"
REPEATED: Final = "default-coordinates"
ALIKE: Final = 0.85
_METRES_PER_DEGREE: Final = 110_574.0  # The shortest degree of latitude (WGS84), at the equator.
_E7: Final = 10_000_000
_NARROWEST: Final = 0.01
_MOST_NAMED: Final = 10

_Square = tuple[int, int]


class Grid:
    """Entries by square of the given reach, so that neighbours lie in nine squares at most."""

    def __init__(self, entries: Iterable[Entry], reach_m: int) -> None:
        self._reach_m = max(reach_m, 1)
        self._step = ceil(self._reach_m / _METRES_PER_DEGREE * _E7)
        self._squares: defaultdict[_Square, list[Entry]] = defaultdict(list)
        for entry in pausing(entries):
            for position in entry.sight.positions:
                self._squares[self._square(position, position.lat_e7 // self._step)].append(entry)

    def _square(self, position: Position, band: int) -> _Square:
        # Squares of one band share a width, which is that of the band's edge nearer to a pole.
        edge = max(abs(band), abs(band + 1)) * self._step / _E7
        width = ceil(self._step / max(cos(radians(min(edge, 90.0))), _NARROWEST))
        return band, position.lon_e7 // width

    def near(self, position: Position) -> Iterator[Entry]:
        """Yield every entry within reach, and some a little beyond it."""
        own = position.lat_e7 // self._step
        for band in (own - 1, own, own + 1):
            _, column = self._square(position, band)
            for neighbour in (column - 1, column, column + 1):
                yield from self._squares.get((band, neighbour), ())


def nearby_findings(
    looked_at: Sequence[Entry], grid: Grid, reach_m: int
) -> dict[UUID, list[Finding]]:
    """Return, by version, the findings on those entries that resemble an older one nearby.

    Of two alike the older one is left alone, unless the younger is cleared already. Metres are
    along the ellipsoid; the antimeridian divides.
    """
    found = {}
    for entry in looked_at:
        alike = _alike(entry, grid, reach_m)
        if alike:
            found[entry.version_id] = [_finding(alike)]
    return found


def _alike(entry: Entry, grid: Grid, reach_m: int) -> list[tuple[Entry, int, float]]:
    seen: dict[UUID, tuple[Entry, int, float]] = {}
    for position in entry.sight.positions:
        for other in grid.near(position):
            if other.listing_id in seen or not _comes_first(other, entry):
                continue
            alike = likeness(entry.sight.names, other.sight.names)
            if alike < ALIKE:
                continue
            metres = min(distance_m(position, there) for there in other.sight.positions)
            if metres <= reach_m:
                seen[other.listing_id] = (other, round(metres), alike)
    return list(seen.values())


def _comes_first(other: Entry, entry: Entry) -> bool:
    if other.listing_id == entry.listing_id:
        return False
    return other.cleared or other.age < entry.age


def likeness(names: Sequence[str], others: Sequence[str]) -> float:
    """Return how alike the two most alike names are, 0 to 1."""
    return max((similarity(a, b) for a in names for b in others), default=0.0)


def _finding(alike: Sequence[tuple[Entry, int, float]]) -> Finding:
    nearest = min(metres for _, metres, _ in alike)
    words = (
        f"{len(alike)} registered earlier under a similar name, the nearest {nearest} m away: "
        "is this one site under two names?"
    )
    others = [
        {
            "listing": str(other.listing_id),
            "organisation": str(other.organisation_id),
            "distance_m": metres,
            "likeness_percent": round(share * 100),
        }
        for other, metres, share in alike[:_MOST_NAMED]
    ]
    evidence = {"others": others, "count": len(alike)}
    return Finding(NAME, Verdict.WARN, "", words, evidence, reviewers_only=True)
