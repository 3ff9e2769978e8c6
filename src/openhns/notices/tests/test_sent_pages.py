"""Sent notices and answers by hand, through the operator's pages."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from openhns.mechanism.models import ExactRead
from openhns.notices.actions import do_object
from openhns.notices.models import Notice, Objection, Receipt, Transmission
from openhns.notices.tests.building import GAO, add_listing, site_facts, transmit
from openhns.testing_world import World, kept, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7 A letter."


@pytest.fixture
def world(data_folder: Path) -> World:
    """Return a world in which Party A was told of three hospitals."""
    del data_folder
    return kept(_world)


def _world() -> World:
    world = make_world()
    for number in range(3):
        place = (GAO[0] + number * 50_000, GAO[1])
        add_listing(world, site_facts(f"Hospital {number}", place), {world.parties[0]: "exact"})
    transmit(world)
    return world


def _at(world: World, rest: str = "", party: int = 0) -> str:
    return f"/{world.mechanism.slug}/sent/{world.parties[party].id}/{rest}"


def _read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def _moment(moment: datetime, name: str) -> dict[str, str]:
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    return {f"{name}_0": text, f"{name}_1": "+00:00"}


def _letter(name: str = "letter.pdf", data: bytes = PDF, **more: Any) -> dict[str, Any]:
    given = {"numbers": "1-2", "which": "chosen", "answer": "acknowledged"}
    return {**given, "letter": SimpleUploadedFile(name, data), **more}


def _call(**more: Any) -> dict[str, Any]:
    moment = _moment(timezone.now() - timedelta(minutes=2), "at")
    said = {"who": "Colonel X", "words": "We have all of them.", "answer": "received"}
    return {"numbers": "3", "which": "chosen", **said, **moment, **more}


def test_the_list_says_who_is_silent_and_for_how_long(world: World) -> None:
    Transmission.objects.update(transmitted_at=timezone.now() - timedelta(days=4, hours=1))
    text = _read(visitor(world.bob), f"/{world.mechanism.slug}/sent/")
    assert "4 days" in text
    assert 'data-label="Without an answer"><a' in text


def test_a_party_list_names_its_notices_and_how_they_stand(world: World) -> None:
    client = visitor(world.bob)
    text = _read(client, _at(world))
    assert "Hospital 1" in text
    assert "Sent, no answer" in text
    assert "Sent only: nothing came back" in text
    assert "Showing 1 to 3 of 3" in _read(client, f"{_at(world)}?show=waiting")
    assert "Nothing here." in _read(client, _at(world, party=1))


def test_a_notice_is_shown_as_it_was_sent_and_journalled(world: World) -> None:
    text = _read(visitor(world.bob), _at(world, "1/"))
    assert Notice.objects.get(number=1).jws_sha256 in text
    assert "This notice is for information." in text
    assert ExactRead.objects.filter(person=world.bob, listings=1).exists()


def test_only_the_operators_people_find_these_pages(world: World) -> None:
    places = ("", "1/", "letter/", "call/", "1/objection/")
    addresses = [_at(world, place) for place in places]
    addresses += [f"/{world.mechanism.slug}/{place}/" for place in ("sent", "objections")]
    addresses += [f"/{world.mechanism.slug}/sent/letters/{uuid4()}/"]
    for person in (world.alice, world.outsider):
        client = visitor(person)
        for address in addresses:
            assert client.get(address).status_code == 404, address
        assert client.post(_at(world, "letter/"), _letter()).status_code == 404
        assert client.post(_at(world, "call/"), _call()).status_code == 404
    assert not Receipt.objects.exists()


def test_what_never_was_is_not_found(world: World) -> None:
    other = make_world()
    client = visitor(world.bob)
    here = f"/{world.mechanism.slug}"
    for address in (
        _at(world, "99/"),
        f"{here}/sent/{other.parties[0].id}/",
        f"{here}/objections/{uuid4()}/",
        f"{here}/sent/letters/{uuid4()}/",
    ):
        assert client.get(address).status_code == 404, address


def test_one_letter_answers_several_notices_and_is_kept(world: World) -> None:
    client = visitor(world.bob)
    chosen = _read(client, f"{_at(world, 'letter/')}?number=1&number=2")
    assert "The 2 chosen notices: 1\N{EN DASH}2" in chosen
    assert "This counts as grade C" in chosen
    answer = client.post(_at(world, "letter/"), _letter(), follow=True)
    assert "Recorded as the answer to 2 notices." in answer.content.decode()
    assert {row.grade for row in Receipt.objects.all()} == {"C"}
    assert all(row.bulk for row in Receipt.objects.all())
    row = Receipt.objects.first()
    assert row is not None
    kept = client.get(f"/{world.mechanism.slug}/sent/letters/{row.id}/")
    assert kept.content == PDF
    assert kept.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert kept.headers["Content-Type"] == "application/octet-stream"
    assert "letter.pdf" in _read(client, _at(world, "1/"))


def test_the_same_letter_again_is_recorded_once(world: World) -> None:
    client = visitor(world.bob)
    client.post(_at(world, "letter/"), _letter())
    again = client.post(_at(world, "letter/"), _letter(), follow=True).content.decode()
    assert "For 2 it had been recorded before." in again
    assert Receipt.objects.count() == 2


def test_a_letter_answers_all_that_were_sent_up_to_a_time(world: World) -> None:
    client = visitor(world.bob)
    now = timezone.now() + timedelta(minutes=1)
    data = _letter(which="until", numbers="") | _moment(now, "until")
    answer = client.post(_at(world, "letter/"), data, follow=True)
    assert "Recorded as the answer to 3 notices." in answer.content.decode()
    assert "Nothing here." in _read(client, f"{_at(world)}?show=waiting")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"letter": ""}, "Choose a file of at most 20 MB."),
        ({"letter": SimpleUploadedFile("a.exe", b"MZ")}, "This kind of file is not taken"),
        ({"letter": SimpleUploadedFile("a.pdf", b"<html>")}, "The file is not what its name says."),
        ({"letter": SimpleUploadedFile("a.txt", b"a\x00b")}, "The file is not what its name says."),
        ({"letter": SimpleUploadedFile("a.pdf", b"")}, "The file is empty."),
        ({"which": "until"}, "Give the date and the time."),
        ({"which": "chosen", "numbers": "77"}, "No notice is among these"),
        ({"which": "all"}, "Select a valid choice."),
        ({"answer": "agreed"}, "Select a valid choice."),
        (_moment(timezone.now() + timedelta(days=2), "at"), "not in the future"),
        ({"at_0": "yesterday", "at_1": "+00:00"}, "This is no date and time"),
    ],
)
def test_a_letter_that_will_not_do_is_refused_in_words(
    world: World, change: dict[str, Any], words: str
) -> None:
    for item in change.values():
        if isinstance(item, SimpleUploadedFile):
            item.seek(0)
    answer = visitor(world.bob).post(_at(world, "letter/"), {**_letter(), **change})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Receipt.objects.exists()


def test_a_call_is_logged_with_who_when_and_what(world: World) -> None:
    client = visitor(world.bob)
    assert "This counts as grade D" in _read(client, f"{_at(world, 'call/')}?number=3")
    answer = client.post(_at(world, "call/"), _call(), follow=True)
    assert "Recorded as the answer to 1 notice." in answer.content.decode()
    text = _read(client, _at(world, "3/"))
    assert "Colonel X" in text
    assert "We have all of them." in text
    assert "A call or message that the operator logged" in text
    client.post(_at(world, "call/"), _call())
    assert Receipt.objects.count() == 1


def test_a_call_keeps_the_zone_of_its_clock(world: World) -> None:
    data = _call(at_0="2026-11-20T10:00", at_1="+03:00")
    when = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
    Transmission.objects.update(transmitted_at=when - timedelta(hours=1))
    visitor(world.bob).post(_at(world, "call/"), data)
    assert Receipt.objects.get().answered_at == when


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"who": ""}, "This field is required."),
        ({"words": " "}, "This field is required."),
        ({"at_0": ""}, "Give the date and the time."),
        (_moment(timezone.now() + timedelta(days=2), "at"), "not in the future"),
    ],
)
def test_a_call_that_will_not_do_is_refused_in_words(
    world: World, change: dict[str, Any], words: str
) -> None:
    answer = visitor(world.bob).post(_at(world, "call/"), _call(**change))
    assert words in answer.content.decode()
    assert not Receipt.objects.exists()


def _objection(**more: Any) -> dict[str, Any]:
    moment = _moment(timezone.now() - timedelta(minutes=2), "made_at")
    said = {"grounds": "It serves as a depot.", "grade": "D", "made_by": "Colonel X"}
    return {"key": str(uuid4()), "warning": "on", **said, **moment, **more}


def test_an_objection_by_telephone_is_recorded_once_and_answered(world: World) -> None:
    client, data = visitor(world.bob), _objection(**_moment(_in_two_days(), "limit"))
    first = client.post(_at(world, "1/objection/"), data, follow=True).content.decode()
    assert "It serves as a depot." in first
    assert "Hospital" in first
    client.post(_at(world, "1/objection/"), data)
    made = Objection.objects.get()
    listed = _read(client, f"/{world.mechanism.slug}/objections/")
    assert "1 objection waits for an answer." in listed
    assert "left to answer" in listed
    page = f"/{world.mechanism.slug}/objections/{made.id}/"
    assert "This field is required." in client.post(page, {"answer": ""}).content.decode()
    done = client.post(page, {"answer": "Visited: patients alone."}, follow=True).content.decode()
    assert "The alarm has ended." in done
    assert "Visited: patients alone." in done
    late = visitor(world.second_operator).post(page, {"answer": "Another."}).content.decode()
    assert "answered before" in late
    assert "Visited: patients alone." in late


def _in_two_days() -> datetime:
    return timezone.now() + timedelta(days=2)


def test_an_objection_needs_grounds_and_a_time_that_has_come(world: World) -> None:
    client = visitor(world.bob)
    answer = client.post(_at(world, "1/objection/"), _objection(grounds=""))
    assert "This field is required." in answer.content.decode()
    answer = client.post(
        _at(world, "1/objection/"), _objection(**_moment(_in_two_days(), "made_at"))
    )
    assert "not in the future" in answer.content.decode()
    assert not Objection.objects.exists()


def test_warnings_and_near_limits_come_first(world: World) -> None:
    notices = list(Notice.objects.order_by("number"))
    plain = do_object(notices[0], "One.", acting_user=world.bob)
    later = do_object(
        notices[1], "Two.", warning=True, time_limit=_in_two_days(), acting_user=world.bob
    )
    soon = do_object(
        notices[2],
        "Three.",
        warning=True,
        time_limit=timezone.now() + timedelta(hours=1),
        acting_user=world.bob,
    )
    text = _read(visitor(world.bob), f"/{world.mechanism.slug}/objections/")
    places = [text.index(str(item.id)) for item in (soon, later, plain)]
    assert places == sorted(places)


def test_lists_take_a_fixed_number_of_queries(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(25):
        place = (GAO[0] - number * 50_000, GAO[1])
        add_listing(world, site_facts(f"Clinic {number}", place), {world.parties[0]: "exact"})
    transmit(world)
    client = visitor(world.bob)
    with django_assert_max_num_queries(40):
        assert "Showing 1 to 25 of 28" in _read(client, _at(world))
    with django_assert_max_num_queries(40):
        _read(client, f"/{world.mechanism.slug}/sent/")
