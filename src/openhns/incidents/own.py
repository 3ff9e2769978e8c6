"""What an organisation sees of incidents: those that it reported, or has a certificate about.

Of an incident it sees its own claims alone. What others say of the same attack is theirs, and
stands in a certificate only where the operator made one for this organisation.
"""

from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from openhns.incidents.models import Certificate, Claim, Incident
from openhns.mechanism.access import has_role, require_role
from openhns.mechanism.errors import NotFound
from openhns.mechanism.models import Organisation, Person, Role

_HIDDEN: Final = "There is no incident of that identifier, or none that you may see."


def require_member(person: Person, organisation: Organisation) -> str:
    """Return the actor for events; raise NotAllowed unless the person is of the organisation."""
    mechanism = organisation.mechanism
    approves = has_role(person, mechanism, Role.Name.APPROVER, organisation)
    role = Role.Name.APPROVER if approves else Role.Name.REPORTER
    return require_role(person, mechanism, role, organisation)


def own_incidents(person: Person, organisation: Organisation) -> QuerySet[Incident]:
    """Return the organisation's incidents, newest first; raise NotAllowed for strangers."""
    require_member(person, organisation)
    own = Q(claims__own_report__organisation=organisation) | Q(
        certificates__organisation=organisation
    )
    ids = Incident.objects.filter(own, mechanism=organisation.mechanism_id).values("id")
    return Incident.objects.filter(id__in=ids).order_by("-reported_at", "-id")


def access_own_incident(person: Person, organisation: Organisation, wanted: UUID) -> Incident:
    """Return one of the organisation's incidents; raise NotFound."""
    found = own_incidents(person, organisation).filter(id=wanted).first()
    if found is None:
        raise NotFound(_HIDDEN)
    return found


def own_claims(incident: Incident, organisation: Organisation) -> list[Claim]:
    """Return what the organisation itself said of an incident, oldest first."""
    own = incident.claims.filter(own_report__organisation=organisation)
    return list(own.select_related("own_report__listing").order_by("recorded_at", "id"))


def own_certificates(incident: Incident, organisation: Organisation) -> list[Certificate]:
    """Return the certificates that were made for the organisation, newest first."""
    own = incident.certificates.filter(organisation=organisation)
    return list(own.order_by("-issued_at", "-id"))
