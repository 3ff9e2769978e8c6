"""Tests make their tables sooner than everybody; the tables are the same."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from openhns import testing_starter
from openhns.testing import Installation
from tests.conftest import server_of, sqlite_url

pytestmark = pytest.mark.skipif(not testing_starter.USABLE, reason="forked on Linux alone")


@pytest.mark.django_db
def test_the_tables_that_a_starter_makes_are_those_of_a_command_started_by_hand(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server = server_of(request.config)
    made = []
    for begun in (_by_hand, Installation.run):
        folder = tmp_path / begun.__name__
        (folder / "data").mkdir(mode=0o700, parents=True)
        name = f"tables{begun.__name__}"
        url = server.create_database(name) if server else sqlite_url(folder)
        installation = Installation(folder / "data", url)
        begun(installation, "init", "--mechanism", "one")
        made.append(_dumped(installation) if server else _read(folder / "data/db.sqlite3"))
    assert made[0] == made[1]
    assert len(made[0]) > 100


def _by_hand(installation: Installation, *words: str) -> None:
    installation.start(*words).communicate()


def _read(file: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(file)) as connection:
        return sorted(connection.execute("SELECT name, sql FROM sqlite_master"))


def _dumped(installation: Installation) -> list[str]:
    """Return the statements that would make the tables; a dump has a token of its own in it."""
    words = ["pg_dump", "--schema-only", "--no-owner", f"--dbname={installation.database_url}"]
    dumped = subprocess.run(
        words, check=True, capture_output=True, text=True, env=installation.environ
    )
    return [line for line in dumped.stdout.splitlines() if not line.startswith("\\")]
