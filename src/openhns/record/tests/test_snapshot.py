"""Long reading sees one state of the database, and nobody who writes waits for it."""

import threading
from pathlib import Path

import pytest
from django.db import connection

from openhns.mechanism.models import Mechanism
from openhns.record.actions import do_tick
from openhns.record.models import Tick
from openhns.record.snapshot import one_view
from openhns.testing_world import make_world

pytestmark = pytest.mark.django_db(transaction=True)


def _tick_elsewhere(mechanism: Mechanism) -> None:
    def tick() -> None:
        try:
            do_tick(mechanism.id)
        finally:
            connection.close()

    thread = threading.Thread(target=tick)
    thread.start()
    thread.join(timeout=30)
    assert not thread.is_alive(), "A writer waited for a reader."


def test_what_is_written_beside_is_seen_only_afterwards(data_folder: Path) -> None:
    del data_folder
    mechanism = make_world().mechanism
    with one_view():
        before = Tick.objects.count()
        _tick_elsewhere(mechanism)
        assert Tick.objects.count() == before
    assert Tick.objects.count() == before + 1
