"""An organisation's own sites and movements, and how far each party was told of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openhns.mechanism.models import Organisation, Role
from openhns.mechanism.visits import MEMBERS, Visit, page
from openhns.notices.my_objections import objections_to
from openhns.notices.standing import Standing, standings, standings_of
from openhns.notices.words import OBJECTION_PROOFS
from openhns.registry.access import findings_shown_to, read_contents
from openhns.registry.models import Decision, Listing, Version
from openhns.registry.own import (
    access_own_listing,
    count_own_listings,
    decisions_on,
    name_of,
    newest_versions,
    own_listings,
    unsigned_of,
    unsigned_versions,
)
from openhns.registry.pages.members import holds_in, version_facts
from openhns.registry.saying import Said, said_of
from openhns.registry.shown import features_of
from openhns.registry.states import Reader, State, state_of
from openhns.registry.words import ACTIONS, DECISIONS, label
from openhns.registry.words import VERSION_STATUSES as STATUSES
from openhns.ui.maps import Map
from openhns.ui.paging import page_of

Text = str | Promise
_HEADINGS = {
    Listing.Kind.SITE: _("My sites"),
    Listing.Kind.MOVEMENT: _("My movements"),
}
_CLOSED = frozenset({Listing.Status.CLOSED, Listing.Status.ENDED})


@dataclass(frozen=True, slots=True)
class Row:
    """One listing as the list shows it."""

    listing: Listing
    newest: Version
    name: str
    state: State
    standings: Sequence[Standing]


@dataclass(frozen=True, slots=True)
class Past:
    """One version as the history shows it: what it was, what became of it, and why."""

    version: Version
    action: Text
    status: Text
    tone: str
    decisions: Sequence[tuple[Decision, Text, str]]


@page(*MEMBERS)
def listings(visit: Visit, organisation: UUID, kind: Listing.Kind) -> HttpResponse:
    """List the organisation's sites or movements, the newest first."""
    own = visit.organisation(organisation)
    total = count_own_listings(visit.person, own, kind)
    paged = page_of(visit.request, own_listings(visit.person, own, kind), total=total)
    newest = newest_versions(paged.rows)
    shown = {
        "organisation": own,
        "kind": kind,
        "heading": _HEADINGS[kind],
        "paged": paged.of(_rows(visit, own, paged.rows, newest)),
        "reporter": holds_in(visit, own, Role.Name.REPORTER),
        "vetted": own.status == Organisation.Status.VETTED,
        "to_sign": unsigned_versions(own).exclude(submitted_by=visit.person).count(),
        "approver": holds_in(visit, own, Role.Name.APPROVER),
        "proofs": OBJECTION_PROOFS.items(),
    }
    return render(visit.request, "notices/my_sites.html", shown)


def _rows(
    visit: Visit,
    organisation: Organisation,
    listings: Sequence[Listing],
    newest: Mapping[UUID, Version],
) -> list[Row]:
    unsigned = unsigned_of(organisation, newest.values())
    told = standings_of(visit.mechanism, newest)
    reader = _reader(visit, organisation)
    return [
        Row(
            listing,
            version,
            name_of(version),
            state_of(listing, version, reader, unsigned=version.id in unsigned),
            told[listing.id],
        )
        for listing in listings
        for version in (newest[listing.id],)
    ]


def _reader(visit: Visit, organisation: Organisation) -> Reader:
    return Reader(visit.person.pk, holds_in(visit, organisation, Role.Name.APPROVER))


@page(*MEMBERS)
def listing(visit: Visit, organisation: UUID, kind: Listing.Kind, listing: UUID) -> HttpResponse:
    """Show one of the organisation's sites or movements. Its exact place is journalled as read."""
    own = visit.organisation(organisation)
    found = access_own_listing(visit.person, own, kind, listing)
    versions = list(found.versions.order_by("-number"))
    newest = versions[0]
    content = read_contents(visit.person, visit.mechanism, [newest], "own register")[newest.id]
    unsigned = newest.id in unsigned_of(own, [newest])
    shown = {
        "organisation": own,
        "listing": found,
        "newest": newest,
        "name": str(content.get("name", "")),
        "facts": version_facts(newest, content),
        "map": _map(visit, content),
        "state": state_of(found, newest, _reader(visit, own), unsigned=unsigned),
        "standings": standings(visit.mechanism, found, newest),
        "objections": objections_to(own, found),
        "history": _history(versions),
        "findings": _findings(visit, newest),
        "reporter": holds_in(visit, own, Role.Name.REPORTER),
        "open": found.status not in _CLOSED,
        "proofs": OBJECTION_PROOFS.items(),
    }
    return render(visit.request, "notices/my_site.html", shown)


def _map(visit: Visit, content: Mapping[str, Any]) -> Map:
    name = str(content.get("name", ""))
    countries = [content["country"]] if content.get("country") else visit.mechanism.countries
    return Map("place", name, features_of(content, name), countries=countries)


def _history(versions: Sequence[Version]) -> list[Past]:
    decided = decisions_on(versions)
    return [
        Past(
            version,
            label(ACTIONS, version.action),
            label(STATUSES, version.status),
            _TONES.get(Version.Status(version.status), ""),
            [
                (item, label(DECISIONS, item.word), str(item.content.get("reason", "")))
                for item in decided.get(version.id, ())
            ],
        )
        for version in versions
    ]


_TONES = {
    Version.Status.CLEARED: "good",
    Version.Status.RETURNED: "warn",
    Version.Status.REFUSED: "bad",
}


def _findings(visit: Visit, version: Version) -> list[Said]:
    """Return what the checks found that submitters may know, whatever else the reader may."""
    found = findings_shown_to(visit.person, visit.mechanism, [version]).get(version.id, [])
    return said_of([item for item in found if not item.reviewers_only])
