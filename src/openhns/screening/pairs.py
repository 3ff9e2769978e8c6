"""All pairs of two sets of points that may lie within a buffer of each other, in bulk.

Sites are sorted along rows of equal latitude; for an event, those that can be near stand together
in three neighbouring rows. Candidates pass a coarse test in the plane, what is left is measured on
the ellipsoid. Numpy releases Python's lock in all of it, so chunks of events run in threads.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from openhns.geodesy.nearby import FARTHEST_M, HIGHEST_LATITUDE, near_distances_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_METRES_PER_DEGREE_NORTH: Final = 110_500.0
_METRES_PER_DEGREE_EAST: Final = 111_300.0
"""A little less than the least on the ellipsoid (along the meridian, and along the equator)."""

_ROW_STRIDE: Final = 2048.0
_KEY_SHIFT: Final = 540.0
_KEY_SLACK_DEG: Final = 1e-6
_LEAST_REACH_M: Final = 50.0
"""Keeps the number of rows, and with it the rounding of keys, small."""

_COARSE_SLACK: Final = 1.02
_COARSE_REACH_M: Final = 20_000.0
_EVENTS_PER_CHUNK: Final = 16_384
_CANDIDATES_AT_ONCE: Final = 1 << 18
_FINEST_CLASS_M: Final = 250.0
_HALF_TURN_DEG: Final = 180.0
_DISTANCE_BITS: Final = 44


@dataclass(frozen=True, slots=True)
class Points:
    """Positions in degrees and accuracy in metres, NaN where it is unknown; all of shape (n,)."""

    lats: "Floats"
    lons: "Floats"
    accuracy_m: "Floats"

    def __len__(self) -> int:
        return len(self.lats)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Indices of event and site, and metres between their points; all of shape (n,)."""

    event: "Ints"
    site: "Ints"
    distance_m: "Floats"


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Sites of about one accuracy, sorted by row and longitude, for reaches up to `reach_m`."""

    keys: "Floats"
    site: "Ints"
    lats: "Floats"
    lons: "Floats"
    margin_m: "Floats"
    row_deg: float
    reach_m: float


@dataclass(frozen=True, slots=True)
class _Work:
    """What every chunk needs: the events, their class of accuracy, and the shelves per class."""

    events: Points
    margin_m: "Floats"
    class_of_event: "Ints"
    shelves: dict[int, list[_Shelf]]
    buffer_m: float


def near_pairs(
    events: Points, sites: Points, buffer_m: float, threads: int | None = None
) -> Iterator[Pairs]:
    """Give all pairs whose points lie within buffer + both accuracies, in chunks of events.

    An unknown accuracy counts as 0 here: such a pair is listed by its points. Chunks come in the
    order of the events, and in each the pairs are ordered by event, then distance.
    Coordinates must be finite and in range. Distances agree with the geodesic to a millimetre.
    """
    margin_m = np.nan_to_num(events.accuracy_m)
    work = _Work(events, margin_m, _class_of(margin_m), {}, buffer_m)
    for each, greatest_m in _greatest(margin_m).items():
        work.shelves[each] = _shelves(sites, buffer_m + greatest_m)
    starts = range(0, len(events), _EVENTS_PER_CHUNK)
    yield from _in_threads(partial(_chunk, work), starts, threads or _processors())


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _in_threads(
    task: Callable[[int], Pairs], starts: Iterable[int], threads: int
) -> Iterator[Pairs]:
    """Run tasks ahead of the reader, but only a few, so that results do not pile up."""
    waiting: deque[Future[Pairs]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for start in starts:
            waiting.append(pool.submit(task, start))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _class_of(margin_m: "Floats") -> "Ints":
    """Sort accuracies into steps of four, so that one coarse point does not slow all the others."""
    steps = np.maximum(margin_m, _FINEST_CLASS_M) / _FINEST_CLASS_M
    return np.ceil(np.log2(steps) / 2).astype(np.int64)


def _greatest(margin_m: "Floats") -> dict[int, float]:
    classes = _class_of(margin_m)
    return {int(each): float(margin_m[classes == each].max()) for each in np.unique(classes)}


def _shelves(sites: Points, reach_m: float) -> list[_Shelf]:
    margin_m = np.nan_to_num(sites.accuracy_m)
    classes = _class_of(margin_m)
    return [
        _shelf(sites, margin_m, np.flatnonzero(classes == each), reach_m + greatest_m)
        for each, greatest_m in _greatest(margin_m).items()
    ]


def _shelf(sites: Points, margin_m: "Floats", members: "Ints", reach_m: float) -> _Shelf:
    reach_m = max(_LEAST_REACH_M, reach_m)
    row_deg = reach_m / _METRES_PER_DEGREE_NORTH
    lats, lons = sites.lats[members], sites.lons[members]
    # What lies near the antimeridian stands on the shelf twice, a full turn apart.
    wide = _reach_east_deg(lats, reach_m, 2 * row_deg)
    east, west = lons > _HALF_TURN_DEG - wide, lons < wide - _HALF_TURN_DEG
    taken = np.concatenate([np.arange(len(members)), np.flatnonzero(east), np.flatnonzero(west)])
    turned = np.repeat([0.0, -360.0, 360.0], [len(members), east.sum(), west.sum()])
    lats, lons = lats[taken], lons[taken] + turned
    keys = np.floor((lats + 90) / row_deg) * _ROW_STRIDE + lons + _KEY_SHIFT
    order = np.argsort(keys, kind="stable")
    site = members[taken[order]]
    return _Shelf(keys[order], site, lats[order], lons[order], margin_m[site], row_deg, reach_m)


def _reach_east_deg(lats: "Floats", reach_m: float, north_deg: float) -> "Floats":
    """Return by how many degrees of longitude a point within reach may differ at most."""
    highest = np.minimum(np.abs(lats) + north_deg, 90.0)
    narrow = np.maximum(np.cos(np.radians(highest)), 1e-9)
    return np.minimum(reach_m / (_METRES_PER_DEGREE_EAST * narrow) + _KEY_SLACK_DEG, _HALF_TURN_DEG)


def _chunk(work: _Work, start: int) -> Pairs:
    chunk = slice(start, start + _EVENTS_PER_CHUNK)
    classes = work.class_of_event[chunk]
    found = [
        pairs
        for each in np.unique(classes).tolist()
        for shelf in work.shelves[each]
        for pairs in _search(work, start + np.flatnonzero(classes == each), shelf)
    ]
    if not found:
        return Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    event = np.concatenate([pairs.event for pairs in found])
    site = np.concatenate([pairs.site for pairs in found])
    distance_m = np.concatenate([pairs.distance_m for pairs in found])
    # One integer per pair, event before hundredths of a millimetre, sorts faster than two keys.
    order = np.argsort(((event - start) << _DISTANCE_BITS) + (distance_m * 1e5).astype(np.int64))
    event, site, distance_m = event[order], site[order], distance_m[order]
    # Near a pole a site's two places on the shelf can both be met, at one distance.
    twice = np.r_[False, (np.diff(event) == 0) & (np.diff(site) == 0)]
    return Pairs(event[~twice], site[~twice], distance_m[~twice])


def _search(work: _Work, members: "Ints", shelf: _Shelf) -> Iterator[Pairs]:
    lats, lons = work.events.lats[members], work.events.lons[members]
    row = np.floor((lats + 90) / shelf.row_deg) * _ROW_STRIDE + lons + _KEY_SHIFT
    order = np.argsort(row)  # Neighbours in space are then neighbours in memory.
    members, lats, row = members[order], lats[order], row[order]
    wide = _reach_east_deg(lats, shelf.reach_m, shelf.row_deg)
    steps = np.array([-_ROW_STRIDE, 0.0, _ROW_STRIDE])[:, np.newaxis]
    first = np.searchsorted(shelf.keys, row + steps - wide).ravel()
    counts = np.searchsorted(shelf.keys, row + steps + wide, side="right").ravel() - first
    owners = np.tile(members, len(steps))
    upto = np.cumsum(counts)
    cuts = np.searchsorted(upto, np.arange(0, upto[-1], _CANDIDATES_AT_ONCE), side="right")
    for low, high in pairwise([*cuts.tolist(), len(counts)]):
        yield _measured(work, shelf, owners[low:high], first[low:high], counts[low:high])


def _measured(work: _Work, shelf: _Shelf, owners: "Ints", first: "Ints", counts: "Ints") -> Pairs:
    """Spread ranges of the shelf into candidates, and keep those that are near enough."""
    ends = np.cumsum(counts)
    event = np.repeat(owners, counts)
    place = np.arange(len(event)) + np.repeat(first - ends + counts, counts)
    lats, lons = work.events.lats[event], work.events.lons[event]
    limit_m = work.buffer_m + work.margin_m[event] + shelf.margin_m[place]
    if shelf.reach_m <= _COARSE_REACH_M and not (np.abs(lats) > HIGHEST_LATITUDE).any():
        north = (shelf.lats[place] - lats) * _METRES_PER_DEGREE_NORTH
        narrow = np.cos(np.radians(lats)) * _METRES_PER_DEGREE_EAST
        east = (shelf.lons[place] - lons) * narrow
        near = north * north + east * east <= (_COARSE_SLACK * limit_m) ** 2
        event, place, lats, lons = event[near], place[near], lats[near], lons[near]
        limit_m = limit_m[near]
    distance_m = _distances_m(lats, lons, shelf.lats[place], shelf.lons[place])
    kept = distance_m <= limit_m
    return Pairs(event[kept], shelf.site[place[kept]], distance_m[kept])


def _distances_m(
    lats: "Floats", lons: "Floats", other_lats: "Floats", other_lons: "Floats"
) -> "Floats":
    """Measure by the short formulae, and by the geodesic where those do not reach."""
    metres = near_distances_m(lats, lons, other_lats, other_lons)
    beyond = (metres > 0.9 * FARTHEST_M) | (np.abs(lats) > HIGHEST_LATITUDE - 1)
    if beyond.any():
        from openhns.geodesy.distance import distances_m  # noqa: PLC0415 - slow to load, seldom used

        metres[beyond] = distances_m(
            lats[beyond], lons[beyond], other_lats[beyond], other_lons[beyond]
        )
    return metres
