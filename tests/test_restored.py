"""A database restored to yesterday stops before it signs or numbers anything; it never forks."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from tests.conftest import copied_database, server_of
from tests.road import Road


def _yesterday(road: Road, request: pytest.FixtureRequest) -> Iterator[str]:
    """Keep a copy of the database as it is now, and yield its URL."""
    url = road.installation.database_url
    server = server_of(request.config)
    if server:
        name = f"yesterday_{uuid4().hex}"
        yield copied_database(server, road, name)
        server.drop_database(name)
        return
    kept = road.files / "yesterday.sqlite3"
    source = sqlite3.connect(url.removeprefix("sqlite:///"))
    with sqlite3.connect(kept) as target:
        source.backup(target)
    source.close()
    target.close()
    yield f"sqlite:///{kept}"


def _site(road: Road, name: str) -> None:
    facts = {"name": name, "type": "Clinic", "country": "Mali"}
    facts |= {"latitude": "13.512345", "longitude": "-6.123456"}
    given = [word for fact, value in facts.items() for word in ("--set", f"{fact}={value}")]
    consent = ["--consent", "Party A=exact"]
    road.json("submit", *given, "--organisation", "Ministry of Health", *consent)
    road.json("clear", "--passing")


@pytest.mark.slow
def test_a_restored_database_stops_and_says_what_to_do(
    small: Road, request: pytest.FixtureRequest
) -> None:
    for yesterday in _yesterday(small, request):
        _site(small, "Clinique du Lendemain")
        assert len(small.json("transmit")["notices"]) == 1
        published = small.installation.data / "tiles" / "checkpoint"
        before = published.read_bytes()
        restored = Road(replace(small.installation, database_url=yesterday), small.files)
        for words in (["tick"], ["transmit"], ["clear", "--passing"]):
            done = restored.installation.run(*words)
            assert done.returncode != 0, words
            assert "log_behind_published" in done.stderr + done.stdout
            assert "docs/recovery.md" in done.stderr + done.stdout
        assert published.read_bytes() == before
        assert small.json("log", "audit")["findings"] == []
