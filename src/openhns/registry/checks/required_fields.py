"""`required-fields`: what no site or movement can do without is there."""

from typing import Final

from openhns.registry.checks.finding import Finding, Verdict, passed
from openhns.registry.drafts import Draft

NAME: Final = "required-fields"
_LABELS: Final = {
    "name": "The name of the site is missing.",
    "reference": "The name or reference of the movement is missing.",
    "position": "The position is missing: give latitude and longitude, or a grid reference.",
    "origin_position": "The position of the origin is missing.",
    "destination_position": "The position of the destination is missing.",
    "departure": "The date and time of departure is missing.",
    "arrival": "The date and time of arrival is missing.",
}


def required_fields(draft: Draft) -> list[Finding]:
    """Fail once for each field that is missing."""
    if not draft.missing:
        return [passed(NAME, "")]
    return [Finding(NAME, Verdict.FAIL, name, _LABELS[name]) for name in draft.missing]
