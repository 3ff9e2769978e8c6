"""When an attack was, as an interval in which it lies for certain if the source is right.

A day without a time zone may begin fourteen hours before 00:00 UTC (Kiribati, UTC+14) and end
twelve hours after 24:00 UTC (Baker Island, UTC-12): a date alone gives fifty hours. A month
gives its days, widened alike. A time of day without a zone gives its minute, widened alike.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from openhns.incidents.errors import MomentUnreadable

EASTERNMOST: Final = timedelta(hours=14)
WESTERNMOST: Final = timedelta(hours=12)
AROUND: Final = timedelta(days=7)
"""What "around" a day is taken to mean, on either side. A convention of ours."""

_MONTHS_EN = "january february march april may june july august september october november december"
_MONTHS_FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
_MONTHS: Final = {
    word: number
    for names in (_MONTHS_EN, _MONTHS_FR)
    for number, name in enumerate(names.split(), start=1)
    for word in (name, name[:3])
} | {"fevrier": 2, "aout": 8, "decembre": 12, "sept": 9, "juil": 7}
_ISO = re.compile(
    r"(\d{4})-(\d\d)(?:-(\d\d)(?:[t ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)\s?(z|[+-]\d\d:?\d\d)?)?)?"
)
_NUMBERS = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_DAY_MONTH = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th|er)?\s+)?([^\W\d_]+)\.?,?\s+(\d{4})")
_MONTH_DAY = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})\s+([^\W\d_]+)")
_CLOCK = re.compile(r"([01]?\d|2[0-3])\s?[:h]\s?([0-5]\d)(?::([0-5]\d))?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """From `start` (None: nobody knows how long before) to `end`, and how it was stated.

    `form` is `instant`, `minute`, `day`, `days`, `month`, `year` or `before`.
    """

    start: datetime | None
    end: datetime
    form: str

    def hull(self, other: "Moment") -> "Moment":
        """Return the shortest moment that holds both."""
        unknown = self.start is None or other.start is None
        starts = [start for start in (self.start, other.start) if start is not None]
        return Moment(
            None if unknown else min(starts),
            max(self.end, other.end),
            "before" if unknown else "days",
        )

    def within(self, other: "Moment") -> bool:
        if other.start is not None and (self.start is None or self.start < other.start):
            return False
        return self.end <= other.end


def of_days(first: date, last: date, form: str = "days") -> Moment:
    """Return the hull of calendar days in any time zone on Earth."""
    midnight = datetime.combine(first, time(), UTC)
    after = datetime.combine(last, time(), UTC) + timedelta(days=1)
    return Moment(midnight - EASTERNMOST, after + WESTERNMOST, form)


def of_day(day: date) -> Moment:
    return of_days(day, day, "day")


def of_month(year: int, month: int) -> Moment:
    last = calendar.monthrange(year, month)[1]
    return of_days(date(year, month, 1), date(year, month, last), "month")


def around(moment: Moment) -> Moment:
    start = None if moment.start is None else moment.start - AROUND
    return Moment(start, moment.end + AROUND, "days")


def before(moment: Moment) -> Moment:
    """Return a moment of which only the end is known, as where a source gives a report's date."""
    return replace(moment, start=None, form="before")


def of_clock(day: date, clock: time) -> Moment:
    """Return a local minute of a day whose time zone nobody stated."""
    start = datetime.combine(day, clock.replace(tzinfo=None, second=0, microsecond=0), UTC)
    end = start + timedelta(minutes=1)
    return Moment(start - EASTERNMOST, end + WESTERNMOST, "minute")


def read_moment(cell: object) -> Moment:
    """Read a cell that holds a date; raise MomentUnreadable. Midnight is a date without time.

    A date in numbers that can be read day first or month first becomes the hull of both.
    """
    if isinstance(cell, datetime):
        return _of_datetime(cell)
    if isinstance(cell, date):
        return of_day(_sane(cell.year, cell.month, cell.day))
    if not isinstance(cell, str):
        raise MomentUnreadable("The date is neither a date nor a text.")
    readings = list(_readings(" ".join(cell.casefold().split())))
    if not readings:
        raise MomentUnreadable("The date is in no form that is known.")
    first, *others = readings
    for other in others:
        first = first.hull(other)
    return first


def read_clock(cell: object) -> time | None:
    """Read a time of day, or nothing where the cell holds none that is known."""
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    match = _CLOCK.fullmatch(str(cell).strip().casefold())
    return time(int(match[1]), int(match[2]), int(match[3] or 0)) if match else None


def _of_datetime(cell: datetime) -> Moment:
    _sane(cell.year, cell.month, cell.day)
    if cell.time() == time():
        return of_day(cell.date())
    if cell.tzinfo is None:
        return of_clock(cell.date(), cell.time())
    start = cell.astimezone(UTC)
    return Moment(start, start, "instant")


def _readings(text: str) -> Iterator[Moment]:
    """Yield every moment that a text can mean; a text in an unknown form yields none."""
    if match := _ISO.fullmatch(text):
        yield _of_iso(*match.groups())
    elif match := _NUMBERS.fullmatch(text):
        first, second, year = (int(part) for part in match.groups())
        yield from _of_numbers(first, second, year)
    elif match := _DAY_MONTH.fullmatch(text):
        yield of_words(match[3], match[2], match[1])
    elif match := _MONTH_DAY.fullmatch(text):
        yield of_words(match[3], match[1], match[2])
    elif match := _YEAR_MONTH.fullmatch(text):
        yield of_words(match[1], match[2], None)
    elif re.fullmatch(r"\d{4}", text):
        year = _sane(int(text), 1, 1).year
        yield of_days(date(year, 1, 1), date(year, 12, 31), "year")


def _of_iso(year: str, month: str, day: str | None, clock: str | None, zone: str | None) -> Moment:
    if day is None:
        return of_month(_sane(int(year), int(month), 1).year, int(month))
    stated = _sane(int(year), int(month), int(day))
    if clock is None:
        return of_day(stated)
    try:
        moment = datetime.fromisoformat(f"{stated}T{clock[:15]}{(zone or '').upper()}")
    except ValueError:
        raise MomentUnreadable("The date names an hour or minute that does not exist.") from None
    return _of_datetime(moment)


def _of_numbers(first: int, second: int, year: int) -> Iterator[Moment]:
    if first > _MONTHS_IN_YEAR and second > _MONTHS_IN_YEAR:
        raise MomentUnreadable("The date names a month that does not exist.")
    if second <= _MONTHS_IN_YEAR:
        yield of_day(_sane(year, second, first))
    if first <= _MONTHS_IN_YEAR and first != second:
        yield of_day(_sane(year, first, second))


def of_words(year: str, month: str, day: str | None) -> Moment:
    """Return the day or month that words name; raise MomentUnreadable for no known month."""
    number = _MONTHS.get(month.casefold())
    if number is None:
        raise MomentUnreadable("The date names no month that is known.")
    if day is None:
        return of_month(_sane(int(year), number, 1).year, number)
    return of_day(_sane(int(year), number, int(day)))


def _sane(year: int, month: int, day: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise MomentUnreadable("The date lies in no year that can be meant.")
    try:
        return date(year, month, day)
    except ValueError:
        raise MomentUnreadable("The date names a day that does not exist.") from None
