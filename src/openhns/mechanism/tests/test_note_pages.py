"""Notes, tokens, the access journal and exports, on screen."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from openhns.mechanism.access import record_exact_read
from openhns.mechanism.actions import do_digest_journal, do_write_note
from openhns.mechanism.models import ApiToken, ExactRead, Note, NoteDelivery, Role
from openhns.mechanism.tests.screens import bob, give, key_on, outsider, path, said, send, text_of
from openhns.testing_world import World, make_organisation, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = {"text_en": "A party left.\n\nMore follows.", "text_fr": "Partie.", "text_ar": "غادر طرف."}


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def received(world: World) -> str:
    return path(world, f"organisations/{world.organisation.id}/notes/")


def test_a_note_is_shown_before_it_is_sent_and_sent_once(world: World) -> None:
    client, new = bob(world), path(world, "notes/new/")
    fields = TEXTS | {"key": key_on(client, new)}
    preview = said(client.post(new, fields | {"act": "preview"}))
    assert '<div lang="ar" dir="rtl"><p>غادر طرف.</p></div>' in preview
    assert "1 organisation is vetted now" in preview
    assert not Note.objects.exists()
    change = said(client.post(new, fields | {"act": "change"}))
    assert "<textarea" in change
    for _ in range(2):
        answer = send(client, new, fields | {"act": "send"})
    assert "The note went to 1 organisation." in said(answer)
    assert Note.objects.count() == 1


def test_a_note_is_written_in_each_language_of_the_mechanism(world: World) -> None:
    answer = bob(world).post(path(world, "notes/new/"), TEXTS | {"text_fr": " ", "act": "send"})
    assert "This field is required." in said(answer)
    assert not Note.objects.exists()


def test_opening_a_note_records_nothing_and_confirming_does(world: World) -> None:
    text = {"en": "First note", "ar": "ملاحظة"}
    note = do_write_note(text, mechanism=world.mechanism, acting_user=world.bob)
    alice = visitor(world.alice)
    page = f"{received(world)}{note.id}/"
    assert "First note" in text_of(alice, page)
    assert alice.get(f"{page}read/").status_code == 405
    assert NoteDelivery.objects.get().read_at is None
    assert "Not read" in text_of(bob(world), path(world, f"notes/{note.id}/"))
    for _ in range(2):
        assert "The operator sees now" in said(send(alice, f"{page}read/"))
    assert "1 of 1" in text_of(bob(world), path(world, "notes/"))


def test_unread_notes_come_first(world: World) -> None:
    for number in (1, 2, 3):
        text = {"en": f"Number {number}"}
        do_write_note(text, mechanism=world.mechanism, acting_user=world.bob)
    newest = Note.objects.order_by("-written_at")[0]
    alice = visitor(world.alice)
    send(alice, f"{received(world)}{newest.id}/read/")
    order = re.findall(r"Number (\d)", text_of(alice, received(world)))
    assert order == ["2", "1", "3"]


def test_a_note_is_read_by_its_organisation_alone(world: World) -> None:
    note = do_write_note({"en": "x"}, mechanism=world.mechanism, acting_user=world.bob)
    second = make_organisation(world.mechanism, "Second", world.bob)
    give(world, world.outsider, Role.Name.REPORTER, organisation=second)
    page = f"{received(world)}{note.id}/"
    for client in (outsider(world), bob(world), Client()):
        assert client.get(page).status_code == 404
        assert client.post(f"{page}read/").status_code == 404
    theirs = path(world, f"organisations/{second.id}/notes/")
    assert "No note has come yet" in text_of(outsider(world), theirs)
    assert outsider(world).get(f"{theirs}{note.id}/").status_code == 404
    assert visitor(world.alice).get(path(world, "notes/")).status_code == 404


def test_a_token_is_shown_once_and_revoked(world: World) -> None:
    alice, page = visitor(world.alice), path(world, "tokens/")
    role = Role.objects.get(person=world.alice, name="reporter")
    fields = {"role": str(role.id), "key": key_on(alice, page)}
    shown = said(send(alice, page, fields))
    assert "openhns_" in shown.replace("openhns_csrf", "").replace("openhns_language", "")
    assert "shown this once" not in text_of(alice, page)
    send(alice, page, fields)
    token = ApiToken.objects.get()
    assert bob(world).post(path(world, f"tokens/{token.id}/revoke/")).status_code == 404
    for _ in range(2):
        revoked = said(send(alice, path(world, f"tokens/{token.id}/revoke/")))
        assert "The token counts no longer." in revoked
    others = Role.objects.get(person=world.bob, name="reviewer")
    assert "Select a valid choice" in said(send(alice, page, {"role": str(others.id)}))
    assert outsider(world).get(page).status_code == 404


def test_the_journal_shows_who_read_how_many_for_what_and_never_which(world: World) -> None:
    places = [uuid4(), uuid4()]
    record_exact_read(world.bob, world.mechanism, "review queue", places)
    record_exact_read(world.bob, world.mechanism, "bundle as csv", places[:1])
    give(world, world.outsider, Role.Name.AUDITOR)
    for client in (outsider(world), bob(world)):
        assert "Not yet" in text_of(client, path(world, "journal/"))
        day = text_of(client, path(world, f"journal/{timezone.now():%Y-%m-%d}/"))
        assert world.bob.handle in day
        assert "Bundle for a party (csv)" in day
        assert str(places[0]) not in day
        assert "Bob</" not in day.partition("<main")[2]
    assert visitor(world.alice).get(path(world, "journal/")).status_code == 404
    assert bob(world).get(path(world, "journal/yesterday/")).status_code == 404


def test_the_journal_counts_what_came_since_what_came_late_and_not_what_is_gone(
    world: World,
) -> None:
    page = path(world, f"journal/{timezone.now():%Y-%m-%d}/")

    def shown() -> tuple[int, int]:
        (row,) = html.fromstring(bob(world).get(page).content).xpath("//main//tbody/tr")
        times, places = (cell.text_content().strip() for cell in row.xpath("td")[-2:])
        return int(times), int(places)

    record_exact_read(world.bob, world.mechanism, "review queue", [uuid4()])
    assert shown() == (1, 1)
    record_exact_read(world.bob, world.mechanism, "review queue", [uuid4(), uuid4()])
    assert shown() == (2, 3)
    record_exact_read(world.bob, world.mechanism, "review queue", [uuid4()])
    late = ExactRead.objects.order_by("-read_at")[0]
    first = ExactRead.objects.order_by("read_at")[0]
    ExactRead.objects.filter(id=late.id).update(read_at=first.read_at - timedelta(milliseconds=1))
    assert shown() == (3, 4)
    late.delete()
    assert shown() == (2, 3)


def test_a_day_s_digest_is_compared_with_the_journal_as_it_stands(world: World) -> None:
    for _ in range(2):
        record_exact_read(world.bob, world.mechanism, "review queue", [uuid4()])
    yesterday = timezone.now() - timedelta(days=1)
    ExactRead.objects.update(read_at=yesterday)
    do_digest_journal(world.mechanism, yesterday.date())
    page = path(world, f"journal/{yesterday:%Y-%m-%d}/")
    assert "In the log" in text_of(bob(world), path(world, "journal/"))
    assert "It fits" in text_of(bob(world), page)
    ExactRead.objects.first().delete()  # type: ignore[union-attr]
    assert "It does not fit" in text_of(bob(world), page)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_the_first_and_the_last_day_that_can_be_written_have_a_page(world: World, day: str) -> None:
    shown = text_of(bob(world), path(world, f"journal/{day}/"))
    assert "No exact place was read on this day." in shown
