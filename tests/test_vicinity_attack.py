"""Whoever keeps all that Party B ever got has no position finer than its cell.

Two mechanisms live the same life, of one site that is notified, amended, moved, cancelled, struck
and notified again, at other places in the same cells. Everything that Party B gets by any door is
compared: what is the same, whichever place it was, tells nothing of the place. Of random
identifiers, hashes and signatures only which of them are the same is compared.
"""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from openhns.geodesy.cells import cell_centre, cell_outline, vicinity_cell
from openhns.geodesy.position import Position
from openhns.incidents.actions import Own, Report, do_certify, do_report
from openhns.mechanism.models import Person, Role
from openhns.notices.actions import do_query, do_reply
from openhns.notices.bundle import do_bundle
from openhns.notices.channels.mailbox import transport
from openhns.notices.models import Transmission
from openhns.notices.tests.building import (
    GAO,
    add_listing,
    amend,
    consent,
    move,
    notices_of,
    remove,
    revoke,
    site_facts,
    transmit,
)
from openhns.overview.tests.clock import Clock
from openhns.parties.models import Party
from openhns.project.tests.calling import program_of
from openhns.proofs import jws
from openhns.proofs.canonical import parse
from openhns.record.models import Event
from openhns.registry.models import Listing
from openhns.testing_world import World, make_liaison, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)

FAR: Final = (GAO[0] + 900_000, GAO[1])
Place = tuple[int, int]
# What is drawn anew each time: identifiers, hashes, keys, and what a page carries against forgery.
RANDOM: Final = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b[0-9a-f]{64}\b|\b[A-Za-z0-9_-]{43,64}\b"
)
SIGNED: Final = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+")


@dataclass(frozen=True, slots=True)
class Life:
    """Where a site stands in each part of its life: three places in a cell, one in the next."""

    first: Place
    moved: Place
    across: Place
    again: Place


def neighbour() -> str:
    """Return the cell to the north of GAO's."""
    north = ((lat, GAO[1]) for lat in itertools.count(GAO[0], 300))
    return next(found for at in north if (found := cell(at)) != cell(GAO))


def cell(place: Place) -> str:
    return vicinity_cell(Position(*place))


def corner(index: str, number: int) -> Place:
    """Return a place near one corner of a cell."""
    centre, corners = cell_centre(index), cell_outline(index)
    towards = corners[number % (len(corners) - 1)]
    place = (
        centre.lat_e7 + (towards.lat_e7 - centre.lat_e7) * 9 // 10,
        centre.lon_e7 + (towards.lon_e7 - centre.lon_e7) * 9 // 10,
    )
    assert cell(place) == index
    return place


def life(number: int) -> Life:
    here, there = cell(GAO), neighbour()
    return Life(
        corner(here, number), corner(here, number + 2), corner(there, number), corner(here, number)
    )


def lived(world: World, clock: Clock, at: Life) -> Person:
    """Let the site live; return the liaison who got all of it."""
    a, b = world.parties
    add_listing(world, site_facts("Other", FAR), {b: "vicinity"})
    transmit(world)
    site = add_listing(world, site_facts("Gao", at.first), {a: "exact", b: "vicinity"})
    transmit(world)
    amend(world, site, name="Hidden name", operator="Another")
    move(world, site, at.moved)
    transmit(world)
    ends = (clock.now.replace(hour=9) + timedelta(days=300)).isoformat()
    amend(world, site, valid_until=ends)
    transmit(world)
    move(world, site, at.across)
    transmit(world)
    clock.forward(2)
    transmit(world)
    revoke(world, site, b)
    transmit(world)
    consent(world, site, b, "vicinity")
    transmit(world)
    _struck(world, clock, site, at.across)
    move(world, site, at.again)
    transmit(world)
    clock.forward(2)
    transmit(world)
    remove(world, site)
    transmit(world)
    add_listing(world, site_facts("Gao", at.again, urgent=True), {a: "exact", b: "vicinity"})
    transmit(world, urgent=True)
    transmit(world)
    _asked(world, b)
    return make_liaison(b, world.administrator)


def _struck(world: World, clock: Clock, site: Listing, place: Place) -> None:
    """Let the organisation report an attack on the site, and have it certified."""
    where = f"{place[0] / 1e7:.7f}, {place[1] / 1e7:.7f}"
    said = Report("The ward was hit.", "Our staff", clock.now, clock.now, where, 5)
    own = Own(world.organisation, site)
    done = do_report(said, mechanism=world.mechanism, acting_user=world.alice, own=own)
    do_certify(done.incident, acting_user=world.bob, organisation=world.organisation)
    transmit(world)


def _asked(world: World, party: Party) -> None:
    notice = notices_of(party)[1]
    (query,) = do_query(notice, "Which building?", acting_user=world.bob).receipts
    do_reply(query, "It is told as an area.", acting_user=world.bob)


def got_by(world: World, party: Party, liaison: Person, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield everything that a party gets by each door, with the door's name."""
    yield from _mailbox(party)
    for event in Event.objects.filter(audience=party.id).order_by("seq"):
        yield f"event {event.name}", json.dumps(parse(event.canonical)["body"], sort_keys=True)
    for form in ("geojson", "csv"):
        path = folder / f"{world.mechanism.slug}-{party.name}.{form}"
        do_bundle(party, form, path, acting_user=liaison)
        yield f"bundle {form}", path.read_text(encoding="utf-8-sig")
    yield from _pages(world, party, visitor(liaison))
    program = program_of(liaison, Role.Name.LIAISON)
    for path_ in ("/notices", *(f"/notices/{row.number}" for row in notices_of(party))):
        yield f"API {path_}", program.call("GET", path_).content.decode()


def _mailbox(party: Party) -> Iterator[tuple[str, str]]:
    sent = Transmission.objects.filter(party=party, status=Transmission.Status.TRANSMITTED)
    # Each batch holds one notice: an order that is drawn would be no difference.
    assert all(row.first_number == row.last_number for row in sent)
    for row in sent.order_by("first_number"):
        kinds = [transport.ENVELOPES]
        kinds += [transport.PROOFS] if transport.file_of(row, transport.PROOFS).exists() else []
        for kind in kinds:
            yield f"size {kind}", str(transport.file_of(row, kind).stat().st_size)
            for _, envelope in transport.read(row, kind):
                yield f"notice {kind}", envelope.notice


def _pages(world: World, party: Party, client: Client) -> Iterator[tuple[str, str]]:
    here = {"mechanism": world.mechanism.slug, "party": party.id}
    every: list[tuple[str, dict[str, Any]]] = [
        ("notices-inbox", {}),
        ("notices-holdings", {}),
        ("notices-holdings-places", {}),
    ]
    one = ("notices-notice", "notices-ask", "notices-object")
    every += [(name, {"number": row.number}) for name in one for row in notices_of(party)]
    for name, more in every:
        answer = client.get(reverse(name, kwargs=here | more))
        assert answer.status_code == 200, name
        yield f"page {name}", answer.content.decode()


def comparable(world: World, text: str) -> str:
    """Return a text with signed parts opened and random ones named by where they first stood."""
    seen: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        return seen.setdefault(found[0], f"RANDOM-{len(seen)}")

    opened = SIGNED.sub(lambda found: json.dumps(jws.read(found[0]).payload), text)
    return RANDOM.sub(named, opened.replace(world.mechanism.slug, "MECHANISM"))


def everything(
    clock: Clock, folder: Path, at: Life, whose: Callable[[World], Party]
) -> list[tuple[str, str]]:
    start = clock.now
    world = make_world(slug=f"world-{Event.objects.count()}")
    liaison = lived(world, clock, at)
    party = whose(world)
    reader = make_liaison(party, world.administrator) if party != world.parties[1] else liaison
    found = [(door, comparable(world, text)) for door, text in got_by(world, party, reader, folder)]
    clock.now = start
    return found


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock.put_into(monkeypatch)


@pytest.mark.slow
def test_all_that_party_b_gets_is_the_same_wherever_in_its_cells_the_site_lies(
    data_folder: Path, tmp_path: Path, clock: Clock
) -> None:
    del data_folder
    one, other = (
        everything(clock, tmp_path, life(number), lambda world: world.parties[1])
        for number in (0, 3)
    )
    assert [door for door, _ in one] == [door for door, _ in other]
    kinds = [json.loads(text)["kind"] for door, text in one if door.startswith("notice")]
    assert {*kinds} == {"alert", "update", "cancel"}
    assert kinds.count("alert") >= 5
    differing = [door for (door, text), (_, same) in zip(one, other, strict=True) if text != same]
    assert differing == []


@pytest.mark.slow
def test_the_comparison_finds_where_the_site_lies_in_what_party_a_gets(
    data_folder: Path, tmp_path: Path, clock: Clock
) -> None:
    """The attack has teeth: of the party that is told exactly, every door tells the difference."""
    del data_folder
    one, other = (
        everything(clock, tmp_path, life(number), lambda world: world.parties[0])
        for number in (0, 3)
    )
    differing = {
        door.partition(" ")[0]
        for (door, text), (_, same) in zip(one, other, strict=True)
        if text != same
    }
    assert {"notice", "bundle", "page", "API"} <= differing


def test_the_places_of_the_attack_are_far_apart_within_one_cell() -> None:
    one, other = life(0), life(3)
    for first, second in zip(one.__match_args__, other.__match_args__, strict=True):
        here, there = getattr(one, first), getattr(other, second)
        assert cell(here) == cell(there)
        assert max(abs(here[0] - there[0]), abs(here[1] - there[1])) > 5_000  # Some 500 m.
