"""`on-land`: the position is not out at sea."""

from typing import Final

from django.utils.translation import gettext_noop as _

from openhns.gazetteer.countries import TOLERANCE_M
from openhns.registry.checks.case import SpotCase
from openhns.registry.checks.finding import Finding, Verdict, passed

NAME: Final = "on-land"
ISLANDS_M: Final = 50_000
"""Small inhabited islands are missing from our map; this far out a person looks."""
PLACES_M: Final = 25_000
"""A place known to GeoNames so near shows that there is an island."""
ISLAND: Final = _(
    "The position lies in the sea on our map, but near a known place: compare it with a better map."
)
FAR: Final = _("The position lies in the sea, far from land.")


def on_land(case: SpotCase) -> Finding:
    """Pass within the tolerance of the coast line, warn where an island may lie, else fail."""
    if case.here is None:
        return case.without_reference(NAME)
    field, metres = case.spot.field, case.here.to_land_m
    if metres is not None and metres <= TOLERANCE_M:
        return passed(NAME, field)
    if case.here.place_m is not None:
        return Finding(NAME, Verdict.WARN, field, ISLAND, {"place_m": case.here.place_m})
    if metres is None or metres > ISLANDS_M:
        return Finding(NAME, Verdict.FAIL, field, FAR)
    words = (
        f"The position lies in the sea, about {round(metres / 1_000)} km from land, unless there "
        "is an island that our map does not show."
    )
    return Finding(NAME, Verdict.WARN, field, words, {"distance_m": metres})
