"""Transmission through the pages: what is foreseen is what is sent, urgent notices at once."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from openhns.jobs.actions import drain
from openhns.mechanism.models import Errand, ExactRead
from openhns.notices.models import Notice, Transmission
from openhns.notices.preview import as_told, changes_shown, letterhead_to, preview_of
from openhns.notices.tests.building import (
    GAO,
    add_listing,
    amend,
    consent,
    move,
    payloads,
    remove,
    site_facts,
    transmit,
)
from openhns.parties.actions import do_state_participation
from openhns.registry.actions import do_decide, do_remove
from openhns.registry.models import Listing
from openhns.testing_world import World, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
FAR = (GAO[0] + 500_000, GAO[1])


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def _page(world: World, rest: str = "") -> str:
    return f"/{world.mechanism.slug}/transmission/{rest}"


def _read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def _send(client: Client, world: World, **data: Any) -> str:
    """Order a transmission, let it be done, and return the page that says how far it is."""
    answer = client.post(_page(world, "send/"), {"key": str(uuid4()), **data})
    assert answer.status_code == 302
    drain()
    return _read(client, answer.headers["Location"])


def _told_lines(world: World, number: int = 0) -> list[dict[str, Any]]:
    party = world.parties[number]
    foreseen = preview_of(party)
    head = letterhead_to(party)
    return [as_told(head, change) for change in changes_shown(foreseen, foreseen.lines)]


def _given(payload: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a sent notice what is given only when it is made, as the preview does."""
    kept = {k: v for k, v in payload.items() if k not in {"id", "issued", "number", "previous"}}
    if kept["kind"] == "alert":
        kept["subject"] = {**kept["subject"], "reference": None}
    if kept["kind"] == "cancel" or kept["grade"] == "presence":
        kept["valid"] = {"until": kept["valid"]["until"]}
    return kept


def _sorted(items: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(item, sort_keys=True) for item in items)


def _listings(world: World) -> list[Listing]:
    one, two = world.parties
    return [
        add_listing(world, site_facts("Gao Hospital"), {one: "exact", two: "vicinity"}),
        add_listing(world, site_facts("Ansongo Clinic", FAR), {one: "presence", two: "exact"}),
    ]


def test_what_is_foreseen_is_what_is_sent(world: World) -> None:
    first, second = _listings(world)
    foreseen = [_sorted(_told_lines(world, number)) for number in (0, 1)]
    _send(visitor(world.bob), world)
    sent = [[_given(item) for item in payloads(party)] for party in world.parties]
    assert foreseen == [_sorted(items) for items in sent]

    amend(world, first, operator="A charity")
    move(world, second, (FAR[0] + 300_000, FAR[1]))
    consent(world, first, world.parties[0], "vicinity")
    before = [len(payloads(party)) for party in world.parties]
    foreseen = [_sorted(_told_lines(world, number)) for number in (0, 1)]
    assert all(foreseen)
    _send(visitor(world.bob), world)
    later = [
        [_given(item) for item in payloads(party)[count:]]
        for party, count in zip(world.parties, before, strict=True)
    ]
    assert foreseen == [_sorted(items) for items in later]


def test_a_party_reads_in_the_preview_what_it_will_read(world: World) -> None:
    _listings(world)
    client = visitor(world.bob)
    exact = _read(client, _page(world, f"{world.parties[0].id}/"))
    assert "Gao Hospital" in exact
    assert "16.2716, -0.0446" in exact
    assert "This notice is for information." in exact
    assert "A count in a district" in exact
    assert escape('"kind": "alert"') in exact
    vague = _read(client, _page(world, f"{world.parties[1].id}/"))
    assert "Middle of the area" in vague
    assert "of this register" in vague
    assert ExactRead.objects.filter(person=world.bob).count() == 2
    assert not Notice.objects.exists()


def test_the_list_counts_what_waits_for_each_party(world: World) -> None:
    _listings(world)
    text = _read(visitor(world.bob), _page(world))
    assert "Party A" in text
    assert "Transmit to all parties" in text
    assert '<td data-label="To be told now">2</td>' in text


def test_only_transmitters_find_these_pages(world: World) -> None:
    party = world.parties[0].id
    for person in (world.alice, world.outsider):
        client = visitor(person)
        for rest in ("", f"{party}/", f"runs/{uuid4()}/"):
            assert client.get(_page(world, rest)).status_code == 404
        for rest in ("send/", "urgent/"):
            data = {"key": str(uuid4())}
            assert client.post(_page(world, rest), data).status_code == 404
    assert not Errand.objects.exists()


def test_a_party_of_another_mechanism_is_not_found(world: World) -> None:
    other = make_world()
    client = visitor(world.bob)
    assert client.get(_page(world, f"{other.parties[0].id}/")).status_code == 404
    data = {"key": str(uuid4()), "party": str(other.parties[0].id)}
    assert client.post(_page(world, "send/"), data).status_code == 404


def test_opening_a_page_sends_nothing(world: World) -> None:
    _listings(world)
    client = visitor(world.bob)
    for rest in ("send/", "urgent/"):
        assert client.get(_page(world, rest)).status_code == 405
    assert not Transmission.objects.exists()


def test_one_party_alone_is_told(world: World) -> None:
    _listings(world)
    text = _send(visitor(world.bob), world, party=str(world.parties[0].id))
    assert "Done: 2 notices have left." in text
    assert set(Transmission.objects.values_list("party_id", flat=True)) == {world.parties[0].id}


def test_one_form_sends_once(world: World) -> None:
    _listings(world)
    client, key = visitor(world.bob), str(uuid4())
    assert "notices have left" in _send(client, world, key=key)
    assert "notices have left" in _send(client, world, key=key)
    assert Errand.objects.count() == 1


def test_an_incomplete_form_sends_nothing(world: World) -> None:
    _listings(world)
    answer = visitor(world.bob).post(_page(world, "send/"), {"key": ""}, follow=True)
    assert "Nothing was sent." in answer.content.decode()
    assert not Errand.objects.exists()


def test_before_it_is_done_the_page_says_how_far_it_is(world: World) -> None:
    _listings(world)
    client = visitor(world.bob)
    answer = client.post(_page(world, "send/"), {"key": str(uuid4())}, follow=True)
    assert "This waits for its turn." in answer.content.decode()
    drain()
    assert "There was nothing to send" in _send(client, world)


def test_urgent_notices_leave_at_once_and_alone(world: World) -> None:
    _listings(world)
    party = world.parties[0]
    add_listing(world, site_facts("Struck Clinic", FAR, urgent=True), {party: "exact"})
    client = visitor(world.bob)
    assert "1 urgent notice waits" in _read(client, _page(world))
    answer = client.post(_page(world, "urgent/"), follow=True)
    assert "1 urgent notice has left." in answer.content.decode()
    (sent,) = payloads(party)
    assert sent["urgent"] is True
    assert sent["content"]["name"] == "Struck Clinic"
    again = client.post(_page(world, "urgent/"), follow=True)
    assert "No urgent notice waits any more." in again.content.decode()
    assert len(_told_lines(world)) == 2


def test_an_urgent_removal_leaves_at_once_and_a_routine_one_waits(world: World) -> None:
    urgent, routine = _listings(world)
    party = world.parties[1]
    transmit(world)
    remove(world, routine)
    gone = do_remove(urgent, "It closed.", urgent=True, acting_user=world.alice).version
    do_decide(gone, "clear", acting_user=world.bob)
    visitor(world.bob).post(_page(world, "urgent/"))
    assert [item["kind"] for item in payloads(party)].count("cancel") == 1
    assert [line["kind"] for line in _told_lines(world, 1)] == ["cancel"]


def test_a_party_that_takes_no_part_is_told_nothing(world: World) -> None:
    _listings(world)
    party = world.parties[0]
    now = party.joined_at
    do_state_participation(party, "suspended", now, acting_user=world.administrator)
    client = visitor(world.bob)
    assert "takes no part at present" in _read(client, _page(world, f"{party.id}/"))
    assert "takes no part at present" in _send(client, world, party=str(party.id))
    assert "Left out, for they take no part" in _send(client, world)
    assert payloads(party) == []


def test_many_lines_are_paged_and_take_a_fixed_number_of_queries(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        place = (GAO[0] + number * 20_000, GAO[1])
        add_listing(world, site_facts(f"Clinic {number}", place), {world.parties[0]: "exact"})
    client = visitor(world.bob)
    with django_assert_max_num_queries(45):
        assert "Showing 1 to 25 of 30" in _read(client, _page(world, f"{world.parties[0].id}/"))
    assert "Showing 26 to 30 of 30" in _read(client, _page(world, f"{world.parties[0].id}/?page=2"))
