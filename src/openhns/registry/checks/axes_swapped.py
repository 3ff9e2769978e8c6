"""`axes-swapped`: latitude and longitude do not stand in each other's place."""

from typing import Final

from openhns.registry.checks.case import Batch, SpotCase, Surroundings
from openhns.registry.checks.finding import Finding, Verdict, passed
from openhns.registry.checks.inside_country import lies_within
from openhns.registry.drafts import Draft, wanted_of
from openhns.registry.spots import Spot

NAME: Final = "axes-swapped"
_WORDS: Final = (
    "Latitude and longitude seem to be exchanged: the other way round, the position would lie in "
)


def axes_swapped(case: SpotCase) -> Finding:
    """Fail where the position exchanged lies inside the country while this one does not."""
    if case.here is None:
        return case.without_reference(NAME)
    if not case.wanted:
        return _by_land(case, case.here)
    there = case.there
    fits = lies_within(case.here, case.wanted) or case.here.place_m is not None
    if fits or there is None:
        return passed(NAME, case.spot.field)
    return _told(case.spot, there, case.wanted)


def axes_swapped_unread(draft: Draft, spot: Spot, batch: Batch) -> Finding | None:
    """Look at a pair that cannot be read as it stands, such as a latitude of 120 degrees."""
    there = batch.surroundings.get(spot.exchanged) if spot.exchanged else None
    wanted = wanted_of(draft, batch.covered)
    if there is None or not wanted:
        return None
    found = _told(spot, there, wanted)
    return found if found.verdict == Verdict.FAIL else None


def _told(spot: Spot, there: Surroundings, wanted: frozenset[str]) -> Finding:
    if not lies_within(there, wanted):
        return passed(NAME, spot.field)
    countries = sorted(iso3 for iso3 in wanted if there.countries.get(iso3) == 0)
    words = f"{_WORDS}{' or '.join(countries)}."
    return Finding(NAME, Verdict.FAIL, spot.field, words, {"countries": countries})


def _by_land(case: SpotCase, here: Surroundings) -> Finding:
    """Without a country to look for, warn of a position at sea that exchanged is on land."""
    there = case.there
    if not here.at_sea or there is None or there.at_sea:
        return passed(NAME, case.spot.field)
    return Finding(NAME, Verdict.WARN, case.spot.field, f"{_WORDS}land.")
