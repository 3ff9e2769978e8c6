"""What is due leaves once, numbered without gaps, with its proof or before it."""

import hashlib
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from openhns.notices.actions.preparing import do_prepare
from openhns.notices.channels.mailbox import transport
from openhns.notices.errors import MailboxAhead, MailboxDamaged
from openhns.notices.models import Notice, Transmission
from openhns.notices.tests.building import (
    add_listing,
    amend,
    notices_of,
    payloads,
    site_facts,
    transmit,
)
from openhns.parties.actions import do_state_participation
from openhns.parties.errors import PartyNotParticipating
from openhns.parties.models import Party
from openhns.proofs import jws
from openhns.record import log_key
from openhns.record.errors import LogBehind, LogKeyUnusable, LogNotPublished
from openhns.record.guard import folder_of
from openhns.record.models import Event
from openhns.record.writing import find_log
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def parties(world: World) -> tuple[Party, Party]:
    first, second = world.parties
    return first, second


def require_chained(party: Party) -> None:
    before = None
    for number, notice in enumerate(notices_of(party), start=1):
        payload = jws.read(notice.jws).payload
        assert (payload["number"], payload["previous"]) == (number, before)
        before = hashlib.sha256(notice.jws.encode()).hexdigest()
        assert before == notice.jws_sha256


def test_each_party_is_told_at_its_own_grade_with_its_own_reference(world: World) -> None:
    a, b = parties(world)
    add_listing(world, site_facts("Gao"), {a: "exact", b: "vicinity"})
    report = transmit(world)
    (to_a,), (to_b,) = payloads(a), payloads(b)
    assert to_a["content"]["name"] == "Gao"
    assert "name" not in to_b["content"]
    assert to_a["subject"]["reference"] != to_b["subject"]["reference"]
    assert set(report.notice_ids) == {notices_of(a)[0].id, notices_of(b)[0].id}
    assert set(to_a["legal"]) == {"en", "fr", "ar"}


def test_what_was_told_is_not_told_again(world: World) -> None:
    a, b = parties(world)
    add_listing(world, site_facts("Gao"), {a: "exact", b: "presence"})
    transmit(world)
    assert not transmit(world).transmissions
    assert [len(notices_of(party)) for party in (a, b)] == [1, 1]


def test_a_routine_notice_leaves_with_a_proof_that_the_log_holds_it(world: World) -> None:
    a, _ = parties(world)
    add_listing(world, site_facts("Gao"), {a: "exact"})
    (transmission,) = transmit(world).transmissions
    ((notice_id, envelope),) = transport.read(transmission)
    assert envelope.opening is not None
    assert str(notice_id) in envelope.opening["event"]
    assert transmission.delivered_sha256 == transport.sha256_of(transport.file_of(transmission))


def test_numbers_have_no_gap_under_two_preparers_at_once(world: World) -> None:
    a, b = parties(world)
    for number in range(40):
        add_listing(world, site_facts(f"Site {number}"), {a: "exact", b: "vicinity"})
    faults: list[BaseException] = []

    def prepare() -> None:
        try:
            do_prepare(world.mechanism, acting_user=world.bob)
        except BaseException as error:  # noqa: BLE001 - shown by the test itself.
            faults.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=prepare) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    assert [len(notices_of(party)) for party in (a, b)] == [40, 40]
    for party in (a, b):
        require_chained(party)


def test_an_urgent_notice_leaves_although_the_log_cannot_tick(world: World) -> None:
    a, _ = parties(world)
    add_listing(world, site_facts("Urgent", urgent=True), {a: "exact"})
    add_listing(world, site_facts("Routine"), {a: "exact"})
    key = log_key.key_path(find_log(world.mechanism.id).name)
    hidden = key.rename(key.with_suffix(".away"))
    report = transmit(world)
    assert [type(fault) for fault in report.failures] == [LogKeyUnusable]
    (sent,) = payloads(a)
    assert sent["urgent"] is True
    assert sent["content"]["name"] == "Urgent"
    assert [t.status for t in report.transmissions] == ["transmitted", "prepared"]

    hidden.rename(key)
    report = transmit(world)
    assert report.failures == []
    assert [payload["content"]["name"] for payload in payloads(a)] == ["Urgent", "Routine"]
    urgent = Transmission.objects.get(proof_follows=True)
    assert urgent.proof_sent_at is not None
    ((_, envelope),) = transport.read(urgent, transport.PROOFS)
    assert envelope.opening is not None
    require_chained(a)


def test_a_transmission_to_a_withdrawn_party_is_refused_and_writes_nothing(world: World) -> None:
    a, b = parties(world)
    add_listing(world, site_facts("Gao"), {a: "exact", b: "exact"})
    withdraw(world, a)
    before = Event.objects.count()
    with pytest.raises(PartyNotParticipating):
        transmit(world, a)
    assert (Event.objects.count(), Notice.objects.count()) == (before, 0)
    report = transmit(world)
    assert report.skipped == [a]
    assert (len(payloads(a)), len(payloads(b))) == (0, 1)


def withdraw(world: World, party: Party) -> None:
    do_state_participation(party, "withdrawn", timezone.now(), acting_user=world.administrator)


def test_what_was_prepared_before_a_withdrawal_does_not_leave_after_it(world: World) -> None:
    a, _ = parties(world)
    add_listing(world, site_facts("Gao"), {a: "exact"})
    do_prepare(world.mechanism, acting_user=world.bob)
    withdraw(world, a)
    transmit(world)
    assert payloads(a) == []


def test_a_delivery_that_was_never_marked_is_found_and_not_sent_twice(world: World) -> None:
    a, _ = parties(world)
    add_listing(world, site_facts("Gao"), {a: "exact"})
    (transmission,) = transmit(world).transmissions
    path = transport.file_of(transmission)
    digest = transport.sha256_of(path)
    # As a process killed after the file was in place and before the mark leaves it.
    Transmission.objects.update(status="prepared", transmitted_at=None, delivered_sha256="")
    leftover = path.with_name(f".{path.name}.0011.tmp")
    leftover.write_bytes(b"half")
    (again,) = transmit(world).transmissions
    assert (again.id, again.status, again.delivered_sha256) == (
        transmission.id,
        "transmitted",
        digest,
    )
    assert len(notices_of(a)) == 1


def test_a_mailbox_file_that_was_cut_short_is_named(world: World) -> None:
    a, _ = parties(world)
    add_listing(world, site_facts("Gao"), {a: "exact"})
    (transmission,) = transmit(world).transmissions
    path = transport.file_of(transmission)
    path.write_bytes(path.read_bytes()[:-10])
    Transmission.objects.update(status="prepared")
    (failure,) = transmit(world).failures
    assert isinstance(failure, MailboxDamaged)


def test_nothing_of_a_place_or_name_lies_in_a_mailbox_in_plain(world: World) -> None:
    a, b = parties(world)
    add_listing(world, site_facts("Hombori"), {a: "exact", b: "vicinity"})
    for transmission in transmit(world).transmissions:
        lying = transport.file_of(transmission).read_bytes()
        cell = payloads(b)[0]["content"]["cell"]
        for word in ("Hombori", "162716000", "Party", cell, "eyJ"):
            assert word.encode() not in lying


def test_sizes_do_not_tell_a_cell_in_town_from_one_in_the_country(world: World) -> None:
    _, b = parties(world)
    add_listing(world, site_facts("The first notice names none before it"), {b: "vicinity"})
    transmit(world)
    for number, place in enumerate(((126_392_000, -80_029_000), (230_000_000, -50_000_000))):
        add_listing(world, site_facts(f"Site {number}", place), {b: "vicinity"})
    (report,) = transmit(world).transmissions
    assert len({len(payload["content"]["outline"]) for payload in payloads(b)[1:]}) == 2
    assert len({len(notice.sealed) for notice in notices_of(b)[1:]}) == 1
    assert len({len(envelope.notice) for _, envelope in transport.read(report)}) == 1


def test_a_database_restored_to_yesterday_numbers_nothing(world: World) -> None:
    a, _ = parties(world)
    add_listing(world, site_facts("Gao"), {a: "exact"})
    log = find_log(world.mechanism.id)
    before = {"size": log.size, "root": bytes(log.root), "ticks": log.ticks}
    transmit(world)
    add_listing(world, site_facts("Mopti"), {a: "exact"})
    type(log).objects.filter(id=log.id).update(**before)
    with pytest.raises((LogBehind, LogNotPublished)):
        transmit(world)
    assert len(notices_of(a)) == 1


def test_a_number_that_left_before_its_tick_is_not_used_again(world: World) -> None:
    a, _ = parties(world)
    add_listing(world, site_facts("Gao"), {a: "exact"})
    transmit(world)
    (party_folder,) = transport.folder_of(a.id).parent.iterdir()
    (party_folder / "00000000-0000-4000-8000-000000000000.envelopes").write_bytes(b"")
    add_listing(world, site_facts("Mopti"), {a: "exact"})
    with pytest.raises(MailboxAhead):
        transmit(world)
    assert len(notices_of(a)) == 1


def test_an_amendment_updates_under_the_same_reference(world: World) -> None:
    a, _ = parties(world)
    listing = add_listing(world, site_facts("Gao"), {a: "exact"})
    transmit(world)
    amend(world, listing, functioning_status="temporarily closed")
    transmit(world)
    first, second = payloads(a)
    assert (first["kind"], second["kind"]) == ("alert", "update")
    assert first["subject"] == second["subject"]


def test_every_event_of_a_notice_is_the_partys_own(world: World) -> None:
    a, b = parties(world)
    add_listing(world, site_facts("Gao"), {a: "exact", b: "vicinity"})
    transmit(world)
    events: dict[str, Any] = {}
    for event in Event.objects.filter(name="notice:prepared"):
        events[str(event.audience)] = event.canonical.decode()
    assert events.keys() == {str(a.id), str(b.id)}
    assert str(a.id) not in events[str(b.id)]
    assert folder_of(find_log(world.mechanism.id)).read_checkpoint() is not None
