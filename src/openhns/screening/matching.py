"""Was this struck place what a party had been told of, at that moment? Certain, possible or none.

Uncertainty counts on both sides: of the event's place and time, and of what the party held. The
geometry, with worked figures, stands in docs/matching.md.
"""

from dataclasses import dataclass
from math import isfinite
from typing import Final, Literal

from openhns.screening.places import Disc, Region, Span, Where, span
from openhns.screening.times import Interval

__all__ = [
    "LARGEST_BUFFER_M",
    "Disc",
    "Interval",
    "Match",
    "Reason",
    "Region",
    "Verdict",
    "Where",
    "screen",
]

Verdict = Literal["certain", "possible", "none"]
Reason = Literal[
    "place_certain",
    "place_possible",
    "place_none",
    "place_unknown",
    "time_certain",
    "time_possible",
    "time_none",
    "time_unknown",
]

LARGEST_BUFFER_M: Final = 10_000.0
"""Below every coarse grade of precision in use, so that "25 km" can never make a certain match."""

_ORDER: Final[tuple[Verdict, ...]] = ("none", "possible", "certain")


@dataclass(frozen=True, slots=True)
class Match:
    """The answer and what it rests on.

    `verdict` is the weaker of `place` and `time`. Distances are metres between the middles of the
    two places, the least and the greatest that the uncertainty allows; None where a place is
    unknown, infinite where a precision is. `reasons` holds one code for the place and one for the
    time.
    """

    verdict: Verdict
    place: Verdict
    time: Verdict
    distance_m: float | None
    least_m: float | None
    greatest_m: float | None
    reasons: tuple[Reason, Reason]


def screen(
    event_where: Where | None,
    event_when: Interval | None,
    held_where: Where | None,
    held_when: Interval,
    buffer_m: float,
) -> Match:
    """Match an event with what a party held. `buffer_m` is the policy's buffer, up to 10 km.

    Place: certain if even the greatest distance is within the buffer, possible if the least one
    is, else none. Time: certain if all of the event's interval lies within the time held,
    possible if they touch, else none. A place or time of None is unknown and never more than
    possible; the caller then asks only for sites in the country or area that the event names.
    Raises ValueError for a buffer that is negative, not finite or above 10 km.
    """
    if not (isfinite(buffer_m) and 0 <= buffer_m <= LARGEST_BUFFER_M):
        raise ValueError(f"a buffer lies between 0 and {LARGEST_BUFFER_M:.0f} m")
    measured = span(event_where, held_where) if event_where and held_where else None
    place, place_reason = _place(measured, buffer_m)
    time, time_reason = _time(event_when, held_when)
    return Match(
        verdict=min(place, time, key=_ORDER.index),
        place=place,
        time=time,
        distance_m=measured.middle_m if measured else None,
        least_m=measured.least_m if measured else None,
        greatest_m=measured.greatest_m if measured else None,
        reasons=(place_reason, time_reason),
    )


def _place(measured: Span | None, buffer_m: float) -> tuple[Verdict, Reason]:
    if measured is None or not isfinite(measured.greatest_m):
        return "possible", "place_unknown"
    if measured.greatest_m <= buffer_m:
        return "certain", "place_certain"
    if measured.least_m <= buffer_m:
        return "possible", "place_possible"
    return "none", "place_none"


def _time(event: Interval | None, held: Interval) -> tuple[Verdict, Reason]:
    if event is None or (event.start is None and event.end is None):
        return "possible", "time_unknown"
    if event.lies_within(held):
        return "certain", "time_certain"
    if event.touches(held):
        return "possible", "time_possible"
    return "none", "time_none"
