"""`default-coordinates`: the position was measured, not filled in by a form or a program."""

from typing import Final

from django.utils.translation import gettext_noop as _

from openhns.gazetteer.defaults import is_default, is_round
from openhns.registry.checks.case import SpotCase
from openhns.registry.checks.finding import Finding, Verdict, passed

NAME: Final = "default-coordinates"
_ZERO: Final = _("The position is 0, 0: forms write that where nothing was measured.")
_WORDS: Final = {
    "whole_degrees": _("The position is in whole degrees: was it measured?"),
    "country_centre": _(
        "This is the middle of a country, which programs fill in where nothing better is known."
    ),
    "one_axis": _("One of the two coordinates is exactly 0: was it measured?"),
}


def default_coordinates(case: SpotCase) -> Finding:
    """Fail at 0, 0; warn on whole degrees, a country's middle, and a point used many times.

    Only the organisation's own register is counted: another's would be given away. The middle of
    a country is found by its outline alone.
    """
    field, blind = case.spot.field, bool(case.batch.why_not)
    reason = is_round(case.position) if blind else is_default(case.position)
    if reason == "zero":
        return Finding(NAME, Verdict.FAIL, field, _ZERO, {"reason": reason})
    if reason is None and 0 in (case.position.lat_e7, case.position.lon_e7):
        return Finding(NAME, Verdict.WARN, field, _WORDS["one_axis"], {"reason": "one_axis"})
    if reason is not None:
        return Finding(NAME, Verdict.WARN, field, _WORDS[reason], {"reason": reason})
    times = case.batch.points.get(case.position, 0)
    if times < case.batch.repeated_point:
        return case.without_reference(NAME) if blind else passed(NAME, field)
    words = f"{times} entries of this register stand at this very position: was it measured?"
    return Finding(NAME, Verdict.WARN, field, words, {"reason": "repeated", "times": times})
