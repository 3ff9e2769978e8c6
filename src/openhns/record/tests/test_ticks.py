"""An event, once committed, stands in the log once, and the log only grows."""

import errno
import os
import shutil
import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from openhns.proofs.commitment import PUBLIC_LINE, SEALED_LINE
from openhns.record import actions, guard
from openhns.record.audit import audit_logs
from openhns.record.errors import LogBehind, LogForked, LogNotPublished, OutsideTransaction
from openhns.record.models import Event, Log, Tick
from openhns.record.names import LogEvent
from openhns.record.openings import openings_of
from openhns.record.writing import NewEvent, write_event, write_events
from openhns.tlog.audit import replay
from openhns.tlog.checkpoint import read_checkpoint
from openhns.tlog.errors import TilesNotWritten
from openhns.tlog.note import Verifier
from openhns.tlog.proof import Proof
from openhns.tlog.tiles import parse_bundle
from openhns.vault import actions as vault_actions
from openhns.vault import rings

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log(data_folder: Path) -> Log:
    del data_folder
    rings.forget()
    scope = uuid4()
    vault_actions.ensure_master_key()
    vault_actions.do_make_keys(scope)
    return actions.do_start_log(scope, f"t{scope.hex[:8]}", f"openhns.localhost/{scope}")


def say(log: Log, word: str, audience: UUID | None = None, *, public: bool = False) -> Event:
    with transaction.atomic():
        event = NewEvent(
            LogEvent.STARTED, "word", uuid4(), {"word": word}, audience=audience, public=public
        )
        return write_event(log, event)


def published(log: Log) -> int:
    text = guard.folder_of(log).read_checkpoint()
    assert text is not None
    return read_checkpoint(text).size


def test_an_event_outside_its_change_is_refused(log: Log) -> None:
    with pytest.raises(OutsideTransaction):
        write_events(log, [NewEvent(LogEvent.STARTED, "word", uuid4())])


def _steps_of(work: Callable[[], object]) -> int:
    """Return how many thousand steps of its own machine SQLite takes for some work."""
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    connection.connection.set_progress_handler(count, 1_000)
    try:
        work()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return steps[0]


@pytest.mark.skipif(
    settings.CONFIGURATION.test_database != "sqlite", reason="a promise about SQLite"
)
def test_a_tick_looks_at_its_own_events_however_long_the_log(log: Log) -> None:
    def tick_of(events: int) -> int:
        with transaction.atomic():
            new = [NewEvent(LogEvent.STARTED, "word", uuid4()) for _ in range(events)]
            write_events(log, new)
        return _steps_of(lambda: actions.do_tick(log.id))

    first = tick_of(300)
    tick_of(20_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()  # SQLite reads what it is told of its tables when it opens them.
    connection.ensure_connection()
    again = tick_of(300)
    assert again < 2 * first + 20


def test_a_tick_puts_each_event_into_the_log_once(log: Log) -> None:
    events = [say(log, f"word {n}") for n in range(20)]
    actions.do_tick(log.id)
    leaves = list(Event.objects.filter(log=log).values_list("leaf_index", flat=True))
    assert None not in leaves
    assert len(set(leaves)) == len(events) + 1  # The log's own first event among them.
    entries = list(guard.folder_of(log).reader().entries(0, published(log)))
    for event in Event.objects.filter(log=log):
        assert entries[event.leaf_index or 0] == bytes(event.entry)


def test_a_tick_shows_a_power_of_two_whatever_happened(log: Log) -> None:
    actions.do_tick(log.id)
    for count in (0, 1, 6, 7, 8, 9):
        for n in range(count):
            say(log, str(n))
        before = published(log)
        actions.do_tick(log.id)
        grown = published(log) - before
        assert grown == (8 if count < 8 else 16)


def test_nothing_said_in_private_stands_in_the_published_log(log: Log) -> None:
    say(log, "Alice is at home")
    say(log, "Bob has joined", public=True)
    actions.do_tick(log.id)
    entries = list(guard.folder_of(log).reader().entries(0, published(log)))
    assert not any(b"Alice" in entry for entry in entries)
    assert sum(b"Bob has joined" in entry for entry in entries) == 1
    assert {entry.startswith((SEALED_LINE, PUBLIC_LINE)) for entry in entries} == {True}
    assert sum(entry.startswith(SEALED_LINE) for entry in entries) == len(entries) - 3


def test_an_opening_proves_its_event_and_no_other(log: Log) -> None:
    event, public = say(log, "one"), say(log, "two", public=True)
    assert openings_of(log, [event]) == [None]
    actions.do_tick(log.id)
    event.refresh_from_db()
    public.refresh_from_db()
    sealed_opening, public_opening = openings_of(log, [event, public])
    assert sealed_opening is not None
    assert public_opening is not None
    assert Proof.parse(sealed_opening["log_proof"]).index == event.leaf_index
    assert public_opening["salt"] is None


def test_each_partys_head_moves_with_its_own_events_alone(log: Log) -> None:
    alice, bob = uuid4(), uuid4()
    say(log, "to Alice", audience=alice)
    say(log, "to Bob", audience=bob)
    actions.do_tick(log.id)
    say(log, "to Alice again", audience=alice)
    actions.do_tick(log.id)
    first, second = [tick.content["heads"] for tick in Tick.objects.filter(log=log)]
    assert first[str(bob)]["chain"] == second[str(bob)]["chain"]
    assert first[str(bob)]["salt"] != second[str(bob)]["salt"]
    assert (first[str(alice)]["count"], second[str(alice)]["count"]) == (1, 2)
    assert first[str(alice)]["chain"] != second[str(alice)]["chain"]


def test_a_database_behind_the_published_log_stops_before_it_signs(log: Log) -> None:
    actions.do_tick(log.id)
    yesterday = Log.objects.get(id=log.id)
    say(log, "later")
    actions.do_tick(log.id)
    checkpoint = guard.folder_of(log).read_checkpoint()
    Tick.objects.filter(log=log, number__gt=yesterday.ticks).delete()
    Event.objects.filter(log=log, leaf_index__gte=yesterday.size).delete()
    yesterday.save()
    say(log, "another future")
    with pytest.raises(LogBehind, match="restored"):
        actions.do_tick(log.id)
    assert guard.folder_of(log).read_checkpoint() == checkpoint
    assert Event.objects.filter(log=log, leaf_index=None).count() == 1


def test_a_database_that_grew_another_way_stops_before_it_signs(log: Log) -> None:
    actions.do_tick(log.id)
    Tick.objects.filter(log=log).update(root=bytes(32))
    Log.objects.filter(id=log.id).update(root=bytes(32))
    with pytest.raises(LogForked):
        actions.do_tick(log.id)


def test_a_log_whose_folder_is_lost_is_not_begun_anew(log: Log, data_folder: Path) -> None:
    actions.do_tick(log.id)
    folder = data_folder / log.folder
    held = (folder / "checkpoint").read_text()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    shutil.rmtree(folder)
    with pytest.raises(LogNotPublished):
        actions.do_tick(log.id)
    with pytest.raises(LogForked):
        actions.do_republish(log.id, held.replace("\n8\n", "\n9\n"))
    assert actions.do_republish(log.id, held) == read_checkpoint(held).size
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_full_disk_leaves_the_published_log_readable_and_loses_nothing(
    log: Log, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.do_tick(log.id)
    before = guard.folder_of(log).read_checkpoint()
    say(log, "written while the disk was full")
    tiles, opening = str(data_folder / log.folder), os.open

    def full(path: Any, flags: int, *rest: Any, **named: Any) -> int:
        if str(path).startswith(tiles) and flags & os.O_CREAT:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return opening(path, flags, *rest, **named)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", full)
        with pytest.raises(TilesNotWritten, match="make room"):
            actions.do_tick(log.id)
    assert guard.folder_of(log).read_checkpoint() == before
    assert replay(guard.folder_of(log), [Verifier.parse(log.verifier_key)]).is_intact
    assert actions.do_publish(log.id) == Log.objects.get(id=log.id).size
    assert audit_logs(Log.objects.filter(id=log.id)).findings == []


def test_a_clock_that_jumps_back_an_hour_is_said_and_never_followed(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.do_tick(log.id)
    before = Tick.objects.get(log=log)
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now - timedelta(hours=1))
    actions.do_tick(log.id)
    after = Tick.objects.get(log=log, number=2)
    assert after.made_at >= before.made_at
    heads = [entry for entry in parse_bundle(bytes(after.entries)) if b"log:ticked" in entry]
    assert b'"clock":"behind"' in heads[0]


def test_tickers_and_writers_at_once_lose_and_double_nothing(log: Log) -> None:
    faults: list[BaseException] = []

    def run(work: object) -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as fault:  # noqa: BLE001
            faults.append(fault)
        finally:
            connection.close()

    def write() -> None:
        for n in range(10):
            say(log, str(n))

    def tick() -> None:
        for _ in range(5):
            actions.do_tick(log.id)

    actions.do_tick(log.id)  # As `init` does, before anybody else can.
    threads = [threading.Thread(target=run, args=(work,)) for work in (write, write, tick, tick)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    actions.do_tick(log.id)
    leaves = list(Event.objects.filter(log=log).values_list("leaf_index", flat=True))
    assert len(leaves) == len(set(leaves)) == 21
    numbers = list(Tick.objects.filter(log=log).values_list("number", "old_size", "size"))
    ordered = sorted(numbers)
    assert [n for n, _, _ in ordered] == list(range(1, len(ordered) + 1))
    assert all(a[2] == b[1] for a, b in pairwise(ordered))
    assert published(log) == ordered[-1][2]
