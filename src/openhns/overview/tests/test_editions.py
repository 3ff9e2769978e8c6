"""Editions: made on their days, kept as they were made, written into the log."""

import json
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from openhns.cli import main
from openhns.jobs import registry
from openhns.jobs.actions import drain
from openhns.jobs.models import DueWork
from openhns.notices.actions import do_log_call
from openhns.notices.tests.building import add_listing, payloads, remove, site_facts, transmit
from openhns.overview.actions import (
    do_order_editions,
    do_publish_editions,
    draft_edition,
    due_editions,
)
from openhns.overview.due import PUBLISH
from openhns.overview.models import Edition
from openhns.overview.publication.counting import counts_at
from openhns.overview.tests.clock import Clock
from openhns.proofs.canonical import parse
from openhns.proofs.commitment import PUBLIC_LINE
from openhns.record.actions import do_tick
from openhns.record.audit import audit_logs
from openhns.record.models import Event, Log
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world(parties=("Türkiye", "Party B"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock.put_into(monkeypatch)


def test_an_edition_appears_on_the_first_of_the_month_and_counts_what_was_so_a_month_before(
    world: World, clock: Clock
) -> None:
    assert do_publish_editions(world.mechanism) == []
    clock.forward(100)
    made = do_publish_editions(world.mechanism)
    assert [edition.number for edition in made] == list(range(1, len(made) + 1))
    assert len(made) in {2, 3}
    for edition in made:
        assert edition.day.day == 1
        midnight = datetime.combine(edition.day, datetime.min.time(), UTC)
        assert midnight - edition.counted_at == timedelta(days=30)
    assert do_publish_editions(world.mechanism) == []


def test_the_whole_table_stands_in_the_log_in_plain_words(world: World, clock: Clock) -> None:
    clock.forward(100)
    edition = do_publish_editions(world.mechanism)[-1]
    event = Event.objects.get(name="edition:published", subject_id=edition.id)
    assert event.public
    body = parse(bytes(event.entry).removeprefix(PUBLIC_LINE))["body"]
    assert body["tables"] == edition.tables
    assert {party["name"] for party in body["parties"]} == {"Türkiye", "Party B"}
    do_tick(world.mechanism.id)
    assert audit_logs(Log.objects.all()).findings == []


def test_an_edition_that_is_changed_later_is_found(world: World, clock: Clock) -> None:
    clock.forward(100)
    edition = do_publish_editions(world.mechanism)[-1]
    do_tick(world.mechanism.id)
    edition.tables["places"]["sites"]["rung"] = 3
    edition.save()
    kinds = {finding.kind for finding in audit_logs(Log.objects.all()).findings}
    assert kinds == {"row changed"}


def test_editions_read_the_same_with_and_without_one_site(world: World, clock: Clock) -> None:
    add_listing(world, site_facts("One"), {world.parties[0]: "exact"})
    transmit(world)
    clock.forward(62)
    before = do_publish_editions(world.mechanism)[-1]
    other = add_listing(world, site_facts("Two"), dict.fromkeys(world.parties, "exact"))
    transmit(world)
    clock.forward(62)
    opened = do_publish_editions(world.mechanism)[-1]
    remove(world, other)
    transmit(world)
    clock.forward(62)
    closed = do_publish_editions(world.mechanism)[-1]
    assert before.tables == opened.tables == closed.tables


def test_what_is_counted_is_what_was_recorded_until_that_moment(world: World, clock: Clock) -> None:
    start = clock.now
    party = world.parties[0]
    add_listing(world, site_facts("One"), {party: "exact"})
    clock.forward(3)
    transmit(world)
    clock.forward(2)
    do_log_call(party, None, "Seen.", who="The officer of the day", acting_user=world.bob)
    counts = counts_at(world.mechanism, clock.now)
    answered = counts.parties[party.id]
    assert (counts.sites, counts.submitted, counts.notices, counts.late) == (1, 1, 1, 1)
    assert (answered.told, answered.acknowledged, answered.proof_c) == (1, 1, 0)
    assert (answered.within_a_day, answered.within_a_week) == (0, 1)
    assert counts.parties[world.parties[1].id].told == 0
    early = counts_at(world.mechanism, start + timedelta(days=1))
    assert (early.sites, early.notices, early.late) == (1, 0, 0)
    waiting = counts_at(world.mechanism, start + timedelta(days=2))
    assert (waiting.notices, waiting.late) == (0, 1)


def test_a_silent_party_counts_as_silent(world: World, clock: Clock) -> None:
    party = world.parties[0]
    add_listing(world, site_facts("One"), {party: "exact"})
    transmit(world)
    clock.forward(400)
    answered = counts_at(world.mechanism, clock.now).parties[party.id]
    assert (answered.told, answered.acknowledged) == (1, 0)
    assert payloads(party)


def test_a_draft_keeps_nothing(world: World, clock: Clock) -> None:
    clock.forward(100)
    draft_edition(world.mechanism, due_editions(world.mechanism)[0])
    assert not Edition.objects.exists()


def test_the_command_publishes_what_is_due_and_a_dry_run_nothing(
    world: World, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    del world
    clock.forward(100)
    assert main(["publish", "--dry-run", "--json"]) == 0
    dry = json.loads(capsys.readouterr().out)
    assert not Edition.objects.exists()
    assert main(["publish", "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert done["editions"][0]["tables"] == dry["editions"][0]["tables"]
    assert date.fromisoformat(done["next"]) > clock.now.date()
    assert main(["publish"]) == 0
    assert "The next one is due on" in capsys.readouterr().out


def test_due_work_publishes_what_is_due_and_is_ordered_once(world: World, clock: Clock) -> None:
    do_order_editions(world.mechanism)
    assert not DueWork.objects.filter(handler=PUBLISH).exists()
    clock.forward(100)
    do_order_editions(world.mechanism)
    do_order_editions(world.mechanism)
    assert DueWork.objects.filter(handler=PUBLISH).count() == 1
    drain(registry.names(slow=True))
    assert Edition.objects.exists()
    do_order_editions(world.mechanism)
    assert not DueWork.objects.filter(handler=PUBLISH, state=DueWork.State.WAITING).exists()


def test_of_two_that_publish_at_once_one_does(world: World, clock: Clock) -> None:
    clock.forward(100)

    def publish() -> None:
        try:
            do_publish_editions(world.mechanism)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    numbers = list(Edition.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert Event.objects.filter(name="edition:published").count() == len(numbers)
