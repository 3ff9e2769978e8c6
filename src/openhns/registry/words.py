"""What screens call the states, verdicts and fields of this room, in the reader's language."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Labels = Mapping[str, str | Promise]

KINDS: Final[Labels] = {"site": _("Site"), "movement": _("Movement")}
ACTIONS: Final[Labels] = {
    "add": _("New"),
    "amend": _("Amendment"),
    "remove": _("Removal"),
}
VERSION_STATUSES: Final[Labels] = {
    "draft": _("Draft"),
    "submitted": _("Waits for a decision"),
    "cleared": _("Cleared for relay"),
    "returned": _("Returned"),
    "refused": _("Refused"),
}
LISTING_STATUSES: Final[Labels] = {
    "pending": _("Not cleared yet"),
    "active": _("Active"),
    "due": _("Due for confirmation"),
    "lapsed": _("Lapsed"),
    "closed": _("Closed"),
    "cleared": _("Cleared for relay"),
    "under way": _("Under way"),
    "ended": _("Ended"),
}
DECISIONS: Final[Labels] = {
    "clear": _("Cleared for relay"),
    "return": _("Returned"),
    "refuse": _("Refused"),
}
GRADES: Final[Labels] = {
    "exact": _("Exact place"),
    "vicinity": _("Vicinity of about 1 km"),
    "presence": _("Count in the district"),
}
CATEGORIES: Final[Labels] = {
    "medical": _("Medical"),
    "education": _("Education"),
    "shelter": _("Shelter"),
    "supplies": _("Supplies"),
    "other": _("Other humanitarian"),
}
VERDICTS: Final[Labels] = {
    "pass": _("Passed"),
    "not checked": _("Not checked"),
    "warn": _("Look at this"),
    "fail": _("Failed"),
}
VERDICT_TONES: Final[Mapping[str, str]] = {"pass": "good", "warn": "warn", "fail": "bad"}
CHECKS: Final[Labels] = {
    "required-fields": _("Required facts are there"),
    "position-parses": _("Position can be read"),
    "on-land": _("Position lies on land"),
    "inside-country": _("Position lies in the country"),
    "axes-swapped": _("Latitude and longitude are in their places"),
    "too-few-decimals": _("Position is precise enough"),
    "default-coordinates": _("Position was measured"),
    "readable-text": _("Texts can be read"),
    "valid-dates": _("Dates make sense"),
    "lead-time": _("Submitted in time"),
    "identifier-once": _("Identifier stands once"),
    "repeated-row": _("Row stands once"),
    "already-registered-nearby": _("Not registered already nearby"),
    "waiting-for-signature": _("Waits for the organisation's second signature"),
    "own-submission": _("You submitted this yourself"),
    "own-organisation": _("Submitted by an organisation to which you belong, or signed by you"),
}
FIELDS: Final[Labels] = {
    "name": _("Name"),
    "name_local": _("Name in local script"),
    "aliases": _("Other names"),
    "own_id": _("The organisation's own identifier"),
    "identifier": _("The organisation's own identifier"),
    "reference": _("Reference"),
    "type": _("Type"),
    "category": _("Category"),
    "function": _("Function"),
    "operator": _("Run by"),
    "country": _("Country"),
    "admin1": _("Province"),
    "admin2": _("District"),
    "pcode": _("P-code"),
    "place": _("Town or village"),
    "position": _("Position"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "accuracy_m": _("Accuracy in metres"),
    "precision_m": _("Precision of the notation in metres"),
    "method": _("How it was measured"),
    "entrance": _("Entrance"),
    "footprint": _("Footprint"),
    "functioning_status": _("Functioning"),
    "contact": _("Contact"),
    "phone": _("Telephone"),
    "markings": _("Markings"),
    "floor": _("Floor"),
    "purpose": _("Purpose"),
    "route": _("Route"),
    "vehicles": _("Vehicles"),
    "plates": _("Plates"),
    "persons": _("Persons"),
    "waypoints": _("Points of the route"),
    "origin_position": _("Origin"),
    "destination_position": _("Destination"),
    "origin": _("Origin"),
    "destination": _("Destination"),
    "departure": _("Departure"),
    "arrival": _("Arrival"),
    "valid_from": _("Valid from"),
    "valid_until": _("Valid until"),
    "removal_reason": _("Reason for the removal"),
    "urgent": _("Urgent"),
}
EVIDENCE: Final[Labels] = {
    "countries": _("Country"),
    "wanted": _("Expected country"),
    "covered": _("Countries covered here"),
    "metres_to": _("Metres to each country"),
    "place_m": _("Metres to the nearest known place"),
    "distance_m": _("Metres to land"),
    "precision_m": _("Metres that the notation leaves open"),
    "decimals": _("Decimals"),
    "notation": _("Notation"),
    "times": _("Entries at this position"),
    "hours": _("Hours of lead time"),
    "row": _("Row of the sheet"),
    "count": _("Similar entries"),
    "detail": _("In detail"),
}


def label(labels: Labels, value: object) -> str | Promise:
    """Return what a screen calls a value; a value without a label is shown as it is."""
    return labels.get(str(value), str(value))


def evidence_shown(evidence: Mapping[str, Any]) -> list[tuple[str | Promise, str]]:
    """Return what a check found, for people: each figure under its label."""
    return [
        (words, _as_text(evidence[name])) for name, words in EVIDENCE.items() if name in evidence
    ]


def _as_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {figure}" for name, figure in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
