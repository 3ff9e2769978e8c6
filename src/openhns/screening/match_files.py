"""Two files of points in, all certain and possible pairs out. No database.

The rule is that of `matching`, for discs: see docs/matching.md.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

import numpy as np

from openhns.screening.pairs import Pairs, Points, near_pairs
from openhns.screening.point_files import PointFile, read_points

if TYPE_CHECKING:
    from array import array

    from numpy.typing import NDArray

HEADER: Final = "event_id,site_id,distance_m,verdict\n"
LARGEST_RADIUS_M: Final = 100_000.0
CERTAIN_AT_MOST_M: Final = 10_000.0
"""As in `matching`: a wider radius widens what is possible, never what is certain."""

_NEEDS_QUOTES: Final = re.compile(r'[",\r\n]|^\s|\s$')
_VERDICTS: Final = ("possible", "certain")


@dataclass(slots=True)
class Summary:
    """What was read and written; counts of rows and of pairs."""

    events: int
    sites: int
    refused_events: int
    refused_sites: int
    certain: int = 0
    possible: int = 0

    @property
    def pairs(self) -> int:
        return self.certain + self.possible


def match_files(
    events: Path, sites: Path, out: Path, radius_m: float, accuracy_m: float | None = None
) -> tuple[Summary, PointFile, PointFile]:
    """Match two files and write the pairs as CSV, whole or not at all.

    `radius_m` lies between 0 and 100,000. `accuracy_m` is taken for rows that state none; without
    it such a row makes no certain pair. Returns the counts and the two files, with the rows that
    were refused. Raises PointFileError for a file that cannot be read, OSError where the result
    cannot be written.
    """
    read = read_points(events), read_points(sites, lasting=True)
    summary = Summary(
        len(read[0].ids), len(read[1].ids), len(read[0].refused), len(read[1].refused)
    )
    with _written_whole(out) as file:
        file.write(HEADER)
        for lines in _lines(*read, radius_m, accuracy_m, summary):
            file.write(lines)
    return summary, *read


def _lines(
    events: PointFile,
    sites: PointFile,
    radius_m: float,
    accuracy_m: float | None,
    summary: Summary,
) -> Iterator[str]:
    names = [_quoted(name) for name in events.ids], [_quoted(name) for name in sites.ids]
    points = _points(events, accuracy_m), _points(sites, accuracy_m)
    for pairs in near_pairs(*points, radius_m):
        certain = _place_certain(pairs, *points, radius_m)
        if sites.timed:
            pairs, certain = _timed(pairs, certain, events, sites)  # noqa: PLW2901 - narrowed
        summary.certain += int(certain.sum())
        summary.possible += int((~certain).sum())
        columns = (pairs.event, pairs.site, pairs.distance_m, certain)
        yield "".join(
            f"{names[0][event]},{names[1][site]},{metres:.2f},{_VERDICTS[sure]}\n"
            for event, site, metres, sure in zip(*(each.tolist() for each in columns), strict=True)
        )


def _points(read: PointFile, accuracy_m: float | None) -> Points:
    stated = _numbers(read.accuracy_m)
    if accuracy_m is not None:
        stated = np.where(np.isnan(stated), accuracy_m, stated)
    return Points(_numbers(read.lats), _numbers(read.lons), stated)


def _numbers(column: "array[float]") -> "NDArray[np.float64]":
    return np.frombuffer(column, np.float64) if len(column) else np.empty(0)


def _place_certain(
    pairs: Pairs, events: Points, sites: Points, radius_m: float
) -> "NDArray[np.bool_]":
    """Judge the greatest distance. An unknown accuracy is NaN, and no comparison holds for it."""
    greatest = pairs.distance_m + events.accuracy_m[pairs.event] + sites.accuracy_m[pairs.site]
    certain: NDArray[np.bool_] = greatest <= min(radius_m, CERTAIN_AT_MOST_M)
    return certain


def _timed(
    pairs: Pairs, certain: "NDArray[np.bool_]", events: PointFile, sites: PointFile
) -> tuple[Pairs, "NDArray[np.bool_]"]:
    """Drop the pairs that had no moment in common, and keep as certain those surely held."""
    start, end = _numbers(events.starts)[pairs.event], _numbers(events.ends)[pairs.event]
    touch = start <= _numbers(sites.ends)[pairs.site]
    touch &= end >= _numbers(sites.starts)[pairs.site]
    within = _numbers(sites.sure_starts)[pairs.site] <= start
    within &= end < _numbers(sites.sure_ends)[pairs.site]
    certain = certain & within & np.isfinite(start)
    kept = Pairs(pairs.event[touch], pairs.site[touch], pairs.distance_m[touch])
    return kept, certain[touch]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if _NEEDS_QUOTES.search(name) else name


@contextmanager
def _written_whole(out: Path) -> Iterator[TextIO]:
    """Write a file beside its place, and move it there only when it is whole and on the disk."""
    handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(out.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
