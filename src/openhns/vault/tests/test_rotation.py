"""Rotation changes every key and loses nothing; a stolen database alone opens nothing."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from openhns.record import actions as record_actions
from openhns.record.models import Event, Log
from openhns.record.names import LogEvent
from openhns.record.writing import NewEvent, write_event
from openhns.sealing import keys
from openhns.vault import actions, rings
from openhns.vault.models import DataKey

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log(data_folder: Path) -> Log:
    del data_folder
    rings.forget()
    scope = uuid4()
    actions.ensure_master_key()
    actions.do_make_keys(scope)
    return record_actions.do_start_log(scope, f"v{scope.hex[:8]}", f"openhns.localhost/{scope}")


def write(log: Log, count: int) -> None:
    with transaction.atomic():
        for number in range(count):
            write_event(log, NewEvent(LogEvent.STARTED, "log", log.id, {"number": number}))


def texts(scope: UUID) -> list[bytes]:
    return [event.canonical for event in Event.objects.filter(scope=scope).order_by("seq")]


def test_every_value_is_sealed_again_and_says_the_same(log: Log) -> None:
    write(log, 7)
    before = texts(log.id)
    blobs = {bytes(event.sealed) for event in Event.objects.filter(log=log)}
    assert actions.do_rotate(log.id) == 8
    assert texts(log.id) == before
    assert blobs.isdisjoint(bytes(event.sealed) for event in Event.objects.filter(log=log))
    facts = {fact.number: fact for fact in actions.key_facts() if fact.scope == log.id}
    assert (facts[1].values_sealed, facts[2].values_sealed) == (0, 8)
    assert facts[1].retired_at is not None
    assert facts[2].retired_at is None


def test_a_process_that_has_the_old_keys_learns_of_the_new_ones(log: Log) -> None:
    ring = rings.ring_of(log.id)
    actions.do_rotate(log.id)
    blob = rings.ring_of(log.id).seal("f", log.id, b"new")
    assert ring.open("f", log.id, blob) == b"new"


def test_a_new_master_key_opens_what_the_old_one_sealed(
    log: Log, data_folder: Path, settings: object
) -> None:
    write(log, 1)
    before = texts(log.id)
    new = data_folder / "keys" / "master-2.key"
    assert actions.do_change_master_key(new) == DataKey.objects.count()
    with pytest.raises(keys.UnknownKey):
        texts(log.id)
    settings.OPENHNS_MASTER_KEY_FILE = new  # type: ignore[attr-defined]
    rings.forget()
    assert texts(log.id) == before


def test_without_the_master_key_nothing_opens_and_the_error_says_so(
    log: Log, data_folder: Path
) -> None:
    write(log, 1)
    (data_folder / "keys" / "master.key").unlink()
    rings.forget()
    with pytest.raises(keys.MasterKeyError, match="put the file back"):
        texts(log.id)
