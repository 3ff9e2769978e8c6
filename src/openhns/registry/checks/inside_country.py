"""`inside-country`: the position lies in the row's country, else in one of the mechanism's."""

from typing import Any, Final

from django.utils.translation import gettext_noop as _

from openhns.gazetteer.countries import TOLERANCE_M
from openhns.registry.checks.case import SpotCase, Surroundings
from openhns.registry.checks.finding import Finding, Verdict, not_checked, passed
from openhns.registry.checks.on_land import ISLANDS_M

NAME: Final = "inside-country"


def inside_country(case: SpotCase) -> Finding:
    """Fail outside the country wanted, and where the mechanism does not cover that country.

    Up to 5 km outside passes, for borders are drawn no better; off its coast, and at sea within
    25 km of one of the country's places in GeoNames, a person looks.
    """
    unfit = _country_unfit(case)
    if unfit is not None:
        return unfit
    here = case.here
    if here is None:
        return case.without_reference(NAME)
    if lies_within(here, case.wanted):
        return passed(NAME, case.spot.field)
    verdict = Verdict.WARN if _may_be_island(here, case.wanted) else Verdict.FAIL
    wanted = sorted(case.wanted)
    found = sorted(iso3 for iso3, metres in here.countries.items() if metres == 0)
    where = "at sea" if here.at_sea else f"in {' or '.join(found)}"
    words = f"The position lies {where}, not in {' or '.join(wanted)}."
    evidence: dict[str, Any] = {"wanted": wanted, "metres_to": dict(here.countries)}
    if here.place_m is not None:
        evidence["place_m"] = here.place_m
    return Finding(NAME, verdict, case.spot.field, words, evidence)


def lies_within(here: Surroundings, wanted: frozenset[str]) -> bool:
    """Whether a position lies in one of the countries, or so near that the border may err."""
    return any(here.countries.get(iso3, TOLERANCE_M + 1) <= TOLERANCE_M for iso3 in wanted)


def _may_be_island(here: Surroundings, wanted: frozenset[str]) -> bool:
    if here.place_m is not None:
        return True
    near = min((here.countries[iso3] for iso3 in wanted & here.countries.keys()), default=None)
    return here.at_sea and near is not None and near <= ISLANDS_M


def _country_unfit(case: SpotCase) -> Finding | None:
    draft, field = case.draft, case.spot.field
    covered = sorted(case.batch.covered)
    if draft.country and covered and draft.country not in covered:
        words = f"This mechanism covers {', '.join(covered)}, not {draft.country}."
        return Finding(NAME, Verdict.FAIL, "country", words, {"covered": covered})
    if draft.country_words and not draft.country and not covered:
        words = _("The country's name is not known: write its three letters (ISO 3166).")
        return Finding(NAME, Verdict.WARN, "country", words)
    if not case.wanted:
        return not_checked(NAME, field, _("neither the row nor the mechanism names a country"))
    if case.wanted <= case.batch.unknown:
        return not_checked(NAME, field, _("no outline of this country is at hand"))
    return None
