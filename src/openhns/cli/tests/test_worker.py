import json
import signal
import time
from pathlib import Path

import pytest
from django.db import connection

from openhns.cli.tests.conftest import Run
from openhns.record.models import Log
from openhns.testing import Installation

PATIENCE_SECONDS = 60


@pytest.mark.usefixtures("fresh")
def test_tick_ticks_every_mechanism_or_the_one_named(answer: Run) -> None:
    answer("init", "--mechanism", "mali")
    answer("init", "--mechanism", "niger")
    before = {log.name: log.size for log in Log.objects.all()}
    assert answer("tick")["ticks"] == {"mali": 1, "niger": 1}
    assert answer("tick", "--mechanism", "mali")["ticks"] == {"mali": 1}
    after = {log.name: log.size for log in Log.objects.all()}
    assert all(after[name] > before[name] for name in before)


@pytest.mark.usefixtures("fresh")
def test_the_checkpoint_and_its_key_are_shown(answer: Run, fresh: Path) -> None:
    answer("init", "--mechanism", "mali")
    shown = answer("log", "checkpoint")
    assert shown["checkpoint"] == (fresh / "tiles" / "checkpoint").read_text()
    key = answer("log", "checkpoint", "--vkey")["verifier_key"]
    assert key == Log.objects.get().verifier_key


def test_a_worker_ticks_at_the_policys_pace_and_ends_when_told(
    installation: Installation,
) -> None:
    assert installation.run("init", "--mechanism", "mali").returncode == 0
    assert installation.run("policy", "change", "--set", "tick_seconds=1").returncode == 0
    checkpoint = installation.data / "tiles" / "checkpoint"
    before = checkpoint.read_text()
    worker = installation.start("worker", "--json")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while checkpoint.read_text() == before and time.monotonic() < deadline:
        time.sleep(0.1)
    worker.send_signal(signal.SIGTERM)
    out, err = worker.communicate(timeout=PATIENCE_SECONDS)
    assert worker.returncode == 0, err
    assert json.loads(out)["ticks"] >= 1
    assert checkpoint.read_text() != before
    assert installation.run("tick").returncode == 0


@pytest.mark.usefixtures("fresh")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts its tables by itself")
def test_a_tick_lets_sqlite_count_how_its_tables_are_filled(answer: Run) -> None:
    answer("init", "--mechanism", "mali")
    answer("tick")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'record_event'")
        assert cursor.fetchone()[0] >= 1
