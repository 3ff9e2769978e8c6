"""Drawings that the server makes: figures for the lines, and the words that say the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from openhns.record.models import Log, Tick

WIDTH: Final = 1_000
HEIGHT: Final = 200
_POINTS: Final = 60


@dataclass(frozen=True, slots=True)
class Growth:
    """How a log grew: a path to draw, and where it begins and ends."""

    path: str
    start: datetime
    end: datetime
    size: int


def growth(log: Log) -> Growth | None:
    """Return the drawing of a log's growth over time; None before the second tick."""
    step = max(1, log.ticks // _POINTS)
    numbers = {*range(1, log.ticks + 1, step), log.ticks}
    found = Tick.objects.filter(log=log, number__in=numbers).order_by("number")
    points = list(found.values_list("made_at", "size"))
    if len(points) < 2 or points[0][0] == points[-1][0]:  # noqa: PLR2004 - a line has two ends.
        return None
    (start, _), (end, size) = points[0], points[-1]
    at = [round(WIDTH * ((made_at - start) / (end - start))) for made_at, _ in points]
    high = [HEIGHT - round(HEIGHT * each / size) for _, each in points]
    path = f"M0 {high[0]}" + "".join(f"H{x}V{y}" for x, y in zip(at, high, strict=True))
    return Growth(path, start, end, size)
