"""The date that a description opens with, against the date that its row states.

Descriptions of this kind begin with a date: "30 April 2023: ...", "December 2023: ...", "As
reported on 21 August 2023: ...", "Between 04 and 23 August 2023: ...". In the real file some
ninety rows contradict themselves; neither date is then known to be the wrong one.
"""

import re
from dataclasses import dataclass

from openhns.incidents import moments
from openhns.incidents.errors import MomentUnreadable
from openhns.incidents.moments import Moment

_OPENING = re.compile(
    r"\s*(?P<how>(?:as\s+)?reported(?:\s+on|\s+in)?,?\s+|around\s+|circa\s+|before\s+)?"
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+)?(?P<month>[a-z]+)\s+(?P<year>\d{4})\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*between\s+(?P<first>\d{1,2})\s*(?:and|-)\s*(?P<last>\d{1,2})\s+"
    r"(?P<month>[a-z]+)\s+(?P<year>\d{4})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the opening words say: a moment, and whether it is a report's date or a rough one."""

    moment: Moment
    reported: bool = False
    around: bool = False


def read_opening(description: str) -> Opening | None:
    """Read the opening words, or nothing where they hold no date that is known."""
    try:
        return _between(description) or _plain(description)
    except MomentUnreadable:
        return None


def _between(description: str) -> Opening | None:
    match = _BETWEEN.match(description)
    if match is None:
        return None
    first = moments.of_words(match["year"], match["month"], match["first"])
    return Opening(
        first.hull(moments.of_words(match["year"], match["month"], match["last"])), around=True
    )


def _plain(description: str) -> Opening | None:
    match = _OPENING.match(description)
    if match is None:
        return None
    how = (match["how"] or "").casefold()
    moment = moments.of_words(match["year"], match["month"], match["day"])
    return Opening(
        moment, "reported" in how or "before" in how, how.startswith(("around", "circa"))
    )


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The moment that both dates leave open, and what was noticed: a code, or nothing."""

    moment: Moment
    noticed: str = ""


def reconcile(stated: Moment, description: str) -> Reconciled:
    """Widen a row's date by what the description says; never narrow it.

    `reported_date`: the date is that of a report, so only the end is known. `rough_date`: the
    description calls the date rough or a range. `dates_differ`: two dates contradict each other.
    """
    opening = read_opening(description)
    if opening is None:
        return Reconciled(stated)
    both = stated.hull(opening.moment)
    if opening.reported:
        return Reconciled(moments.before(both), "reported_date")
    if opening.around:
        rough = opening.moment if opening.moment.form == "days" else moments.around(both)
        return Reconciled(stated.hull(rough), "rough_date")
    if stated.within(opening.moment) or opening.moment.within(stated):
        return Reconciled(stated)
    return Reconciled(both, "dates_differ")
