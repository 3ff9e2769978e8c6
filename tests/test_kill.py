"""kill -9 at any instant of the road loses nothing, doubles nothing and forks nothing.

Each command is started and killed again and again, at instants spread over the time that it
takes, before it is let through; then the road must have come to the same as undisturbed.
"""

import random
import time
from pathlib import Path
from typing import Any

import pytest

from tests.road import Road, small_register

KILLS = 3
SLOWEST = 20.0


class Walk:
    """The road, with each command killed at random instants before it may finish."""

    def __init__(self, road: Road, chance: random.Random) -> None:
        self.road = road
        self.chance = chance
        self.kills = 0
        self.longest = 1.0

    def step(self, *words: str | Path, expect: int = 0) -> Any:
        """Kill the command KILLS times on its way, then let it through."""
        for _ in range(KILLS):
            self._killed(*words)
        began = time.monotonic()
        answer = self.road.json(*words, expect=expect)
        self.longest = max(0.5, time.monotonic() - began)
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
    """`init` is the one command that refuses to be given twice, so its last word may be no."""
    words = ["init", "--mechanism", "mali", "--country", "MLI"]
    words += ["--party", "Party A", "--party", "Party B"]
    for _ in range(KILLS):
        walk._killed(*words)
    done = walk.road.installation.run(*words, "--json")
    assert done.returncode == 0 or "mechanism_exists" in done.stdout, done.stdout + done.stderr
    parties = walk.road.json("party", "list")["parties"]
    assert {party["name"] for party in parties} == {"Party A", "Party B"}


@pytest.mark.parametrize("seed", [20261122])
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
    words = ["--effective", "2030-01-01T00:00Z", "--reason", "It says that it leaves."]
    road.json("withdraw", "Party B", *words)
    walk.require_intact()
    _everything_was_told_once(road)
    assert walk.kills > KILLS


def _everything_was_told_once(road: Road) -> None:
    for party, name in (("Party A", "a.geojson"), ("Party B", "b.geojson")):
        numbers = [f["properties"]["number"] for f in road.bundle(party, name)["features"]]
        assert sorted(numbers) == [1, 2, 3, 4]
    policy = road.policy()
    answered = road.json("transmit")
    assert answered["notices"] == []
    tiles = road.installation.data / "tiles"
    assert road.json("log", "audit", tiles, "--policy", policy)["intact"] is True
