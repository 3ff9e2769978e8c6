"""kill -9 at any instant of the road loses nothing, doubles nothing and forks nothing.

Each command is started and killed again and again, at instants spread over the time that it
takes, before it is let through; then the road must have come to the same as undisturbed.
"""

import json
import random
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.road import Road, small_register

KILLS = 1
SLOWEST = 20.0


class Walk:
    """The road, with each command killed at random instants before it may finish."""

    def __init__(self, road: Road, chance: random.Random) -> None:
        self.road = road
        self.chance = chance
        self.kills = 0
        self.longest = 1.0

    def step(self, *words: str | Path, expect: int = 0, known: str = "") -> Any:
        """Kill the command KILLS times on its way, then let it through.

        `known` is the error by which a command that is done once answers when it was done already.
        """
        for _ in range(KILLS):
            self._killed(*words)
        began = time.monotonic()
        done = self.road.installation.run(*words, "--json")
        self.longest = max(0.5, time.monotonic() - began)
        answer = json.loads(done.stdout)
        if known and done.returncode:
            assert answer["error"]["code"] == known, answer
        else:
            assert done.returncode == expect, done.stdout[:2000] + done.stderr
        return answer

    def _killed(self, *words: str | Path) -> None:
        process = self.road.installation.start(*words, "--json")
        try:
            time.sleep(self.chance.uniform(0.2, 1.0) * self.longest)
            if process.poll() is None:
                process.kill()
                self.kills += 1
            process.communicate(timeout=SLOWEST)
        finally:
            process.kill()
            process.wait()

    def require_intact(self) -> None:
        answer = self.road.json("log", "audit")
        assert answer["findings"] == []


def _init(walk: Walk) -> None:
    words = ["init", "--mechanism", "mali", "--country", "MLI"]
    words += ["--party", "Party A", "--party", "Party B"]
    walk.step(*words, known="mechanism_exists")
    parties = walk.road.json("party", "list")["parties"]
    assert {party["name"] for party in parties} == {"Party A", "Party B"}


@pytest.mark.parametrize("seed", [20261122])
@pytest.mark.slow
def test_a_killed_road_comes_to_the_same_as_an_undisturbed_one(road: Road, seed: int) -> None:
    walk = Walk(road, random.Random(seed))
    _init(walk)
    walk.require_intact()
    register = small_register(road.files)
    consent = ["--consent", "Party A=exact", "--consent", "Party B=vicinity"]
    answer = walk.step("import", register, "--organisation", "Ministry", *consent, expect=1)
    assert (answer["rows"], answer["refused"]) == (6, 2)
    walk.step("clear", "--passing")
    walk.require_intact()
    key = road.file("a.key")
    road.json("party", "keygen", "--party", "Party A", "-o", key)
    walk.step("party", "register", "--party", "Party A", "--key", key)
    walk.step("transmit")
    walk.require_intact()
    walk.step("party", "acknowledge", "--party", "Party A", "--key", key, "--all")
    _report_and_prove(walk)
    words = ["--effective", "2030-01-01T00:00Z", "--reason", "It says that it leaves."]
    walk.step("withdraw", "Party B", *words, known="party_already_withdrawn")
    walk.require_intact()
    _everything_was_told_once(walk)
    assert walk.kills > 3


def _report_and_prove(walk: Walk) -> None:
    """Each report by hand stands for itself; a claim on an incident is taken once."""
    road, now = walk.road, datetime.now(UTC).isoformat()
    said = ["report", "--position", "12.63921, -8.00288", "--precision", "50", "--until", now]
    incident = walk.step(*said, "--words", "It was hit.", "--source", "A nurse")["incident"]
    again = ["--words", "It burned.", "--source", "A driver", "--incident", incident]
    walk.step(*said, *again)
    claims = {i["id"]: i["claims"] for i in road.json("incidents", "list")["incidents"]}
    assert claims.pop(incident) == 2
    assert set(claims.values()) <= {1}
    walk.step("incidents", "certificate", incident, "-o", road.file("certificate.txt"))
    proof = road.file("proof.json")
    walk.step("prove", "incident", incident, "-o", proof)
    assert road.json("verify", proof, "--policy", road.policy())["verdict"] == "anchored"
    walk.require_intact()


def _everything_was_told_once(walk: Walk) -> None:
    road, held = walk.road, {}
    for party, name in (("Party A", "a.geojson"), ("Party B", "b.geojson")):
        file = road.file(name)
        walk.step("bundle", "--party", party, "--format", "geojson", "-o", file)
        found = [feature["properties"] for feature in json.loads(file.read_bytes())["features"]]
        assert sorted(notice["number"] for notice in found) == [1, 2, 3, 4]
        held[party] = [UUID(notice["notice"]) for notice in found]
    receipts = _receipts(road.installation.database_url)
    assert sorted(receipts) == sorted((notice, "A") for notice in held["Party A"])
    assert road.json("transmit")["notices"] == []
    tiles = road.installation.data / "tiles"
    assert road.json("log", "audit", tiles, "--policy", road.policy())["intact"] is True


def _receipts(database_url: str) -> list[tuple[UUID, str]]:
    """Return the notice and grade of every receipt there is."""
    wanted = "SELECT notice_id, grade FROM notices_receipt"
    rows: list[tuple[Any, Any]]
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
            rows = connection.execute(wanted).fetchall()
    else:
        with psycopg.connect(database_url) as session:
            rows = session.execute(wanted).fetchall()
    return [(UUID(str(notice)), str(grade)) for notice, grade in rows]
