"""`required-fields`: what no site or movement can do without is there."""

from typing import Final

from django.utils.translation import gettext_noop as _

from openhns.formats.faults import NO_VALUE
from openhns.registry.checks.finding import Finding, Verdict, passed
from openhns.registry.drafts import Draft
from openhns.registry.facts import POSITION_NAMES

NAME: Final = "required-fields"
_LABELS: Final = {
    "name": _("The name of the site is missing."),
    "reference": _("The name or reference of the movement is missing."),
    "position": _("The position is missing: give latitude and longitude, or a grid reference."),
    "origin_position": _("The position of the origin is missing."),
    "destination_position": _("The position of the destination is missing."),
    "departure": _("The date and time of departure is missing."),
    "arrival": _("The date and time of arrival is missing."),
}
_STOP: Final = _("The position of this stop is missing.")
_NO_VALUE: Final = f"This cell {NO_VALUE.words}."


def required_fields(draft: Draft) -> list[Finding]:
    """Fail once for each field that is missing."""
    if not draft.missing:
        return [passed(NAME, "")]
    valueless = {fault.field for fault in draft.faults if fault.code == NO_VALUE.code}
    return [Finding(NAME, Verdict.FAIL, name, _words(name, valueless)) for name in draft.missing]


def _words(name: str, valueless: set[str]) -> str:
    """Say that a cell is empty only because its formula was never calculated, where it is so."""
    cells, label = POSITION_NAMES.get(name, (name,)), _LABELS.get(name, _STOP)
    return f"{label} {_NO_VALUE}" if valueless.intersection(cells) else label
