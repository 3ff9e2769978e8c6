"""`position-parses`: the position can be read, in decimal degrees, degrees and minutes, or MGRS."""

from typing import Final

from django.utils.translation import gettext_noop as _

from openhns.registry.checks.finding import Finding, Verdict, not_checked, passed
from openhns.registry.spots import Spot

NAME: Final = "position-parses"
_WORDS: Final = {
    "not_a_number": _("The position holds no number."),
    "not_finite": _("The position is no finite number (NaN or infinity)."),
    "out_of_range": _(
        "The position lies outside the world: a latitude has at most 90 degrees, a "
        "longitude at most 180."
    ),
    "ambiguous": _(
        "The position can be read in more than one way: write it as decimal degrees, "
        "latitude and longitude apart."
    ),
    "unreadable": _(
        "The position is in no known notation: write decimal degrees, degrees and "
        "minutes, or a grid reference (MGRS)."
    ),
}


def words_of_fault(code: str) -> str:
    """Return why a position cannot be read, by the code of its fault."""
    return _WORDS.get(code, _WORDS["unreadable"])


def position_parses(spot: Spot) -> Finding:
    if spot.reading is not None:
        return passed(NAME, spot.field)
    if spot.fault == "empty":
        return not_checked(NAME, spot.field, _("no position was given"))
    words = words_of_fault(spot.fault)
    evidence = {"code": spot.fault, "detail": spot.words}
    return Finding(NAME, Verdict.FAIL, spot.field, words, evidence)
