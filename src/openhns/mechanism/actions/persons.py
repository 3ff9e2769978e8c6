"""People get accounts and roles; roles end."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from openhns.mechanism import people
from openhns.mechanism.access import require_role
from openhns.mechanism.actions.seconding import require_second
from openhns.mechanism.errors import (
    NotFound,
    PersonExists,
    PersonInvalid,
    RoleEnded,
    RoleHeld,
    RoleInvalid,
)
from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.models import Mechanism, Organisation, Person, Role
from openhns.mechanism.policy import policy_of
from openhns.mechanism.uniqueness import unique_or
from openhns.record.writing import NewEvent, find_log, write_event
from openhns.vault.models import INSTALLATION

_LONGEST = 200
_SECONDED = people.OPERATOR_ROLES | people.ORGANISATION_ROLES


def do_add_person(
    name: str,
    email: str | None = None,
    phone: str | None = None,
    *,
    mechanism: Mechanism,
    acting_user: Person,
) -> Person:
    """Make an account without a way to sign in; raise PersonInvalid, PersonExists.

    Accounts belong to the installation; an administrator of any mechanism may make them.
    """
    require_role(acting_user, mechanism, Role.Name.ADMINISTRATOR)
    content = _person_content(name, email, phone)
    with transaction.atomic():
        person = Person(
            scope=INSTALLATION,
            handle=people.new_handle(),
            email_hash=people.email_hash(content["email"]) if "email" in content else None,
            made_at=timezone.now(),
        )
        person.set_unusable_password()
        person.seal_content(content)
        with unique_or(PersonExists("A person with that e-mail address has an account.")):
            person.save(force_insert=True)
        event = NewEvent(MechanismEvent.PERSON_ENTERED, "person", person.id, rows=[person])
        write_event(find_log(mechanism.id), event)
    return person


def _person_content(name: str, email: str | None, phone: str | None) -> dict[str, str]:
    given = {"name": name, "email": email or "", "phone": phone or ""}
    content = {key: " ".join(value.split()) for key, value in given.items() if value.strip()}
    if "name" not in content:
        raise PersonInvalid("A person has a name.")
    if any(len(value) > _LONGEST or not value.isprintable() for value in content.values()):
        raise PersonInvalid("A name, address or number is too long or holds control characters.")
    if "email" in content and not _is_address(content["email"]):
        raise PersonInvalid("The e-mail address has no @, or a blank in it.")
    return content


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(local and at and domain) and " " not in text


def do_grant_role(
    person: Person,
    mechanism: Mechanism,
    name: Role.Name | str,
    organisation: Organisation | None = None,
    party_id: UUID | None = None,
    *,
    acting_user: Person,
    seconded_by: Person | None = None,
) -> Role:
    """Give a role from now on; raise RoleInvalid, RoleHeld, SecondPersonNeeded.

    Where the policy asks for two persons and there are two administrators, no administrator
    alone makes another reviewer, transmitter or administrator; nor a reporter or approver, for
    both of an organisation's signatures would then be of one person's making.
    """
    wanted = checked_role(name, mechanism, organisation, party_id)
    if person.local:
        raise RoleInvalid("The local administrator's roles are fixed.")
    with transaction.atomic():
        mechanism = Mechanism.objects.select_for_update().get(id=mechanism.id)
        require_role(acting_user, mechanism, Role.Name.ADMINISTRATOR)
        if role_needs_second(mechanism, wanted):
            require_second(mechanism, acting_user, seconded_by, f"give the role {wanted}")
        role = Role(
            person=person,
            mechanism=mechanism,
            name=wanted,
            organisation=organisation,
            party_id=party_id,
            granted_at=timezone.now(),
        )
        with unique_or(RoleHeld("The person holds that role already.")):
            role.save(force_insert=True)
        _write(role, MechanismEvent.ROLE_GRANTED)
    return role


def checked_role(
    name: Role.Name | str,
    mechanism: Mechanism,
    organisation: Organisation | None,
    party_id: UUID | None,
) -> Role.Name:
    if name not in Role.Name.values:
        raise RoleInvalid(f"There is no such role; there are {', '.join(Role.Name.values)}.")
    wanted = Role.Name(name)
    if (organisation is not None) != (wanted in people.ORGANISATION_ROLES):
        raise RoleInvalid("Reporter and approver are roles in an organisation, others are not.")
    if (party_id is not None) != (wanted == Role.Name.LIAISON):
        raise RoleInvalid("Liaison is a role at a party, others are not.")
    if organisation is not None and organisation.mechanism_id != mechanism.id:
        raise NotFound("No organisation of that name, or none that you may see.")
    return wanted


def role_needs_second(mechanism: Mechanism, name: Role.Name | str) -> bool:
    """Whether the policy asks for two to give a role, and there is an administrator to ask."""
    return name in _SECONDED and two_are_needed(mechanism)


def two_are_needed(mechanism: Mechanism) -> bool:
    """Whether the policy asks for two persons, and there is an administrator to ask."""
    others = Role.objects.filter(
        mechanism=mechanism, name=Role.Name.ADMINISTRATOR, ended_at=None, person__is_active=True
    )
    return not policy_of(mechanism).one_person_suffices and others.exists()


def do_end_role(role: Role, *, acting_user: Person) -> Role:
    """End a role now; raise RoleEnded if it has ended."""
    with transaction.atomic():
        current = Role.objects.select_for_update().get(id=role.id)
        require_role(acting_user, current.mechanism, Role.Name.ADMINISTRATOR)
        if current.ended_at is not None:
            raise RoleEnded("That role has ended already.")
        current.ended_at = timezone.now()
        current.save(update_fields=["ended_at"])
        _write(current, MechanismEvent.ROLE_ENDED)
    return current


def _write(role: Role, name: MechanismEvent) -> None:
    body = {
        "role": str(role.name),
        "person": role.person.handle,
        "organisation": str(role.organisation_id) if role.organisation_id else None,
        "party": str(role.party_id) if role.party_id else None,
    }
    log = find_log(role.mechanism_id)
    write_event(log, NewEvent(name, "role", role.id, body, rows=[role]))
