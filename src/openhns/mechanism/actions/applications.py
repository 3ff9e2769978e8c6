"""Applications of organisations whose people have no account, and what the operator does then."""

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone

from openhns.mechanism.access import find_organisation, require_role
from openhns.mechanism.actions.organisations import do_apply, do_decide_on_organisation
from openhns.mechanism.errors import (
    ApplicationNotOpen,
    NotFound,
    OrganisationInvalid,
    ProposalInvalid,
)
from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.models import Application, Mechanism, Organisation, Person, Role
from openhns.record.writing import NewEvent, find_log, write_event

_LONGEST: Final[Mapping[str, int]] = {
    "name": 300,
    "person": 200,
    "email": 200,
    "phone": 60,
    "about": 4_000,
}
_CONTACT: Final[tuple[str, ...]] = ("person", "email", "phone")
_ON_ONE_LINE: Final = frozenset(_LONGEST) - {"about"}


def do_receive_application(given: Mapping[str, str], *, mechanism: Mechanism) -> Application:
    """Keep what a stranger sent: `name`, `person`, `email`, `phone`, `about`.

    It never looks whether such an organisation is known, so that no answer can tell. Raise
    OrganisationInvalid.
    """
    content = {key: given.get(key, "").strip() for key in _LONGEST}
    _check(content)
    row = Application(scope=mechanism.id, mechanism=mechanism, received_at=timezone.now())
    row.seal_content({key: value for key, value in content.items() if value})
    with transaction.atomic():
        row.save(force_insert=True)
        event = NewEvent(
            MechanismEvent.APPLICATION_RECEIVED, "application", row.id, rows=[row], actor="public"
        )
        write_event(find_log(mechanism.id), event)
    return row


def _check(content: Mapping[str, str]) -> None:
    if not content["name"]:
        raise OrganisationInvalid("An organisation has a name.")
    for key, value in content.items():
        printable = value.isprintable() if key in _ON_ONE_LINE else "\x00" not in value
        if len(value) > _LONGEST[key] or not printable:
            raise OrganisationInvalid("A text is too long or holds control characters.")


def known_organisation(application: Application) -> Organisation | None:
    """Return the organisation of that exact name that is there already."""
    try:
        return find_organisation(application.mechanism, application.content["name"])
    except NotFound:
        return None


def do_take_up(
    application: Application,
    favourable: bool,  # noqa: FBT001 - the second thing that a decision is.
    reason: str = "",
    *,
    acting_user: Person,
) -> Organisation:
    """Enter the organisation that applies, and decide on it as the first or only person.

    Raise ApplicationNotOpen, OrganisationExists where one of that name has applied or is vetted.
    """
    with transaction.atomic():
        row = _open(application, acting_user)
        content = row.content
        contact = {key: str(content[key]) for key in _CONTACT if key in content}
        organisation = do_apply(
            content["name"], contact, mechanism=row.mechanism, acting_user=acting_user
        )
        decided = do_decide_on_organisation(
            organisation, favourable, reason, acting_user=acting_user
        )
        row.state, row.organisation = Application.State.TAKEN_UP, decided
        _close(row, MechanismEvent.APPLICATION_TAKEN_UP, acting_user)
    return decided


def do_set_aside(application: Application, because: str, *, acting_user: Person) -> Application:
    """Leave an application: somebody applied twice, or it is no organisation's."""
    if not because.strip():
        raise ProposalInvalid("Say in a sentence why it is set aside.")
    with transaction.atomic():
        row = _open(application, acting_user)
        row.seal_content(row.content | {"because": because.strip()})
        row.state = Application.State.SET_ASIDE
        _close(row, MechanismEvent.APPLICATION_SET_ASIDE, acting_user)
    return row


def _open(application: Application, person: Person) -> Application:
    row = Application.objects.select_for_update().get(id=application.id)
    require_role(person, row.mechanism, Role.Name.REVIEWER)
    if row.state != Application.State.WAITING:
        raise ApplicationNotOpen("This application was taken up or set aside already.")
    return row


def _close(row: Application, name: MechanismEvent, person: Person) -> None:
    row.save()
    body = {"by": person.handle, "organisation": _id_of(row.organisation)}
    event = NewEvent(name, "application", row.id, body, rows=[row])
    write_event(find_log(row.mechanism_id), event)


def _id_of(organisation: Organisation | None) -> str | None:
    return str(organisation.id) if organisation else None
