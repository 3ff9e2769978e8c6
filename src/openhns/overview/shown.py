"""An edition as the public page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from openhns.gazetteer.names import country
from openhns.overview import words
from openhns.overview.models import Edition
from openhns.overview.publication.tables import ANSWERS, ERRORS


@dataclass(frozen=True, slots=True)
class Range:
    """A share to draw and to read: from and to in percent, None where it is not shown."""

    label: str
    words: str
    start: int | None
    length: int | None


@dataclass(frozen=True, slots=True)
class PartyShown:
    """What one party did with what it was told; `why` where that is not shown."""

    name: str
    silence: str
    half_by: str
    ranges: list[Range]
    why: str


@dataclass(frozen=True, slots=True)
class IncidentShown:
    """One incident: its days and place as agreed, and who had been notified."""

    country: str
    admin1: str
    day_from: date | None
    day_until: date
    notified: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class EditionShown:
    """The figures of an edition in words; `errors_why` where a share of ours is not shown."""

    edition: Edition
    sites: str
    movements: str
    notices: str
    parties: list[PartyShown]
    errors: list[Range]
    errors_why: str
    late_objections: str


def shown(edition: Edition) -> EditionShown:
    tables = edition.tables
    return EditionShown(
        edition=edition,
        sites=words.band(tables["places"]["sites"]),
        movements=words.band(tables["places"]["movements"]),
        notices=words.band(tables["notices"]["notices"]),
        parties=[_party(tables, party) for party in edition.parties],
        errors=[_range(str(words.ERRORS[name]), tables["errors"][name]) for name in ERRORS],
        errors_why=words.why_no_errors(tables["errors"][ERRORS[0]]),
        late_objections=words.band(tables["objections"]["late"]),
    )


def _party(tables: Mapping[str, Any], party: Mapping[str, str]) -> PartyShown:
    own = {name: tables[name][party["id"]] for name in ANSWERS}
    return PartyShown(
        name=party["name"],
        silence=words.silence(own["acknowledged"]),
        half_by=words.half_by(own["within_a_day"], own["within_a_week"], own["acknowledged"]),
        ranges=[_range(str(words.TABLES[name]), figure) for name, figure in own.items()],
        why=words.why_no_shares(own["acknowledged"]),
    )


def _range(label: str, figure: Mapping[str, Any]) -> Range:
    if figure["percent"] is None:
        return Range(label, words.share(figure), None, None)
    start, end = figure["from"], figure["to"]
    return Range(label, words.share(figure), start, end - start)


def incidents_shown(edition: Edition) -> list[IncidentShown]:
    """Return the incidents of an edition, newest first."""
    return [_incident(item) for item in reversed(edition.incidents)]


def _incident(item: Mapping[str, Any]) -> IncidentShown:
    began = item["day_from"]
    return IncidentShown(
        country=country_name(item["country"]),
        admin1=item["admin1"],
        day_from=None if began is None else date.fromisoformat(began),
        day_until=date.fromisoformat(item["day_until"]),
        notified=item["notified"],
    )


def harm_by_party(edition: Edition) -> list[dict[str, Any]]:
    """Count, exactly, the listed incidents at places that each party had been notified of."""
    names = [party["name"] for party in edition.parties]
    return [{"name": name, **_harm(edition, name)} for name in names]


def _harm(edition: Edition, name: str) -> dict[str, int]:
    said = [
        each["word"]
        for item in edition.incidents
        for each in item["notified"]
        if each["party"] == name
    ]
    return {
        "yes": said.count("yes"),
        "no": said.count("no"),
        "unclear": said.count("cannot be said"),
    }


def country_name(code: str | None) -> str:
    """Return a country's name in the reader's language, as far as the table knows it."""
    found = country(code) if code else None
    if found is None:
        return code or ""
    names = {"ar": found.arabic, "fr": found.french}
    return names.get((get_language() or "")[:2]) or found.english
