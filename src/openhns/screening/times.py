"""Times with their uncertainty: an interval in which something happened or was held."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

_EARLIEST_ZONE: Final = timedelta(hours=14)
_LATEST_ZONE: Final = timedelta(hours=12)
"""Local time runs from UTC-12 to UTC+14; a local midnight lies this far around the one of UTC."""

_LONGEST: Final = 80


class IntervalError(ValueError):
    """An unusable time; `code` is `naive_time`, `ends_before_start` or `unreadable`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` to `end`, both aware; None is without bound on that side.

    For an event it is the time within which it happened, for a site the time during which a
    party held it. Raises IntervalError for naive times and for an end before the start.
    """

    start: datetime | None
    end: datetime | None

    def __post_init__(self) -> None:
        for bound in (self.start, self.end):
            if bound is not None and bound.utcoffset() is None:
                raise IntervalError("naive_time", "a time without its zone names no moment")
        if self.start is not None and self.end is not None and self.end < self.start:
            raise IntervalError("ends_before_start", "an interval ends before it starts")

    def lies_within(self, other: "Interval") -> bool:
        """Tell whether all of this interval lies in the other, whose end does not belong to it."""
        starts = other.start is None or (self.start is not None and other.start <= self.start)
        return starts and (other.end is None or (self.end is not None and self.end < other.end))

    def touches(self, other: "Interval") -> bool:
        """Tell whether the two have any moment in common, ends included."""
        after = self.start is not None and other.end is not None and self.start > other.end
        before = self.end is not None and other.start is not None and self.end < other.start
        return not (after or before)


def interval_of(text: str) -> Interval:
    """Read an ISO 8601 moment, day, or two of them parted by a slash, with what they leave open.

    A moment with its zone is exact. A day lasts 24 hours. A day or a moment without a zone is
    widened by every zone on earth: from 14 hours before to 12 hours after it in UTC. Raises
    IntervalError with code `unreadable` or `ends_before_start`.
    """
    first, slash, last = text[:_LONGEST].strip().partition("/")
    begin, end = _span(first), _span(last if slash else first)
    return Interval(begin.start, end.end)


def _span(text: str) -> Interval:
    text = text.strip()
    try:
        if len(text) <= len("2019-05-05"):
            day = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
            return Interval(day - _EARLIEST_ZONE, day + timedelta(days=1) + _LATEST_ZONE)
        moment = datetime.fromisoformat(text)
        if moment.utcoffset() is not None:
            return Interval(moment, moment)
        moment = moment.replace(tzinfo=UTC)
        return Interval(moment - _EARLIEST_ZONE, moment + _LATEST_ZONE)
    except (ValueError, OverflowError):
        raise IntervalError("unreadable", "no ISO 8601 date or time") from None
