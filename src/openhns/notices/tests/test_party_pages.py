"""Parties through the operator's pages: participation, focal points, keys, and a withdrawal."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from openhns.mechanism.models import Note, Person, Role
from openhns.notices.models import Notice
from openhns.notices.tests.building import (
    GAO,
    add_listing,
    movement_facts,
    site_facts,
    transmit,
)
from openhns.parties.access import participates_at
from openhns.parties.fingerprint import _WORDS, digit_groups, word_rows
from openhns.parties.models import FocalPoint, Participation, Party, PartyKey
from openhns.registry.models import Consent, Listing
from openhns.testing_world import World, make_party_key, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def _at(world: World, rest: str = "", party: int | None = 0) -> str:
    one = "" if party is None else f"{world.parties[party].id}/"
    return f"/{world.mechanism.slug}/parties/{one}{rest}"


def _read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def _post(client: Client, address: str, data: dict[str, Any]) -> str:
    return client.post(address, {"key": str(uuid4()), **data}, follow=True).content.decode()


def _moment(moment: datetime, name: str) -> dict[str, str]:
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    return {f"{name}_0": text, f"{name}_1": "+00:00"}


def _transmitter(world: World) -> Person:
    """Return Bob, who is from now on transmitter alone."""
    for role in Role.objects.filter(person=world.bob).exclude(name="transmitter"):
        Role.objects.filter(id=role.id).update(ended_at=timezone.now())
    return world.bob


def test_the_list_and_the_page_show_how_a_party_takes_part(world: World) -> None:
    client = visitor(world.bob)
    text = _read(client, _at(world, party=None))
    assert "Party A" in text
    assert "Takes part" in text
    assert "Nobody is named" in text
    page = _read(client, _at(world))
    assert "Participation over time" in page
    assert "No key is registered." in page


def test_a_party_is_added_once(world: World) -> None:
    client, data = visitor(world.bob), {"key": str(uuid4()), "name": "Party C"}
    assert "The party is added" in _post(client, _at(world, "new/", None), data)
    assert "The party is added" in _post(client, _at(world, "new/", None), data)
    assert Party.objects.filter(name="Party C").count() == 1
    again = _post(client, _at(world, "new/", None), {"name": "party c"})
    assert "There is a party of that name already" in again
    assert "This field is required." in _post(client, _at(world, "new/", None), {"name": ""})
    bad = {"name": "Party D", "since_0": "soon", "since_1": "+00:00"}
    assert "This is no date and time" in _post(client, _at(world, "new/", None), bad)
    assert Party.objects.filter(mechanism=world.mechanism).count() == 3


def test_participation_is_stated_with_its_time_and_reason(world: World) -> None:
    client = visitor(world.bob)
    since = timezone.now() + timedelta(minutes=2)
    key = str(uuid4())
    data = {"key": key, "status": "suspended", "reason": "A dispute.", "document": "Letter 12"}
    data |= _moment(since, "effective_at")
    for _ in range(2):
        text = _post(client, _at(world, "participation/"), data)
    assert "The statement is recorded and public." in text
    assert "A dispute." in text
    assert "Letter 12" in text
    assert not participates_at(world.parties[0], since)
    assert Participation.objects.filter(party=world.parties[0]).count() == 2
    for change, words in (
        ({"status": "withdrawn"}, "Select a valid choice."),
        ({"effective_at_0": ""}, "Give the date and the time."),
    ):
        answer = _post(client, _at(world, "participation/"), {**data, **change, "key": uuid4()})
        assert words in answer
    assert Participation.objects.filter(party=world.parties[0]).count() == 2


def test_a_focal_point_is_named_sealed_and_followed_by_the_next(world: World) -> None:
    client = visitor(world.bob)
    data = {"key": str(uuid4()), "name": "Colonel X", "phone": "+223 70 00 00 09"}
    for _ in range(2):
        text = _post(client, _at(world, "focal-point/"), data)
    assert "Colonel X" in text
    assert "+223 70 00 00 09" in text
    assert FocalPoint.objects.count() == 1
    assert b"Colonel" not in bytes(FocalPoint.objects.get().sealed)
    _post(client, _at(world, "focal-point/"), {"name": "Major Y", "email": "y@example.org"})
    assert FocalPoint.objects.filter(until=None).count() == 1
    for change, words in (
        ({"name": ""}, "This field is required."),
        ({"name": "Z", "email": "nowhere"}, "Enter a valid email address."),
    ):
        assert words in _post(client, _at(world, "focal-point/"), change)
    assert FocalPoint.objects.count() == 2


def test_keys_are_compared_by_words_and_revoked(world: World) -> None:
    _, key = make_party_key(world.parties[0], world.administrator)
    client = visitor(world.bob)
    text = _read(client, _at(world))
    for row in word_rows(key.kid):
        assert " ".join(row) in text
    assert digit_groups(key.kid) in text
    page = _at(world, f"keys/{key.kid}/")
    assert "counts no longer" in _read(client, page)
    assert "The key is revoked." in _post(client, page, {})
    assert "The key is revoked." in _post(client, page, {})
    key.refresh_from_db()
    assert key.revoked_at is not None
    later = _moment(timezone.now() + timedelta(days=2), "since")
    assert "revoked, from that time or an earlier one" in _post(client, page, later)
    earlier = _moment(timezone.now() - timedelta(days=2), "since")
    assert "The key is revoked." in _post(client, page, earlier)
    assert client.get(_at(world, f"keys/{key.kid}/", 1)).status_code == 404
    assert client.get(_at(world, "keys/unknown/")).status_code == 404


def test_the_words_of_a_fingerprint_are_256_and_each_stands_once() -> None:
    assert len(_WORDS) == len(set(_WORDS)) == 256


def test_only_administrators_change_parties(world: World) -> None:
    _, key = make_party_key(world.parties[0], world.administrator)
    changes = (
        _at(world, "new/", None),
        _at(world, "participation/"),
        _at(world, "focal-point/"),
        _at(world, "withdrawal/"),
    )
    reading = (_at(world, party=None), _at(world))
    revoking = _at(world, f"keys/{key.kid}/")
    for person in (world.alice, world.outsider):
        client = visitor(person)
        for address in (*changes, *reading, revoking):
            assert client.get(address).status_code == 404, address
            assert client.post(address, {"key": str(uuid4())}).status_code == 404, address
    client = visitor(_transmitter(world))
    for address in changes:
        assert client.get(address).status_code == 404, address
    for address in (*reading, revoking):
        assert client.get(address).status_code == 200, address
    page = _read(client, _at(world))
    assert "Record a withdrawal" not in page
    assert "Revoke this key" in page
    assert PartyKey.objects.filter(revoked_at=None).count() == 1


def _leaving(step: str, **more: str) -> dict[str, str]:
    moment = _moment(timezone.now() - timedelta(minutes=5), "effective_at")
    return {"step": step, "reason": "It named the inquiry.", **moment, **more}


def _told_world(world: World) -> None:
    one, two = world.parties
    add_listing(world, site_facts("Gao Hospital"), {one: "exact", two: "exact"})
    moving = movement_facts("Convoy 7", GAO, (GAO[0] + 500_000, GAO[1]))
    add_listing(world, moving, {one: "exact"}, Listing.Kind.MOVEMENT)
    transmit(world)


def test_a_withdrawal_shows_what_follows_before_it_is_done(world: World) -> None:
    _told_world(world)
    client = visitor(world.bob)
    assert "Show what follows" in _read(client, _at(world, "withdrawal/"))
    text = _post(client, _at(world, "withdrawal/"), _leaving("preview"))
    assert "Nothing is recorded yet." in text
    assert '<span class="big">2</span> entries' in text
    assert '<span class="big">2</span> consents are suspended.' in text
    assert "Movements to come that it knows of" in text
    assert "Ministry of Health" in text
    assert "has stated that it takes no part in the notification system" in text
    assert "a déclaré ne plus participer" in text
    assert 'lang="ar" dir="rtl"' in text
    assert "This notice is for information." in text
    assert Participation.objects.filter(status="withdrawn").count() == 0
    assert not Note.objects.exists()


def test_a_withdrawal_names_each_movement_that_the_party_was_told_of(world: World) -> None:
    _told_world(world)
    convoy = Listing.objects.get(kind=Listing.Kind.MOVEMENT)
    told = Notice.objects.get(party=world.parties[0], listing=convoy)
    client = visitor(world.bob)
    for hours, heading in ((0, "Movements to come"), (3, "Movements under way")):
        when = _moment(timezone.now() + timedelta(hours=hours), "effective_at")
        text = _post(client, _at(world, "withdrawal/"), _leaving("preview") | when)
        section = text[text.index(heading) :]
        table = section[: section.index("</table>")]
        assert "<bdi>Convoy 7</bdi>" in table
        assert f'<bdi dir="ltr" class="ltr">{convoy.id}</bdi>' in table
        assert f'<bdi dir="ltr" class="ltr">{told.number}</bdi>' in table
        assert "Ministry of Health" in table
        assert told.valid_until is not None
        for moment in (told.valid_from, told.valid_until):
            assert f"{moment:%H:%M}" in table
        assert table.count("UTC") == 2


def test_a_withdrawal_is_done_on_the_typed_name_and_once(world: World) -> None:
    _told_world(world)
    client = visitor(world.bob)
    wrong = _post(client, _at(world, "withdrawal/"), _leaving("withdraw", typed="Party B"))
    assert "This is not the party&#x27;s name. Nothing was recorded." in wrong
    assert participates_at(world.parties[0], timezone.now())
    data = _leaving("withdraw", typed=" Party A ")
    text = _post(client, _at(world, "withdrawal/"), data)
    assert "The withdrawal is recorded. 2 consents are suspended." in text
    assert "1 organisation has a note." in text
    assert "It named the inquiry." in text
    stated = Participation.objects.filter(status="withdrawn").count()
    assert "recorded before" in _post(client, _at(world, "withdrawal/"), data)
    assert Participation.objects.filter(status="withdrawn").count() == stated
    assert Consent.objects.filter(party=world.parties[0], suspended_at=None).count() == 0
    assert Note.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": " "}, "This field is required."),
        ({"effective_at_0": ""}, "Give the date and the time."),
        ({"effective_at_0": "June"}, "This is no date and time"),
    ],
)
def test_a_withdrawal_needs_a_time_and_a_reason(
    world: World, change: dict[str, str], words: str
) -> None:
    data = {**_leaving("withdraw", typed="Party A"), **change}
    assert words in _post(visitor(world.bob), _at(world, "withdrawal/"), data)
    assert participates_at(world.parties[0], timezone.now())


def test_who_changes_something_finds_what_was_typed(world: World) -> None:
    text = _post(visitor(world.bob), _at(world, "withdrawal/"), _leaving("change"))
    assert "It named the inquiry." in text
    assert "Show what follows" in text


@pytest.mark.parametrize("step", ["preview", "withdraw"])
def test_who_has_left_cannot_leave_again_and_is_told_so_once(world: World, step: str) -> None:
    client = visitor(world.bob)
    _post(client, _at(world, "withdrawal/"), _leaving("withdraw", typed="Party A"))
    later = _moment(timezone.now() - timedelta(minutes=1), "effective_at")
    text = _post(client, _at(world, "withdrawal/"), _leaving(step, typed="Party A") | later)
    assert text.count("recorded as withdrawn from that time") == 1


def test_a_party_of_another_mechanism_is_not_found(world: World) -> None:
    other = make_world()
    client = visitor(world.bob)
    for rest in ("", "participation/", "focal-point/", "withdrawal/"):
        address = f"/{world.mechanism.slug}/parties/{other.parties[0].id}/{rest}"
        assert client.get(address).status_code == 404
