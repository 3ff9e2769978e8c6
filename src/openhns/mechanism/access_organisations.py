"""Reading organisations and their applications, as the operator's people do."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from openhns.mechanism.access import NotFound
from openhns.mechanism.models import (
    Application,
    Mechanism,
    Organisation,
    Person,
    Role,
    VettingDecision,
)
from openhns.mechanism.people import ORGANISATION_ROLES, is_member
from openhns.mechanism.policy import policy_of
from openhns.mechanism.words import ORGANISATION_STATUSES, ORGANISATION_TONES, ROLES, label


@dataclass(frozen=True, slots=True)
class Shown:
    """An organisation in a list."""

    row: Organisation
    decided_by: int
    needed: int

    @property
    def status(self) -> str:
        return label(ORGANISATION_STATUSES, self.row.status)

    @property
    def tone(self) -> str:
        return ORGANISATION_TONES[self.row.status]


@dataclass(frozen=True, slots=True)
class Member:
    """One person's role in an organisation."""

    person: Person
    role: Role

    @property
    def words(self) -> str:
        return label(ROLES, self.role.name)


def applications_of(mechanism: Mechanism) -> QuerySet[Application]:
    """Return the applications that wait, the oldest first."""
    waiting = Application.objects.filter(mechanism=mechanism, state=Application.State.WAITING)
    return waiting.order_by("received_at", "id")


def access_application(mechanism: Mechanism, application_id: UUID) -> Application:
    found = Application.objects.filter(mechanism=mechanism, id=application_id).first()
    if found is None:
        raise NotFound
    return found


def organisations_of(mechanism: Mechanism, status: str = "") -> QuerySet[Organisation]:
    """Return the organisations of a status, or all, the newest application first."""
    here = Organisation.objects.filter(mechanism=mechanism)
    wanted = here.filter(status=status) if status in Organisation.Status.values else here
    return wanted.order_by("-applied_at", "id")


def shown(rows: Sequence[Organisation], mechanism: Mechanism) -> list[Shown]:
    """Return organisations with how many decided on their newest application."""
    needed = policy_of(mechanism).persons_to_vet
    counts = dict.fromkeys((row.id for row in rows), 0)
    current = {(row.id, row.application) for row in rows}
    decided = VettingDecision.objects.filter(organisation__in=counts, favourable=True)
    for organisation_id, application in decided.values_list("organisation_id", "application"):
        counts[organisation_id] += (organisation_id, application) in current
    return [Shown(row, counts[row.id], needed) for row in rows]


def decisions_on(organisation: Organisation) -> list[VettingDecision]:
    """Return who decided what and when, on every application, in their order."""
    decisions = organisation.vetting_decisions.select_related("person")
    return list(decisions.order_by("decided_at", "id"))


def members_of(organisation: Organisation) -> list[Member]:
    held = Role.objects.filter(
        organisation=organisation, name__in=ORGANISATION_ROLES, ended_at=None
    ).select_related("person")
    return [Member(role.person, role) for role in held.order_by("granted_at", "id")]


def may_decide(organisation: Organisation, person: Person) -> bool:
    """Whether the next decision may be this reviewer's."""
    own = organisation.vetting_decisions.filter(application=organisation.application, person=person)
    applied = organisation.status == Organisation.Status.APPLIED
    return applied and not own.exists() and not is_member(person, organisation.id)


def days_since(application: Application) -> int:
    return (timezone.now() - application.received_at).days
