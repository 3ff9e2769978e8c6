"""Reading incidents: for the operator's people and the auditor; one answer for all others."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from openhns.incidents.models import Certificate, Claim, Incident, Match
from openhns.mechanism.access import has_role, require_any_role
from openhns.mechanism.errors import NotFound
from openhns.mechanism.models import Mechanism, Person, Role
from openhns.mechanism.people import OPERATOR_ROLES

_READERS = (*sorted(OPERATOR_ROLES), Role.Name.AUDITOR)
_NOT_FOUND = "There is no incident of that identifier, or none that you may see."


def require_keeper(person: Person, mechanism: Mechanism) -> str:
    """Return the actor for events; raise NotAllowed unless the person is the operator's."""
    return require_any_role(person, mechanism, sorted(OPERATOR_ROLES))


def may_read(person: Person, mechanism: Mechanism) -> bool:
    return any(has_role(person, mechanism, role) for role in _READERS)


def incidents_visible_to(person: Person, mechanism: Mechanism) -> list[Incident]:
    """Return the incidents that a person may see, newest first; none for all but the operator."""
    if not may_read(person, mechanism):
        return []
    return list(Incident.objects.filter(mechanism=mechanism).order_by("-reported_at", "-id"))


def access_incident(person: Person, mechanism: Mechanism, identifier: UUID) -> Incident:
    """Return an incident that the person may see; raise NotFound."""
    found = Incident.objects.filter(mechanism=mechanism, id=identifier).first()
    if found is None or not may_read(person, mechanism):
        raise NotFound(_NOT_FOUND)
    return found


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
    if len(incidents) == 1:
        return Claim.objects.filter(incident=incidents[0])
    return Claim.objects.filter(scope=incidents[0].scope)
