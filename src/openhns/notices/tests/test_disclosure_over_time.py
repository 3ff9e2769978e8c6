"""Everything that a party ever received, put together, tells no more than its grade."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from openhns.geodesy.cells import vicinity_cell
from openhns.geodesy.position import Position
from openhns.notices.actions import do_prepare
from openhns.notices.changes import HELD_BESIDE
from openhns.notices.models import Notice, Transmission
from openhns.notices.tests.building import (
    GAO,
    START,
    add_listing,
    amend,
    consent,
    move,
    movement_facts,
    notices_of,
    payloads,
    remove,
    revoke,
    site_facts,
    transmit,
)
from openhns.parties.models import Party
from openhns.record.models import Event
from openhns.record.rows import timestamp
from openhns.registry.actions import do_suspend_consents
from openhns.registry.models import Listing
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)

STEP_E7 = 300  # About 3 m.
SITES = 20


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def parties(world: World) -> tuple[Party, Party]:
    first, second = world.parties
    return first, second


def cell(place: tuple[int, int]) -> str:
    return vicinity_cell(Position(*place))


def within() -> tuple[int, int]:
    """Return a place other than GAO in the same cell."""
    place = (GAO[0] + STEP_E7, GAO[1])
    assert cell(place) == cell(GAO)
    return place


def across() -> tuple[int, int]:
    """Return the first place to the north that lies in another cell: 3 m beyond the edge."""
    north = ((lat, GAO[1]) for lat in itertools.count(GAO[0], STEP_E7))
    return next(place for place in north if cell(place) != cell(GAO))


def integers(value: Any) -> Iterator[int]:
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield value
    elif isinstance(value, dict):
        yield from itertools.chain.from_iterable(map(integers, value.values()))
    elif isinstance(value, list):
        yield from itertools.chain.from_iterable(map(integers, value))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from itertools.chain.from_iterable(map(texts, value.values()))
    elif isinstance(value, list):
        yield from itertools.chain.from_iterable(map(texts, value))


def test_all_that_party_b_ever_received_gives_no_position_finer_than_cells(world: World) -> None:
    a, b = parties(world)
    other = add_listing(world, site_facts("Other", (GAO[0] + 900_000, GAO[1])), {b: "vicinity"})
    listing = add_listing(world, site_facts("Gao"), {a: "exact", b: "vicinity"})
    transmit(world)
    places = [GAO]
    for place in (within(), across(), GAO):
        move(world, listing, place)
        transmit(world)
        places.append(place)
    remove(world, listing)
    transmit(world)
    again = add_listing(world, site_facts("Gao", within()), {a: "exact", b: "vicinity"})
    transmit(world)
    received = payloads(b)

    members = {"category", "cell", "centre", "filler", "outline", "partition", "reach_m"}
    told: dict[str, set[str]] = {"cell": set(), "centre": set(), "outline": set()}
    public = {cell(GAO), cell(across()), cell((GAO[0] + 900_000, GAO[1]))}
    for payload in received:
        content = payload["content"]
        if payload["kind"] == "cancel":
            assert content == {}
            continue
        assert content["cell"] in public
        told["cell"].add(content["cell"])
        told["centre"].add(str(content["centre"]))
        told["outline"].add(str(content["outline"]))
        assert content.keys() == members
    # One description per cell: nothing in it depends on where in the cell the site lies.
    assert {len(values) for values in told.values()} == {len(public)}
    near = {value for place in [*places, within()] for value in place}
    assert not near & set(itertools.chain.from_iterable(map(integers, received)))
    known = {str(item.id) for item in (listing, again, other)}
    words = set(itertools.chain.from_iterable(map(texts, received)))
    assert not words & (known | {"Gao", "Other", "Gao Hospital"})


def test_two_parties_that_pool_their_notices_cannot_link_them(world: World) -> None:
    a, b = parties(world)
    for number in range(SITES):
        place = (GAO[0] + number * 200_000, GAO[1])
        valid = (START + timedelta(minutes=number, microseconds=number)).isoformat()
        facts = site_facts(f"Site {number}", place, valid_from=valid)
        add_listing(world, facts, {a: "exact", b: "vicinity"})
    transmit(world)
    to_a, to_b = payloads(a), payloads(b)
    order_a = [cell_of(payload) for payload in to_a]
    order_b = [payload["content"]["cell"] for payload in to_b]
    assert sorted(order_a) == sorted(order_b)
    assert order_a != order_b
    assert len({payload["valid"]["from"] for payload in to_b}) == 1
    ids = [{p["id"], p["subject"]["reference"]} for p in (*to_a, *to_b)]
    assert len(set().union(*ids)) == 4 * SITES
    assert [p["number"] for p in to_a] == [p["number"] for p in to_b] == list(range(1, SITES + 1))


def cell_of(payload: dict[str, Any]) -> str:
    place = payload["content"]["position"]
    return cell((place["lat_e7"], place["lon_e7"]))


def test_an_amendment_of_hidden_facts_gives_no_notice_and_no_event(world: World) -> None:
    a, b = parties(world)
    listing = add_listing(world, site_facts("Gao"), {a: "exact", b: "vicinity"})
    transmit(world)
    before = Event.objects.filter(audience=b.id).count()
    later = (START + timedelta(hours=200)).isoformat()
    move(world, listing, within(), name="New name", operator="Another", valid_from=later)
    transmit(world)
    assert (len(payloads(a)), len(payloads(b))) == (2, 1)
    assert Event.objects.filter(audience=b.id).count() == before
    transmit(world)
    assert (len(payloads(a)), len(payloads(b))) == (2, 1)


def test_an_end_of_validity_that_moves_is_told_without_the_day_of_the_amendment(
    world: World,
) -> None:
    _, b = parties(world)
    listing = add_listing(world, site_facts("Gao"), {b: "vicinity"})
    transmit(world)
    later, until = timezone.now() + timedelta(hours=50), timezone.now() + timedelta(hours=1000)
    amend(world, listing, valid_from=later.isoformat(), valid_until=until.isoformat())
    transmit(world)
    first, second = payloads(b)
    assert second["kind"] == "update"
    assert second["valid"]["from"] == first["valid"]["from"]
    ends = (until + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    assert second["valid"]["until"] == timestamp(ends)


def a_day_passes(party: Party) -> None:
    """Let all that left have left a day earlier."""
    for row in Transmission.objects.filter(party=party, transmitted_at__isnull=False):
        earlier = (row.transmitted_at or timezone.now()) - HELD_BESIDE
        Transmission.objects.filter(id=row.id).update(transmitted_at=earlier)


def kinds(party: Party) -> list[tuple[str, str]]:
    return [(p["kind"], p["subject"]["reference"]) for p in payloads(party)]


def test_a_move_to_another_cell_is_an_alert_at_once_and_a_cancel_a_day_later(world: World) -> None:
    _, b = parties(world)
    listing = add_listing(world, site_facts("Gao"), {b: "vicinity"})
    transmit(world)
    a_day_passes(b)
    move(world, listing, across())
    for _ in range(2):
        transmit(world)
    (_, old), (kind, new) = kinds(b)
    assert (kind, new != old) == ("alert", True)
    a_day_passes(b)
    transmit(world)
    transmit(world)
    assert kinds(b)[2:] == [("cancel", old)]
    assert len({p["issued"] for p in payloads(b)}) == 3


def test_what_follows_a_move_within_a_day_never_tells_old_and_new_in_one_batch(
    world: World,
) -> None:
    _, b = parties(world)
    listing = add_listing(world, site_facts("Gao"), {b: "vicinity"})
    transmit(world)
    move(world, listing, across())
    transmit(world)
    move(world, listing, GAO)
    transmit(world)
    (_, first), (_, second), (kind, third) = kinds(b)
    assert (kind, len({first, second, third})) == ("alert", 3)
    remove(world, listing)
    transmit(world)
    transmit(world)
    assert kinds(b)[3:] == [("cancel", third)]
    a_day_passes(b)
    transmit(world)
    assert sorted(kinds(b)[4:]) == sorted([("cancel", first), ("cancel", second)])


def test_an_old_cell_stands_until_the_new_one_has_left(world: World) -> None:
    _, b = parties(world)
    listing = add_listing(world, site_facts("Gao"), {b: "vicinity"})
    transmit(world)
    move(world, listing, across())
    do_prepare(world.mechanism, b, acting_user=world.bob)
    a_day_passes(b)
    do_prepare(world.mechanism, b, acting_user=world.bob)
    assert [notice.kind for notice in notices_of(b)] == ["alert", "alert"]


def test_an_alert_in_the_vicinity_begins_on_its_day_and_not_on_the_old_entrys(
    world: World,
) -> None:
    _, b = parties(world)
    listing = add_listing(world, site_facts("Gao"), {b: "vicinity"})
    later = timezone.now() + timedelta(days=3)
    add_listing(world, site_facts("Later", valid_from=later.isoformat()), {b: "vicinity"})
    transmit(world)
    move(world, listing, across())
    transmit(world)
    began = {(p["issued"][:10], p["valid"]["from"][:10]) for p in payloads(b)}
    assert {day for issued, day in began if day != issued} == {f"{later:%Y-%m-%d}"}


def test_a_lowered_grade_cancels_what_was_told_under_a_new_reference(world: World) -> None:
    _, b = parties(world)
    listing = add_listing(world, site_facts("Gao"), {b: "exact"})
    transmit(world)
    consent(world, listing, b, "vicinity")
    transmit(world)
    exact, cell_, cancel = payloads(b)
    assert [p["kind"] for p in (exact, cell_, cancel)] == ["alert", "alert", "cancel"]
    assert [p["grade"] for p in (exact, cell_, cancel)] == ["exact", "vicinity", "exact"]
    assert cell_["subject"]["reference"] != exact["subject"]["reference"]


def test_a_raised_grade_updates_what_was_told(world: World) -> None:
    _, b = parties(world)
    listing = add_listing(world, site_facts("Gao"), {b: "vicinity"})
    transmit(world)
    consent(world, listing, b, "exact")
    transmit(world)
    assert [(p["kind"], p["grade"]) for p in payloads(b)] == [
        ("alert", "vicinity"),
        ("update", "exact"),
    ]


def test_a_consent_taken_back_cancels_and_one_that_rests_does_not(world: World) -> None:
    a, b = parties(world)
    listing = add_listing(world, site_facts("Gao"), {a: "exact", b: "exact"})
    transmit(world)
    revoke(world, listing, a)
    do_suspend_consents(b, acting_user=world.administrator)
    transmit(world)
    assert [payload["kind"] for payload in payloads(a)] == ["alert", "cancel"]
    assert [payload["kind"] for payload in payloads(b)] == ["alert"]


def test_presence_is_a_band_of_a_district_and_never_a_site(world: World) -> None:
    _, b = parties(world)
    listings = [add_listing(world, site_facts(f"S{n}"), {b: "presence"}) for n in range(4)]
    transmit(world)
    (alert,) = payloads(b)
    assert alert["subject"] == {"kind": "site", "reference": None}
    assert alert["content"] == {
        "band": "1-4",
        "district": {"country": "MLI", "admin1": "Gao"},
    }
    remove(world, listings[0])
    move(world, listings[1], within(), name="Renamed")
    transmit(world)
    assert len(payloads(b)) == 1
    for number in range(2):
        add_listing(world, site_facts(f"More {number}"), {b: "presence"})
    transmit(world)
    for listing in Listing.objects.exclude(status=Listing.Status.CLOSED):
        remove(world, listing)
    transmit(world)
    told = [(payload["kind"], payload["content"]["band"]) for payload in payloads(b)]
    assert told == [("alert", "1-4"), ("update", "5-19"), ("cancel", "0")]
    assert all(notice.listing_id is None for notice in notices_of(b))


def test_a_district_that_might_be_an_address_is_told_as_its_country(world: World) -> None:
    _, b = parties(world)
    add_listing(world, site_facts("S", admin1="16.2716 N, near the well"), {b: "presence"})
    transmit(world)
    assert payloads(b)[0]["content"]["district"] == {"country": "MLI"}


def test_a_movement_in_the_vicinity_tells_cells_and_whole_hours(world: World) -> None:
    a, b = parties(world)
    facts = movement_facts("Convoy 7", GAO, within())
    add_listing(world, facts, {a: "exact", b: "vicinity"}, Listing.Kind.MOVEMENT)
    transmit(world)
    ((to_a,), (to_b,)) = payloads(a), payloads(b)
    assert to_a["content"]["plates"] == ["AB 1234"]
    assert to_b["content"].keys() == {"category", "cells", "filler", "partition"}
    assert len(to_b["content"]["cells"]) == 1
    assert to_b["valid"]["from"].endswith(":00:00.000000Z")
    assert to_b["valid"]["from"] <= to_a["valid"]["from"]


def test_no_notice_says_that_something_is_permitted(world: World) -> None:
    a, _ = parties(world)
    add_listing(world, site_facts("Gao"), {a: "exact"})
    transmit(world)
    words = " ".join(texts(payloads(a))).lower()
    for word in ("approved", "denied", "approval", "authorised", "authorized", "granted"):
        assert word not in words
    assert Notice.objects.get().kind == "alert"
