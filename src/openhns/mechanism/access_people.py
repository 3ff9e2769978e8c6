"""Reading people, their roles and invitations, as an administrator does.

Accounts belong to the installation: an administrator sees those who were entered or invited in
their own mechanism or ever held a role there, and whoever they find by exact name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from openhns.mechanism.access import NotFound
from openhns.mechanism.directory import party_names
from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.models import Invitation, Mechanism, PasswordHash, Person, Role
from openhns.mechanism.words import ROLES, label
from openhns.record.models import Event


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role of one person, and for whom: an organisation's or party's name, or nothing."""

    role: Role
    of: str

    @property
    def words(self) -> str:
        return label(ROLES, self.role.name)

    @classmethod
    def of_role(cls, role: Role, parties: Mapping[UUID, str]) -> Self:
        """Put the name to whom a role is held for; `parties` are names by identifier."""
        if role.organisation is not None:
            return cls(role, str(role.organisation.content["name"]))
        return cls(role, parties.get(role.party_id, "") if role.party_id else "")


@dataclass(frozen=True, slots=True)
class Account:
    """One person as an administrator sees them."""

    person: Person
    roles: Sequence[HeldRole]
    signs_in: bool
    invitation: Invitation | None


def people_of(mechanism: Mechanism) -> QuerySet[Person]:
    """Return the people who belong to a mechanism, the newest first."""
    held = Role.objects.filter(mechanism=mechanism, person=OuterRef("pk"))
    invited = Invitation.objects.filter(mechanism=mechanism, person=OuterRef("pk"))
    entered = Event.objects.filter(
        subject_id=OuterRef("pk"), name=MechanismEvent.PERSON_ENTERED, log_id=mechanism.id
    )
    own = Q(Exists(held)) | Q(Exists(invited)) | Q(Exists(entered))
    return Person.objects.filter(own, local=False).order_by("-made_at", "id")


def access_account(mechanism: Mechanism, person_id: UUID, found: Iterable[str] = ()) -> Person:
    """Return a person of the mechanism, or one of those found by name; raise NotFound."""
    person = people_of(mechanism).filter(id=person_id).first()
    if person is None and str(person_id) in found:
        person = Person.objects.filter(id=person_id, local=False, is_active=True).first()
    if person is None:
        raise NotFound
    return person


def accounts(mechanism: Mechanism, people: Sequence[Person]) -> list[Account]:
    """Return what is known of people, with a fixed number of queries."""
    ids = [person.id for person in people]
    held = Prefetch("roles", queryset=_roles_in(mechanism), to_attr="roles_here")
    whole = {each.id: each for each in Person.objects.filter(id__in=ids).prefetch_related(held)}
    with_password = set(PasswordHash.objects.filter(id__in=ids).values_list("id", flat=True))
    waiting = {each.person_id: each for each in open_invitations(mechanism).filter(person__in=ids)}
    parties = party_names(mechanism)
    return [
        Account(
            whole[each],
            [HeldRole.of_role(role, parties) for role in whole[each].roles_here],
            each in with_password,
            waiting.get(each),
        )
        for each in ids
    ]


def _roles_in(mechanism: Mechanism) -> QuerySet[Role]:
    held = Role.objects.filter(mechanism=mechanism, ended_at=None)
    return held.select_related("organisation").order_by("granted_at", "id")


def open_invitations(mechanism: Mechanism) -> QuerySet[Invitation]:
    """Return the invitations that still serve."""
    return Invitation.objects.filter(
        mechanism=mechanism, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )


def access_invitation(mechanism: Mechanism, invitation_id: UUID) -> Invitation:
    found = open_invitations(mechanism).filter(id=invitation_id).select_related("person").first()
    if found is None:
        raise NotFound
    return found


def access_role(mechanism: Mechanism, role_id: UUID) -> Role:
    """Return a role of the mechanism, held or ended; raise NotFound."""
    found = Role.objects.filter(mechanism=mechanism, id=role_id).select_related("person").first()
    if found is None:
        raise NotFound
    return found
