"""People: finding them, and the local administrator in whose name commands act."""

import secrets
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from openhns.mechanism.errors import PersonNotFound
from openhns.mechanism.models import Person, Role
from openhns.proofs.marks import composed
from openhns.vault.actions import do_make_keys
from openhns.vault.models import INSTALLATION
from openhns.vault.rings import ring_of

LOCAL_HANDLE: Final = "local-administrator"
_EMAIL: Final = "person-email"
_HANDLE_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # None that a reader mistakes.
_HANDLE_LENGTH: Final = 10

OPERATOR_ROLES: Final = frozenset(
    {Role.Name.REVIEWER, Role.Name.TRANSMITTER, Role.Name.ADMINISTRATOR}
)
ORGANISATION_ROLES: Final = frozenset({Role.Name.REPORTER, Role.Name.APPROVER})


def fold_exactly(text: str) -> str:
    """Return the form under which an exact name or address is found: case and blanks folded."""
    folded = composed(composed(text).casefold())
    return " ".join(folded.split())


def new_handle() -> str:
    return "".join(secrets.choice(_HANDLE_LETTERS) for _ in range(_HANDLE_LENGTH))


def email_hash(email: str) -> bytes:
    return ring_of(INSTALLATION).keyed_hash(_EMAIL, fold_exactly(email))


def local_administrator() -> Person:
    """Return the person whom commands act for when none is named; made on first use.

    Whoever may run commands here holds the database and the keys. This person stands for that
    in the record, is one person only, and has no account to sign in with.
    """
    found = Person.objects.filter(handle=LOCAL_HANDLE).first()
    return found or _make_local_administrator()


def _make_local_administrator() -> Person:
    with transaction.atomic():
        do_make_keys(INSTALLATION)
    person = Person(scope=INSTALLATION, handle=LOCAL_HANDLE, local=True, made_at=timezone.now())
    person.set_unusable_password()
    person.seal_content({"name": "Local administrator"})
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:  # Another process was first.
        return Person.objects.get(handle=LOCAL_HANDLE)
    return person


def find_person(handle_or_email: str) -> Person:
    """Return the active person of that handle or e-mail address; raise PersonNotFound."""
    wanted = handle_or_email.strip()
    found = Person.objects.filter(handle=wanted, is_active=True).first()
    if found is None and "@" in wanted:
        found = Person.objects.filter(email_hash=email_hash(wanted), is_active=True).first()
    if found is None:
        raise PersonNotFound(
            "Nobody has an account under that handle or e-mail address: `openhns person list` "
            "shows the handles, `openhns person add` makes an account."
        )
    return found


def shown_name_of(handle: str | None) -> str:
    """Return what screens call the person of a handle; nothing where there is none."""
    person = Person.objects.filter(handle=handle).first() if handle else None
    return person.shown_name if person else ""


def acts_for(person: Person, organisation_id: UUID) -> bool:
    """Whether a person may act and read as one of an organisation's people."""
    return person.acting_roles().filter(organisation_id=organisation_id).exists()


def is_member(person: Person, organisation_id: UUID) -> bool:
    """Whether a person holds a role in an organisation now, in whichever role they act.

    By this the operator's people are kept from deciding on their own organisation.
    """
    return Role.objects.filter(
        person=person, organisation_id=organisation_id, ended_at=None
    ).exists()
