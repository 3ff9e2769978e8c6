"""The auditor sees that the record agrees with the log, and nothing that is sealed."""

import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from openhns.jobs.actions import drain
from openhns.mechanism.access import record_exact_read
from openhns.mechanism.actions import do_add_person, do_digest_journal, do_grant_role
from openhns.mechanism.models import Errand, ExactRead, Person, Role
from openhns.notices.actions import do_log_call
from openhns.notices.tests.building import add_listing, site_facts, transmit
from openhns.overview import days_of_events
from openhns.overview.actions import do_publish_editions
from openhns.overview.tests.clock import Clock
from openhns.overview.tests.reading import words_of
from openhns.parties.actions import do_state_participation
from openhns.record.actions import do_tick
from openhns.record.models import Event
from openhns.record.writing import find_log
from openhns.registry.models import Listing
from openhns.testing_world import World, kept, make_party_key, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("", "ticks/", "events/", "public-events/", "digests/", "keys/", "answers/")


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return kept(_world)


def _world() -> World:
    made = make_world(parties=("Türkiye", "Party B"))
    do_tick(made.mechanism.id)
    return made


@pytest.fixture
def auditor(world: World) -> Person:
    person = do_add_person("Erin", mechanism=world.mechanism, acting_user=world.administrator)
    do_grant_role(
        person,
        world.mechanism,
        Role.Name.AUDITOR,
        acting_user=world.administrator,
        seconded_by=world.bob,
    )
    return person


@pytest.fixture
def erin(auditor: Person) -> Client:
    return visitor(auditor)


def _address(world: World, page: str = "") -> str:
    return f"/{world.mechanism.slug}/audit/{page}"


@pytest.mark.parametrize("page", PAGES)
def test_the_auditors_pages_are_the_auditors_alone(world: World, erin: Client, page: str) -> None:
    assert erin.get(_address(world, page)).status_code == 200
    refused = Client().get(_address(world, page))
    assert refused.status_code == 404
    for person in (world.outsider, world.alice, world.bob):
        assert visitor(person).get(_address(world, page)).status_code == 404


def test_the_auditor_finds_the_way_from_the_first_page(world: World, erin: Client) -> None:
    page = erin.get(_address(world)).content.decode()
    for name in PAGES:
        assert f'href="{_address(world, name)}"' in page
    assert "Audit" in words_of(erin, "/home/", follow=True)


def _ask(world: World, erin: Client, key: str | None = None) -> None:
    answer = erin.post(_address(world), {"key": key or str(uuid4())})
    assert answer.status_code == 302


def test_an_audit_is_ordered_done_beside_and_kept(world: World, erin: Client) -> None:
    assert "None yet." in words_of(erin, _address(world))
    _ask(world, erin)
    assert "Waiting" in words_of(erin, _address(world))
    drain()
    words = words_of(erin, _address(world))
    assert "As it was written" in words
    assert "0 findings." in words
    assert "It took 1 second." in words
    assert Event.objects.filter(name="log:audited").count() == 1


def test_one_form_sent_twice_is_one_audit(world: World, erin: Client) -> None:
    key = str(uuid4())
    _ask(world, erin, key)
    _ask(world, erin, key)
    assert Errand.objects.count() == 1


def test_an_audit_says_what_is_not_as_it_was_written(world: World, erin: Client) -> None:
    add_listing(world, site_facts("Changed clinic"), {})
    do_tick(world.mechanism.id)
    Listing.objects.update(status=Listing.Status.CLOSED)
    _ask(world, erin)
    drain()
    words = words_of(erin, _address(world))
    assert "1 finding." in words
    assert "A row was changed behind the log's back: 1" in words
    assert f"registry.listing:{Listing.objects.get().id}" in words
    assert "Changed clinic" not in words


def test_whoever_is_no_auditor_any_more_gets_no_audit(
    world: World, auditor: Person, erin: Client
) -> None:
    _ask(world, erin)
    Role.objects.filter(person=auditor).update(ended_at=timezone.now())
    drain()
    assert Errand.objects.get().outcome["refused"]
    assert visitor(world.alice).post(_address(world)).status_code == 404


def test_each_tick_is_listed_with_time_size_and_root(world: World, erin: Client) -> None:
    log = find_log(world.mechanism.id)
    words = words_of(erin, _address(world, "ticks/"))
    assert f"{log.size}" in words
    assert bytes(log.root).hex()[:12] in words
    assert "Published" in words
    assert bytes(log.root).hex() in erin.get(_address(world, "ticks/")).content.decode()


def test_the_log_is_drawn_once_it_grew(world: World, auditor: Person, clock: Clock) -> None:
    assert "<figure" not in visitor(auditor).get(_address(world, "ticks/")).content.decode()
    clock.forward(5)
    do_tick(world.mechanism.id)
    assert "The log grew to" in words_of(visitor(auditor), _address(world, "ticks/"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock.put_into(monkeypatch)


def test_events_are_counted_by_the_day_of_their_tick(
    world: World, auditor: Person, clock: Clock
) -> None:
    counted = Event.objects.filter(name="person:entered", leaf_index__isnull=False).count()
    assert f"person:entered A person got an account. 0 0 0 0 0 0 {counted}" in words_of(
        visitor(auditor), _address(world, "events/")
    )
    first_day = clock.now.date()
    clock.forward(8)
    assert "No event was logged in these days." in words_of(
        visitor(auditor), _address(world, "events/")
    )
    page = visitor(auditor).get(_address(world, "events/")).content.decode()
    assert "Earlier" in page
    assert f"0 {counted}" in words_of(
        visitor(auditor), _address(world, f"events/?until={first_day}")
    )
    for wrong in ("tomorrow", "2026-13-40", "9999-12-31"):
        assert visitor(auditor).get(_address(world, f"events/?until={wrong}")).status_code == 200


def test_a_page_waits_for_no_count_of_a_long_log(
    world: World, auditor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = _address(world, "events/")
    told = words_of(visitor(auditor), at)
    for name, value in (("_LEAVES", 2), ("_AT_ONCE", 1), ("_blocks", {})):
        monkeypatch.setattr(days_of_events, name, value)
    assert "The log is large: its events are being counted." in words_of(visitor(auditor), at)
    until = time.monotonic() + 10
    while (found := words_of(visitor(auditor), at)) != told and time.monotonic() < until:
        time.sleep(0.05)
    assert found == told
    assert "person:entered" in told
    monkeypatch.setattr(days_of_events, "_MOST_BLOCKS", 1)
    assert words_of(visitor(auditor), at) == told


def test_public_events_are_told_in_plain_words(world: World, auditor: Person, clock: Clock) -> None:
    do_state_participation(
        world.parties[0], "withdrawn", clock.now, reason="The reason", acting_user=world.bob
    )
    make_party_key(world.parties[1], world.administrator)
    clock.forward(100)
    do_publish_editions(world.mechanism)
    page = _address(world, "public-events/")
    words = words_of(visitor(auditor), page) + words_of(visitor(auditor), f"{page}?page=2")
    assert "Türkiye: Has withdrawn, from" in words
    assert "Party B registered a key of proof A:" in words
    assert "Edition 1 of the public figures, of 1 " in words
    assert f"The mechanism {world.mechanism.slug} began." in words
    assert "The reason" not in words


def test_digests_are_shown_as_the_log_holds_them(
    world: World, auditor: Person, clock: Clock
) -> None:
    record_exact_read(world.bob, world.mechanism, "purpose kept secret", [uuid4()])
    clock.forward(1)
    day = (clock.now - timedelta(days=1)).date()
    assert ExactRead.objects.count() == 1
    assert do_digest_journal(world.mechanism, day) is not None
    assert "waits for a tick" in words_of(visitor(auditor), _address(world, "digests/"))
    do_tick(world.mechanism.id)
    event = Event.objects.get(name="journal:digested")
    words = words_of(visitor(auditor), _address(world, "digests/"))
    assert f" {event.leaf_index} " in words
    assert "purpose kept secret" not in words


def test_keys_are_shown_by_number_and_fingerprint_and_never_themselves(
    world: World, erin: Client, data_folder: Path
) -> None:
    _, key = make_party_key(world.parties[0], world.administrator)
    page = erin.get(_address(world, "keys/")).content.decode()
    assert key.kid in page
    assert world.mechanism.notice_kid in page
    for path in (data_folder / "keys").iterdir():
        assert path.read_text().strip() not in page


def test_answers_are_counted_by_party_and_by_what_they_prove(world: World, erin: Client) -> None:
    add_listing(world, site_facts("One"), dict.fromkeys(world.parties, "exact"))
    transmit(world)
    do_log_call(world.parties[0], None, "Seen.", "The officer", acting_user=world.bob)
    words = words_of(erin, _address(world, "answers/"))
    assert "Türkiye 1 0 0 0 1" in words
    assert "Party B 1 0 0 0 0" in words


def test_long_lists_ask_the_database_no_more_often(
    world: World,
    erin: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(30):
        do_tick(world.mechanism.id)
    for page in ("ticks/", "public-events/", "events/", "digests/"):
        with django_assert_max_num_queries(22):
            erin.get(_address(world, page))
