"""Who may do and see what. Absent and forbidden give one and the same answer."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from openhns.mechanism import people
from openhns.mechanism.errors import (
    MechanismNotNamed,
    NoMechanism,
    NotAllowed,
    NotFound,
    OrganisationNotVetted,
)
from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.models import ExactRead, Mechanism, Organisation, Person, Role
from openhns.mechanism.policy import policy_of
from openhns.record.writing import NewEvent, find_log, write_event
from openhns.vault.rings import ring_of

__all__ = [
    "NotAllowed",
    "NotFound",
    "access_organisation",
    "find_mechanism",
    "find_organisation",
    "has_any_role",
    "has_role",
    "organisation_hash",
    "organisations_visible_to",
    "record_exact_read",
    "require_any_role",
    "require_role",
    "vetted_organisation",
]

OPERATOR: Final = "operator"
_ACTORS: Final = {
    Role.Name.REPORTER: "organisation",
    Role.Name.APPROVER: "organisation",
    Role.Name.LIAISON: "party",
    Role.Name.AUDITOR: "auditor",
}


def has_role(
    person: Person,
    mechanism: Mechanism,
    role: Role.Name,
    organisation: Organisation | None = None,
    party_id: UUID | None = None,
) -> bool:
    """Whether a person holds a role now; the local administrator holds the operator's roles."""
    if not person.is_active:
        return False
    if person.local:
        return role in people.OPERATOR_ROLES
    held = person.acting_roles().filter(mechanism=mechanism, name=role, party_id=party_id)
    return held.filter(organisation=organisation).exists()


def has_any_role(person: Person, mechanism: Mechanism, roles: Iterable[Role.Name]) -> bool:
    """Whether a person holds one of these roles now, in one question; none of an organisation."""
    wanted = sorted(roles)
    if not person.is_active:
        return False
    if person.local:
        return any(role in people.OPERATOR_ROLES for role in wanted)
    held = person.acting_roles().filter(mechanism=mechanism, name__in=wanted)
    return held.filter(organisation=None, party_id=None).exists()


def _acts_for_organisation(person: Person, mechanism: Mechanism, role: Role.Name) -> bool:
    local = person.local and person.is_active and role in people.ORGANISATION_ROLES
    return local and policy_of(mechanism).one_person_suffices


def require_role(
    person: Person,
    mechanism: Mechanism,
    role: Role.Name | str,
    organisation: Organisation | None = None,
    party_id: UUID | None = None,
) -> str:
    """Return the actor to write into events: `operator`, `organisation`, `party`, `auditor`.

    Raise NotAllowed unless the person holds the role. Where one person suffices, the local
    administrator may act on an organisation's behalf, and the actor is then the operator.
    """
    wanted = Role.Name(role)
    if has_role(person, mechanism, wanted, organisation, party_id):
        return _ACTORS.get(wanted, OPERATOR)
    if _acts_for_organisation(person, mechanism, wanted):
        return OPERATOR
    raise NotAllowed(_refusal(person, mechanism, (wanted,)))


def require_any_role(person: Person, mechanism: Mechanism, roles: Iterable[Role.Name]) -> str:
    """Return the actor; raise NotAllowed unless the person holds one of the operator's roles."""
    wanted = tuple(roles)
    if has_any_role(person, mechanism, wanted):
        return OPERATOR
    raise NotAllowed(_refusal(person, mechanism, wanted))


def _refusal(person: Person, mechanism: Mechanism, roles: tuple[Role.Name, ...]) -> str:
    names = " or ".join(roles)
    hint = "Act as somebody who holds it: --as USER."
    if person.local and roles[0] in people.ORGANISATION_ROLES:
        hint = (
            "Under this policy nobody acts for an organisation but its own people: --as USER, "
            "with an account from `openhns person add` and a role from `openhns person role`."
        )
    return f"This act needs the role {names} in mechanism {mechanism.slug}. {hint}"


def find_mechanism(slug: str | None = None) -> Mechanism:
    """Return the mechanism of that slug, or the only one there is."""
    if slug is not None:
        found = Mechanism.objects.filter(slug=slug).first()
        if found is None:
            raise NoMechanism(f"No mechanism {slug[:50]!r} is set up here.")
        return found
    several = list(Mechanism.objects.order_by("slug")[:2])
    if not several:
        raise NoMechanism("No mechanism is set up here yet: run `openhns init --mechanism SLUG`.")
    if len(several) > 1:
        raise MechanismNotNamed("Several mechanisms are kept here: name one with --mechanism.")
    return several[0]


def organisation_hash(mechanism: Mechanism, name: str) -> bytes:
    """Return the keyed hash by which an organisation is found under its exact name."""
    return ring_of(mechanism.id).keyed_hash("organisation-name", people.fold_exactly(name))


def organisations_visible_to(person: Person, mechanism: Mechanism) -> list[Organisation]:
    """Return every organisation for the operator's people, for others those they belong to."""
    everyone = Organisation.objects.filter(mechanism=mechanism).order_by("applied_at", "id")
    if has_any_role(person, mechanism, people.OPERATOR_ROLES):
        return list(everyone)
    own = person.acting_roles().filter(mechanism=mechanism)
    return list(everyone.filter(id__in=own.values("organisation_id")))


def find_organisation(mechanism: Mechanism, name: str) -> Organisation:
    """Return the organisation of that exact name, case and blanks aside; raise NotFound.

    For the program's own use: what a person may see goes through `access_organisation`.
    """
    found = Organisation.objects.filter(
        mechanism=mechanism, name_hash=organisation_hash(mechanism, name)
    ).first()
    if found is None:
        raise NotFound("No organisation of that name, or none that you may see.")
    return found


def access_organisation(
    person: Person, mechanism: Mechanism, name_or_id: str | UUID
) -> Organisation:
    """Return an organisation that the person may see; raise NotFound."""
    found = _organisation(mechanism, name_or_id)
    if found is None or not _may_see(person, mechanism, found):
        raise NotFound("No organisation of that name, or none that you may see.")
    return found


def _may_see(person: Person, mechanism: Mechanism, organisation: Organisation) -> bool:
    operator = has_any_role(person, mechanism, people.OPERATOR_ROLES)
    return operator or people.acts_for(person, organisation.id)


def _organisation(mechanism: Mechanism, name_or_id: str | UUID) -> Organisation | None:
    own = Organisation.objects.filter(mechanism=mechanism)
    identifier = name_or_id if isinstance(name_or_id, UUID) else _as_uuid(name_or_id)
    if identifier is not None:
        return own.filter(id=identifier).first()
    return own.filter(name_hash=organisation_hash(mechanism, str(name_or_id))).first()


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def vetted_organisation(organisation: Organisation) -> Organisation:
    """Return the organisation as it stands; raise OrganisationNotVetted unless it is vetted."""
    current = Organisation.objects.get(id=organisation.id)
    if current.status != Organisation.Status.VETTED:
        raise OrganisationNotVetted(
            f"The organisation's status is {current.status}: it must be vetted first "
            "(`openhns organisation vet`)."
        )
    return current


def record_exact_read(
    person: Person, mechanism: Mechanism, purpose: str, listing_ids: Iterable[UUID]
) -> ExactRead:
    """Write into the access journal that exact places were read, by whom and what for."""
    listings = sorted(str(listing) for listing in listing_ids)
    row = ExactRead(
        scope=mechanism.id,
        mechanism=mechanism,
        person=person,
        read_at=timezone.now(),
        listings=len(listings),
    )
    row.seal_content({"purpose": purpose, "listings": listings})
    with transaction.atomic():
        row.save(force_insert=True)
        event = NewEvent(MechanismEvent.EXACT_PLACES_READ, "exact-read", row.id, rows=[row])
        write_event(find_log(mechanism.id), event)
    return row
