"""What a check found, in the reader's language.

A finding is kept in English, as part of the record. A screen says the same: a sentence without
figures is translated as it stands, one with figures is made again from its evidence.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openhns.registry.checks.finding import PASSING, Finding, worth_telling
from openhns.registry.words import CHECKS, VERDICT_TONES, VERDICTS, label

_KILOMETRE: Final = 1_000


def in_words(finding: Finding) -> str:
    """Return what a finding says, in the active language; in English what is not known here."""
    make = None if finding.verdict in PASSING else _MADE.get(finding.name)
    made = make(finding.evidence) if make else None
    return made or (_(finding.words) if finding.words else "")


@dataclass(frozen=True, slots=True)
class Said:
    """One finding as its submitter reads it."""

    field: str
    check: str | Promise
    verdict: str | Promise
    tone: str
    words: str


def said_of(findings: Iterable[Finding]) -> list[Said]:
    """Return what is worth telling the submitter; never what is for reviewers alone."""
    told = worth_telling([finding for finding in findings if not finding.reviewers_only])
    return [
        Said(
            finding.field,
            label(CHECKS, finding.name),
            label(VERDICTS, finding.verdict),
            VERDICT_TONES.get(finding.verdict, ""),
            in_words(finding),
        )
        for finding in told
    ]


def _or(names: Sequence[str]) -> str:
    return _(" or ").join(names)


def _on_land(evidence: Mapping[str, Any]) -> str | None:
    if "distance_m" not in evidence:
        return None
    return _(
        "The position lies in the sea, about %(km)d km from land, unless there is an island that "
        "our map does not show."
    ) % {"km": round(evidence["distance_m"] / _KILOMETRE)}


def _inside_country(evidence: Mapping[str, Any]) -> str | None:
    if "covered" in evidence:
        covered = ", ".join(evidence["covered"])
        return _("This mechanism covers %(covered)s, not the country named.") % {"covered": covered}
    if "wanted" not in evidence:
        return None
    wanted = _or(evidence["wanted"])
    found = sorted(iso3 for iso3, metres in evidence["metres_to"].items() if metres == 0)
    if not found:
        return _("The position lies at sea, not in %(wanted)s.") % {"wanted": wanted}
    where = {"found": _or(found), "wanted": wanted}
    return _("The position lies in %(found)s, not in %(wanted)s.") % where


def _axes_swapped(evidence: Mapping[str, Any]) -> str | None:
    countries = evidence.get("countries")
    return _(
        "Latitude and longitude seem to be exchanged: the other way round, the position would lie "
        "in %(where)s."
    ) % {"where": _or(countries) if countries else _("a country of this mechanism, or on land")}


def _too_few_decimals(evidence: Mapping[str, Any]) -> str | None:
    if "precision_m" not in evidence:
        return None
    words = _(
        "The position is written so coarsely that the site may lie %(metres)d m from it. Give it "
        "as it was measured, with 5 decimals."
    ) % {"metres": evidence["precision_m"]}
    useless = _("Nobody could protect a building by it.")
    return f"{words} {useless}" if evidence["coarse"] else words


def _default_coordinates(evidence: Mapping[str, Any]) -> str | None:
    if "times" not in evidence:
        return None
    return _("%(times)d entries of this register stand at this very position: was it measured?") % {
        "times": evidence["times"]
    }


def _lead_time(evidence: Mapping[str, Any]) -> str | None:
    if "hours" not in evidence:
        return None
    return _(
        "The departure is less than %(hours)d hours away: parties may not learn of it in time."
    ) % {"hours": evidence["hours"]}


def _readable_text(evidence: Mapping[str, Any]) -> str | None:
    if evidence.get("code") != "too_long":
        return None
    return _("This text was too long, and was cut.")


def _nearby(evidence: Mapping[str, Any]) -> str | None:
    if not evidence.get("others"):
        return None
    nearest = min(other["distance_m"] for other in evidence["others"])
    return ngettext(
        "%(count)d entry registered earlier under a similar name, %(metres)d m away: is this one "
        "site under two names?",
        "%(count)d entries registered earlier under a similar name, the nearest %(metres)d m "
        "away: is this one site under two names?",
        evidence["count"],
    ) % {"count": evidence["count"], "metres": nearest}


_MADE: Final[Mapping[str, Callable[[Mapping[str, Any]], str | None]]] = {
    "on-land": _on_land,
    "inside-country": _inside_country,
    "axes-swapped": _axes_swapped,
    "too-few-decimals": _too_few_decimals,
    "default-coordinates": _default_coordinates,
    "lead-time": _lead_time,
    "readable-text": _readable_text,
    "already-registered-nearby": _nearby,
}
