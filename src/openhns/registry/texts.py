"""One clean form for every text that is kept, and for the dates that people write."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext_noop as _

from openhns.proofs.marks import composed

# Controls, lone surrogates, non-characters, and marks that reverse the order of reading.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_BLANKS: Final = re.compile(r"\s+")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T]+(\d{1,2}:\d\d.*))?")
_MONTHS: Final = 12
_EARLIEST_YEAR: Final = 1900
_LATEST_YEAR: Final = 2200
_OUTSIDE: Final = _("The year lies outside 1900 to 2200.")


class DateUnreadable(ValueError):
    """A text is no date, or can be read as two different ones."""

    code = "date_unreadable"


def clean(text: str) -> str:
    """Return NFC text without unseen characters, blanks of every kind folded to one."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return _BLANKS.sub(" ", composed(_UNSEEN.sub("", text))).strip()


def fold_identifier(text: str) -> str:
    """Return the form under which an organisation's own identifier is found again."""
    return composed(clean(text).casefold())


def read_moment(cell: object, *, end: bool = False) -> datetime:
    """Read a date or a moment; times without a zone are UTC. Raises DateUnreadable.

    `end` makes a date without a time of day mean its last instant. Accepted are a
    spreadsheet's own dates, ISO 8601, and day, month, year where that order is certain.
    """
    if isinstance(cell, datetime):
        return _bounded(_zoned(cell), end=end and _is_midnight(cell))
    if isinstance(cell, date):
        return _bounded(datetime(cell.year, cell.month, cell.day, tzinfo=UTC), end=end)
    if not isinstance(cell, str):
        raise DateUnreadable(_("A date is missing, or is a bare number."))
    text = _iso(clean(cell))
    try:
        moment = _zoned(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise DateUnreadable(
            _("This is no date: write it as 2026-01-31 or 2026-01-31T08:00Z.")
        ) from (None)
    return _bounded(moment, end=end and ":" not in text)


def _is_midnight(cell: datetime) -> bool:
    return (cell.hour, cell.minute, cell.second, cell.tzinfo) == (0, 0, 0, None)


def _zoned(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _bounded(moment: datetime, *, end: bool) -> datetime:
    if not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
        raise DateUnreadable(_OUTSIDE)
    return moment + timedelta(days=1) - timedelta(microseconds=1) if end else moment


def _iso(text: str) -> str:
    match = _DAY_FIRST.fullmatch(text)
    if match is None:
        return text
    first, second, year, clock = match.groups()
    if int(first) <= _MONTHS and int(second) <= _MONTHS and first != second:
        raise DateUnreadable(_("Day and month cannot be told apart: write the date as 2026-01-31."))
    day, month = (first, second) if int(second) <= _MONTHS else (second, first)
    return f"{year}-{int(month):02}-{int(day):02}" + (f"T{clock.zfill(5)}" if clock else "")
