"""The operator writes to all organisations; each reads its own copy."""

import re
from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone

from openhns.mechanism.access import require_any_role, require_role
from openhns.mechanism.errors import NotAllowed, NoteInvalid
from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.models import Mechanism, Note, NoteDelivery, Organisation, Person, Role
from openhns.record.writing import NewEvent, find_log, write_event

_LONGEST: Final = 20_000
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,8})?")


def do_write_note(text: Mapping[str, str], *, mechanism: Mechanism, acting_user: Person) -> Note:
    """Write a note, text by language, to every organisation that is vetted now."""
    _check_text(text)
    with transaction.atomic():
        roles = (Role.Name.TRANSMITTER, Role.Name.ADMINISTRATOR)
        require_any_role(acting_user, mechanism, roles)
        note = Note(scope=mechanism.id, mechanism=mechanism, written_at=timezone.now())
        note.seal_content({"text": dict(text), "by": acting_user.handle})
        note.save(force_insert=True)
        vetted = Organisation.objects.filter(
            mechanism=mechanism, status=Organisation.Status.VETTED
        ).order_by("id")
        copies = NoteDelivery.objects.bulk_create(
            NoteDelivery(note=note, organisation=organisation) for organisation in vetted
        )
        body = {"organisations": len(copies)}
        event = NewEvent(MechanismEvent.NOTE_WRITTEN, "note", note.id, body, rows=[note, *copies])
        write_event(find_log(mechanism.id), event)
    return note


def _check_text(text: Mapping[str, str]) -> None:
    if not text or not all(item.strip() for item in text.values()):
        raise NoteInvalid("A note has a text, in each language that it names.")
    if not all(_LANGUAGE.fullmatch(language) for language in text):
        raise NoteInvalid("A note's languages are named by code (BCP 47), such as en, fr, ar.")
    if any(len(item) > _LONGEST for item in text.values()):
        raise NoteInvalid(f"A note has at most {_LONGEST} characters in each language.")


def do_read_note(delivery: NoteDelivery, *, acting_user: Person) -> NoteDelivery:
    """Record that an organisation read its copy; the first reading counts, later ones do not."""
    with transaction.atomic():
        current = NoteDelivery.objects.select_for_update().get(id=delivery.id)
        actor = _require_reader(current, acting_user)
        if current.read_at is not None:
            return current
        current.read_at = timezone.now()
        current.save(update_fields=["read_at"])
        body = {"note": str(current.note_id), "by": acting_user.handle}
        event = NewEvent(
            MechanismEvent.NOTE_READ, "note", current.note_id, body, rows=[current], actor=actor
        )
        write_event(find_log(current.note.mechanism_id), event)
    return current


def _require_reader(delivery: NoteDelivery, person: Person) -> str:
    organisation = delivery.organisation
    try:
        return require_role(person, organisation.mechanism, Role.Name.REPORTER, organisation)
    except NotAllowed:
        return require_role(person, organisation.mechanism, Role.Name.APPROVER, organisation)
