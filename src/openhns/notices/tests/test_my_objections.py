"""Objections that ring until they are answered, by whose places they are about."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from openhns.mechanism.errors import NotAllowed
from openhns.mechanism.models import Person
from openhns.notices.actions.objecting import do_answer_objection, do_object
from openhns.notices.models import Notice, Objection
from openhns.notices.my_objections import time_left
from openhns.notices.tests.building import add_listing, site_facts, transmit
from openhns.record.actions import do_tick
from openhns.record.audit import audit_logs
from openhns.record.models import Event, Log
from openhns.testing_world import World, make_member, make_organisation, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def _objection(world: World, **more: Any) -> Objection:
    party = world.parties[0]
    add_listing(world, site_facts("Hôpital de Gao"), {party: "exact"})
    transmit(world)
    notice = Notice.objects.get(party=party)
    return do_object(notice, "Weapons were seen there.", acting_user=world.bob, **more)


def _url(world: World, name: str, *more: Any) -> str:
    return reverse(name, args=[world.mechanism.slug, world.organisation.id, *more])


def _stranger(world: World) -> Person:
    other = make_organisation(world.mechanism, "Another", world.bob, world.second_operator)
    return make_member(other, "Somebody else", world.administrator)


def test_an_open_objection_stands_on_every_page_of_its_organisation_and_of_nobody_else(
    world: World,
) -> None:
    limit = timezone.now() + timedelta(days=2, hours=3, minutes=1)
    found = _objection(world, warning=True, time_limit=limit)
    for name in ("notices-my-sites", "notices-my-objections", "incidents-mine"):
        page = visitor(world.second_approver).get(_url(world, name)).content.decode()
        assert "1 objection waits for an answer by your organisation." in page
        assert "Given as a warning" in page
        assert "2 days, 3 hours left to answer" in page.replace("\xa0", " ")
        assert str(found.id) in page
    page = visitor(_stranger(world)).get("/home/", follow=True).content.decode()
    assert str(found.id) not in page
    assert "waits for an answer by your organisation" not in page
    page = visitor(world.bob).get("/home/", follow=True).content.decode()
    assert "data-ringing" not in page  # The operator's desk has a list of its own.


def test_pages_that_stay_open_ask_what_waits(world: World) -> None:
    url = reverse("notices-ringing", args=[world.mechanism.slug])
    client = visitor(world.alice)
    assert client.get(url).json() == {"waiting": 0, "words": "", "list": ""}
    found = _objection(world)
    said = client.get(url).json()
    assert said["waiting"] == 1
    assert str(found.id) in said["list"]
    assert "1 objection waits" in said["words"]
    assert visitor(_stranger(world)).get(url).json()["waiting"] == 0
    for person in (world.outsider, world.bob):
        assert visitor(person).get(url).status_code == 404


def test_the_organisation_answers_and_the_alarm_ends(world: World) -> None:
    found = _objection(world)
    client = visitor(world.alice)
    url = _url(world, "notices-my-objection", found.id)
    page = client.get(url).content.decode()
    assert "Weapons were seen there." in page
    assert client.post(url, {"answer": " "}).status_code == 200
    assert client.post(url, {"answer": "We looked: there are none."}).status_code == 302
    page = client.get(url).content.decode()
    assert "We looked: there are none." in page
    assert "waits for an answer by your organisation" not in page
    event = Event.objects.get(name="objection:answered")
    assert '"actor":"organisation"' in event.content["event"]
    assert client.post(url, {"answer": "We looked: there are none."}).status_code == 302
    assert "that answer stands" in client.post(url, {"answer": "Other."}).content.decode()
    do_tick(world.mechanism.id)
    assert not audit_logs(Log.objects.all()).findings


def test_only_the_operator_and_the_organisation_concerned_answer(world: World) -> None:
    found = _objection(world)
    for person in (_stranger(world), world.outsider):
        with pytest.raises(NotAllowed):
            do_answer_objection(found, "Ours.", acting_user=person)
        client = visitor(person)
        for name in ("notices-my-objection", "notices-my-objections"):
            more = [found.id] if name == "notices-my-objection" else []
            assert client.get(_url(world, name, *more)).status_code == 404
        assert client.post(
            _url(world, "notices-my-objection", found.id), {"answer": "Ours."}
        ).status_code == 404  # fmt: skip
    do_answer_objection(found, "Passed on.", acting_user=world.bob)
    found.refresh_from_db()
    assert found.answered_at is not None


def test_the_list_puts_unanswered_ones_first(world: World) -> None:
    first = _objection(world)
    notice = first.notice
    second = do_object(notice, "Again.", acting_user=world.bob)
    do_answer_objection(first, "None were there.", acting_user=world.alice)
    page = visitor(world.alice).get(_url(world, "notices-my-objections")).content.decode()
    table = page.split("<tbody>")[1]
    assert table.index(str(second.id)) < table.index(str(first.id))
    assert "Waits for your answer" in page
    assert "Answered" in page


def test_a_time_limit_is_counted_in_words() -> None:
    now = timezone.now()
    assert time_left(None) == ""
    assert "50" in time_left(now + timedelta(minutes=50), now)
    assert "passed" in time_left(now - timedelta(hours=3), now)
