from datetime import UTC, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from openhns.mechanism.access import record_exact_read
from openhns.mechanism.actions import (
    do_apply,
    do_digest_journal,
    do_read_note,
    do_write_note,
)
from openhns.mechanism.errors import NotAllowed, NoteInvalid
from openhns.mechanism.models import ExactRead
from openhns.proofs.canonical import parse
from openhns.record.models import Event
from openhns.testing_world import make_organisation, make_world

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_note_reaches_every_vetted_organisation_and_no_other(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    second = make_organisation(world.mechanism, "Second", world.bob)
    do_apply("Not vetted", mechanism=world.mechanism, acting_user=world.outsider)
    text = {"en": "Party A left.", "fr": "A est parti."}
    note = do_write_note(text, mechanism=world.mechanism, acting_user=world.bob)

    reached = {delivery.organisation for delivery in note.deliveries.all()}
    assert reached == {world.organisation, second}
    assert note.content["text"] == text
    assert b"left" not in bytes(note.sealed)
    body = parse(Event.objects.get(name="note:written").canonical)["body"]
    assert body["organisations"] == 2
    assert len(body["rows"]) == 3


def test_a_note_is_read_once_and_by_its_organisation_alone(data_folder: Path) -> None:
    del data_folder
    world = make_world("two-person")
    note = do_write_note({"en": "x"}, mechanism=world.mechanism, acting_user=world.bob)
    delivery = note.deliveries.get()
    for stranger in (world.outsider, world.bob, world.administrator):
        with pytest.raises(NotAllowed):
            do_read_note(delivery, acting_user=stranger)
    first = do_read_note(delivery, acting_user=world.alice)
    again = do_read_note(delivery, acting_user=world.second_approver)
    assert first.read_at == again.read_at is not None
    assert Event.objects.filter(name="note:read").count() == 1


@pytest.mark.parametrize(
    "text", [{}, {"en": " "}, {"english language": "x"}, {"en": "x" * 20_001}, {"EN": "x"}]
)
def test_a_note_without_a_text_is_refused(data_folder: Path, text: dict[str, str]) -> None:
    del data_folder
    world = make_world()
    with pytest.raises(NoteInvalid):
        do_write_note(text, mechanism=world.mechanism, acting_user=world.bob)


def test_only_the_operator_writes_notes(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    with pytest.raises(NotAllowed):
        do_write_note({"en": "x"}, mechanism=world.mechanism, acting_user=world.alice)


def test_a_day_of_the_access_journal_is_digested_once_and_without_names(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    read = record_exact_read(world.bob, world.mechanism, "bundle", [uuid4(), uuid4()])
    today = read.read_at.astimezone(UTC).date()
    assert do_digest_journal(world.mechanism, today) is None
    ExactRead.objects.update(read_at=timezone.now() - timedelta(days=1))
    yesterday = today - timedelta(days=1)
    event = do_digest_journal(world.mechanism, yesterday)
    assert event is not None
    body = parse(event.canonical)["body"]
    assert (body["reads"], body["listings"], body["day"]) == (1, 2, yesterday.isoformat())
    assert do_digest_journal(world.mechanism, yesterday) is None
