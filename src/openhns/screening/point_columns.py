"""The quick way for blocks of rows without any fault; whatever is doubtful is left to `take`."""

from collections.abc import Sequence
from functools import lru_cache, partial
from math import inf, nan
from typing import TYPE_CHECKING, Final

import numpy as np

from openhns.geodesy.position import E7, LAT_LIMIT_E7, LON_LIMIT_E7
from openhns.screening.point_rows import COARSEST_M, LONGEST_ID, PointFile, RowError, times_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

Columns = dict[str, tuple[str, ...]]
_CACHED_TIMES: Final = 10_000


def take_block(points: PointFile, first: int, cells: Columns, *, lasting: bool) -> bool:
    """Append a block of rows, or nothing and return False where any cell needs a closer look.

    `first` is the number of the block's first row. What is appended is what `take` would append.
    """
    try:
        lats, lons = (
            _degrees(cells["lat"], LAT_LIMIT_E7 / E7),
            _degrees(cells["lon"], LON_LIMIT_E7 / E7),
        )
        count = len(lats)
        ids = _ids(cells["id"]) if "id" in cells else [*map(str, range(first, first + count))]
        accuracy_m = _accuracies(cells["accuracy"]) if "accuracy" in cells else np.full(count, nan)
        times = _all_times(cells, count, lasting=lasting)
    except (ValueError, OverflowError, RowError):
        return False
    points.ids.extend(ids)
    points.lats.frombytes(lats.tobytes())
    points.lons.frombytes(lons.tobytes())
    points.accuracy_m.frombytes(accuracy_m.tobytes())
    kept = (points.starts, points.ends, points.sure_starts, points.sure_ends)
    for column, seconds in zip(kept, times, strict=True):
        column.frombytes(seconds.tobytes())
    return True


def _degrees(texts: Sequence[str], limit: float) -> "NDArray[np.float64]":
    degrees = np.fromiter(map(float, texts), np.float64, len(texts))
    if not (np.abs(degrees) <= limit).all() or "_" in "".join(texts):
        raise ValueError
    return np.asarray(np.round(degrees * E7) / E7)


def _accuracies(texts: Sequence[str]) -> "NDArray[np.float64]":
    stated = [float(text) if text else nan for text in texts]
    metres = np.array(stated, np.float64)
    known = metres[~np.isnan(metres)]
    if len(known) + texts.count("") != len(texts) or "_" in "".join(texts):
        raise ValueError
    if not ((known >= 0) & (known <= COARSEST_M)).all():
        raise ValueError
    return metres


def _ids(texts: Sequence[str]) -> list[str]:
    ids = [text.strip() for text in texts]
    if not all(ids) or max(map(len, ids)) > LONGEST_ID or not "".join(ids).isprintable():
        raise ValueError
    return ids


def _all_times(cells: Columns, count: int, *, lasting: bool) -> "NDArray[np.float64]":
    """Return starts and ends, widest and narrowest, shape (4, count)."""
    if "start" not in cells and "end" not in cells:
        return np.repeat(np.array([[-inf], [inf], [-inf], [inf]]), count, axis=1)
    blank = [""] * count
    both = cells.get("start", blank), cells.get("end", blank)
    rows = list(map(partial(_cached_times, lasting=lasting), *both))
    return np.ascontiguousarray(np.array(rows, np.float64).T)


@lru_cache(maxsize=_CACHED_TIMES)
def _cached_times(first: str, last: str, *, lasting: bool) -> tuple[float, float, float, float]:
    return times_of(first, last, lasting=lasting)
