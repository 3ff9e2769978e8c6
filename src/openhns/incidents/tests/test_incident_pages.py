"""Incidents and certificates through the operator's pages."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from openhns.incidents.models import Certificate, Claim, Incident
from openhns.incidents.tests.building import GAO_TEXT, STRUCK, report, told
from openhns.mechanism.models import ExactRead
from openhns.proofs import jws
from openhns.testing_world import World, kept, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    """Return a world in which two parties were told of the hospital at Gao."""
    del data_folder
    return kept(_world)


def _world() -> World:
    world = make_world()
    told(world, {world.parties[0]: "exact", world.parties[1]: "vicinity"})
    return world


def _at(world: World, rest: str = "") -> str:
    return f"/{world.mechanism.slug}/incidents/{rest}"


def _read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def _moment(moment: datetime, name: str) -> dict[str, str]:
    return {f"{name}_0": moment.strftime("%Y-%m-%dT%H:%M"), f"{name}_1": "+00:00"}


def _said(**more: Any) -> dict[str, Any]:
    given = {
        "key": str(uuid4()),
        "words": "The emergency ward was hit.",
        "source": "A nurse",
        "position": GAO_TEXT,
        "precision_m": "20",
        "country": "MLI",
        "weapon": "rocket",
    }
    times = _moment(STRUCK, "start") | _moment(STRUCK + timedelta(minutes=2), "end")
    return {**given, **times, **more}


def test_an_attack_is_reported_once_and_compared(world: World) -> None:
    client, data = visitor(world.bob), _said()
    text = client.post(_at(world, "new/"), data, follow=True).content.decode()
    assert "Recorded, and compared" in text
    assert "The emergency ward was hit." in text
    assert "Certain match" in text
    assert "Possible match" in text
    assert "the place fits wherever in its radius it was" in text
    assert "Weapon, as the source reports it" in text
    client.post(_at(world, "new/"), data)
    assert Incident.objects.count() == 1


def test_claims_that_compete_stand_side_by_side(world: World) -> None:
    made = report(world).incident
    client = visitor(world.bob)
    data = _said(words="Nothing was hit.", source="A spokesman", position="", precision_m="")
    text = client.post(_at(world, f"{made.id}/claims/new/"), data, follow=True).content.decode()
    assert "Claim 1" in text
    assert "Claim 2" in text
    assert "Nothing was hit." in text
    assert "of which it cannot be said whether" in text
    assert Incident.objects.count() == 1
    assert Claim.objects.count() == 2


def test_the_list_says_the_best_match_in_words(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(27):
        report(world, words=f"Report {number}.")
    report(world, "20.0, 0.0", words="Far away.")
    client = visitor(world.bob)
    with django_assert_max_num_queries(25):
        text = _read(client, _at(world))
    assert "Showing 1 to 25 of 28" in text
    assert "No match" in text
    assert "Certain match" in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"words": ""}, "This field is required."),
        ({"source": " "}, "This field is required."),
        ({"end_0": ""}, "Give the date and the time."),
        ({"end_0": "noon"}, "This is no date and time"),
        (_moment(STRUCK + timedelta(days=1), "start"), "This lies after the time"),
        (_moment(timezone.now() + timedelta(days=9), "start"), "This lies after the time"),
        ({"position": "somewhere"}, "position"),
        ({"position": "95, 10"}, "outside the world"),
        ({"precision_m": "0"}, "greater than or equal to 1"),
        ({"country": "Atlantis"}, "No country is known by that name."),
        ({"key": ""}, "A hidden part of this form is missing."),
    ],
)
def test_a_report_that_will_not_do_is_refused_in_words(
    world: World, change: dict[str, str], words: str
) -> None:
    answer = visitor(world.bob).post(_at(world, "new/"), _said(**change))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Incident.objects.exists()


def test_an_attack_to_come_is_none(world: World) -> None:
    soon = timezone.now() + timedelta(days=9)
    times = _moment(soon, "start") | _moment(soon + timedelta(hours=1), "end")
    text = visitor(world.bob).post(_at(world, "new/"), _said(**times)).content.decode()
    assert "the attack lies in the past" in text


def _certify(client: Client, world: World, incident: UUID, **data: Any) -> str:
    given = {"key": str(uuid4()), "organisation": "", **data}
    answer = client.post(_at(world, f"{incident}/certificates/"), given, follow=True)
    return answer.content.decode()


def test_a_certificate_is_made_once_read_in_words_and_handed_out_signed(world: World) -> None:
    made, client, key = report(world).incident, visitor(world.bob), str(uuid4())
    text = _certify(client, world, made.id, key=key)
    assert "The certificate is made" in text
    assert "Hôpital de Gao" in text
    assert "Sent only: nothing came back" in text
    assert "Held at that time" in text
    _certify(client, world, made.id, key=key)
    row = Certificate.objects.get()
    signed = client.get(_at(world, f"{made.id}/certificates/{row.id}/signed/"))
    assert signed.headers["Content-Disposition"].startswith("attachment")
    payload = jws.read(signed.content.decode()).payload
    assert payload["id"] == str(row.id)
    reads = ExactRead.objects.filter(person=world.bob)
    assert {item.content["purpose"] for item in reads} >= {"certificate"}


def test_a_certificate_for_an_organisation_names_it(world: World) -> None:
    made, client = report(world).incident, visitor(world.bob)
    assert "Ministry of Health" in _read(client, _at(world, f"{made.id}/"))
    _certify(client, world, made.id, organisation=str(world.organisation.id))
    assert Certificate.objects.get().organisation == world.organisation
    assert "None was made." in _certify(client, world, made.id, organisation=str(uuid4()))
    assert "None was made." in _certify(client, world, made.id, key="")
    assert Certificate.objects.count() == 1


def test_only_the_operators_people_find_these_pages(world: World) -> None:
    made = report(world).incident
    client = visitor(world.bob)
    _certify(client, world, made.id)
    row = Certificate.objects.get()
    one = f"{made.id}/certificates/{row.id}/"
    places = ("", "new/", f"{made.id}/", f"{made.id}/claims/new/", one, f"{one}signed/")
    for person in (world.alice, world.outsider):
        stranger = visitor(person)
        for place in places:
            answer = stranger.get(_at(world, place))
            assert answer.status_code == 404, place
            assert "emergency" not in answer.content.decode()
        for place in ("new/", f"{made.id}/claims/new/", f"{made.id}/certificates/"):
            assert stranger.post(_at(world, place), _said()).status_code == 404, place
    assert Claim.objects.count() == 1


def test_what_is_of_another_mechanism_is_not_found(world: World) -> None:
    other = make_world()
    theirs = report(other).incident
    client = visitor(world.bob)
    for place in (f"{theirs.id}/", f"{theirs.id}/claims/new/"):
        assert client.get(_at(world, place)).status_code == 404
    data = {"key": str(uuid4())}
    assert client.post(_at(world, f"{theirs.id}/certificates/"), data).status_code == 404
    assert client.get(_at(world, f"{theirs.id}/certificates/")).status_code == 405
