"""Reading incidents: for the operator's people and the auditor; one answer for all others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from openhns.incidents.models import (
    Certificate,
    Claim,
    Incident,
    Match,
    OwnReport,
    PublicationConsent,
)
from openhns.mechanism.access import has_any_role, record_exact_read, require_any_role
from openhns.mechanism.errors import NotFound
from openhns.mechanism.models import Mechanism, Person, Role
from openhns.mechanism.people import OPERATOR_ROLES
from openhns.notices.models import Notice
from openhns.proofs import jws
from openhns.registry.models.consent import Grade

_READERS = (*sorted(OPERATOR_ROLES), Role.Name.AUDITOR)
_FEW: Final = 500
_NOT_FOUND = "There is no incident of that identifier, or none that you may see."


def require_keeper(person: Person, mechanism: Mechanism) -> str:
    """Return the actor for events; raise NotAllowed unless the person is the operator's."""
    return require_any_role(person, mechanism, sorted(OPERATOR_ROLES))


def may_read(person: Person, mechanism: Mechanism) -> bool:
    return has_any_role(person, mechanism, _READERS)


def visible_incidents(person: Person, mechanism: Mechanism) -> QuerySet[Incident]:
    """Return the incidents that a person may see, newest first; none for all but the operator."""
    if not may_read(person, mechanism):
        return Incident.objects.none()
    return Incident.objects.filter(mechanism=mechanism).order_by("-reported_at", "-id")


def incidents_visible_to(person: Person, mechanism: Mechanism) -> list[Incident]:
    return list(visible_incidents(person, mechanism))


def access_incident(person: Person, mechanism: Mechanism, identifier: UUID) -> Incident:
    """Return an incident that the person may see; raise NotFound."""
    found = Incident.objects.filter(mechanism=mechanism, id=identifier).first()
    if found is None or not may_read(person, mechanism):
        raise NotFound(_NOT_FOUND)
    return found


def access_certificate(
    person: Person, mechanism: Mechanism, incident: UUID, identifier: UUID
) -> Certificate:
    """Return a certificate of an incident that the person may see; raise NotFound."""
    own = access_incident(person, mechanism, incident).certificates
    found = own.select_related("incident", "organisation").filter(id=identifier).first()
    if found is None:
        raise NotFound(_NOT_FOUND)
    return found


def read_certificate(person: Person, certificate: Certificate) -> dict[str, Any]:
    """Open a certificate; the exact places that it holds are journalled as read."""
    document = dict(jws.read(certificate.jws).payload)
    groups = ("held", "ended_before", "sent_later")
    notices = [item for party in document["parties"] for group in groups for item in party[group]]
    exact = [item["id"] for item in notices if item["grade"] == Grade.EXACT]
    listings = Notice.objects.filter(id__in=exact).values_list("listing_id", flat=True)
    read = {listing for listing in listings if listing is not None}
    if read:
        record_exact_read(person, certificate.incident.mechanism, "certificate", read)
    return document


def read_claims(person: Person, incident: Incident) -> list[Claim]:
    """Return the claims of an incident, oldest first, to show where each places the attack."""
    claims = list(incident.claims.order_by("recorded_at", "id"))
    journal_claims(person, incident, claims)
    return claims


def journal_claims(person: Person, incident: Incident, claims: Sequence[Claim]) -> None:
    """Journal that a person is shown where claims of an incident place the attack.

    Where an organisation reported its own site, that is the site's place; no other is journalled.
    """
    own = OwnReport.objects.filter(claim__in=claims, listing__isnull=False)
    placed = {claim.id for claim in claims if claim.content["position"] is not None}
    listings = {row.listing_id for row in own if row.claim_id in placed and row.listing_id}
    if listings:
        record_exact_read(person, incident.mechanism, "incident", listings)


def newest_certificate(incident: Incident) -> Certificate | None:
    """Return the certificate last issued for an incident, for the operator's own use."""
    return incident.certificates.order_by("-issued_at", "-id").first()


def claim_counts(incidents: Sequence[Incident]) -> Counter[UUID]:
    """Count the claims of incidents of one mechanism."""
    return Counter(_claims_of(incidents).values_list("incident_id", flat=True))


def best_verdicts(incidents: Sequence[Incident]) -> dict[UUID, str]:
    """Return the best verdict of each incident of one mechanism that has one above `none`.

    What was held somewhere, with a place that cannot be compared, is `possible` too.
    """
    claims = _claims_of(incidents)
    counted = claims.filter(possible_somewhere__gt=0).values_list("incident_id", flat=True)
    found = dict.fromkeys(counted, str(Match.Verdict.POSSIBLE))
    matches = Match.objects.filter(claim__in=claims).values_list("claim__incident_id", "verdict")
    # `certain` sorts before `possible`; the last of an incident is kept.
    return found | dict(sorted(set(matches), key=lambda pair: pair[1], reverse=True))


def _claims_of(incidents: Sequence[Incident]) -> QuerySet[Claim]:
    if not incidents:
        return Claim.objects.none()
    if len(incidents) <= _FEW:
        return Claim.objects.filter(incident__in=incidents)
    return Claim.objects.filter(scope=incidents[0].scope)


_CLEAREST: Final = ("yes", "cannot be said", "no")


@dataclass(frozen=True, slots=True)
class Published:
    """One incident as an organisation agreed that the public may read it.

    `notified` says by party's name whether it had been notified of the place at that moment:
    `yes`, `no`, or `cannot be said`. `day_from` is None where nobody knows how long before
    `day_until` it was. `admin1` is a province, or "".
    """

    incident_id: UUID
    country: str | None
    admin1: str
    day_from: date | None
    day_until: date
    notified: Mapping[str, str]
    agreed_at: datetime


def published_incidents(mechanism: Mechanism) -> list[Published]:
    """Return the incidents whose organisation agrees that they be listed, by day.

    Where several organisations agreed, the first one's statement stands, and a party counts as
    notified if it was notified of the place of any of them.
    """
    agreed = PublicationConsent.objects.filter(scope=mechanism.id, withdrawn_at=None)
    found: dict[UUID, Published] = {}
    for row in agreed.order_by("given_at", "id"):
        said, known = _published(row), found.get(row.incident_id)
        found[row.incident_id] = said if known is None else _merged(known, said)
    return sorted(found.values(), key=lambda item: (item.day_until, item.incident_id))


def _published(row: PublicationConsent) -> Published:
    said = row.content["statement"]
    began = said["day_from"]
    return Published(
        incident_id=row.incident_id,
        country=said["country"],
        admin1=said["admin1"],
        day_from=None if began is None else date.fromisoformat(began),
        day_until=date.fromisoformat(said["day_until"]),
        notified=dict(said["notified"]),
        agreed_at=row.given_at,
    )


def _merged(one: Published, other: Published) -> Published:
    names = [*one.notified, *(name for name in other.notified if name not in one.notified)]
    notified = {
        name: min(one.notified.get(name, "no"), other.notified.get(name, "no"), key=_CLEAREST.index)
        for name in names
    }
    return replace(one, notified=notified)
