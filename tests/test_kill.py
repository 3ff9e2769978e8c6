"""kill -9 between any two durable steps of the road loses, doubles and forks nothing.

A command is killed at one of its steps, and at times the command that repeats it too; then it is
let through, and what stands must be what stands after the undisturbed command. Here half of the
commands and their steps are drawn by a seed that the run's last lines name; KILL_SEED=N draws the
same ones again.
`make test-kill` (KILL_STEPS=all) kills each command between any two of its steps.
"""

import json
import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from openhns.cli import main
from openhns.testing_once import once_in_run
from tests.conftest import copied_database, kill_seed, new_road, server_of, sqlite_url
from tests.kill_road import BY_NAME, COMMANDS, OFTENER, Command, Stage, copy_of, rows_of, walk
from tests.road import Road

EVERY = os.environ.get("KILL_STEPS") == "all"
SEED = kill_seed()
PARTS = 4 if EVERY else 1
KILLED_HERE = (
    list(BY_NAME) if EVERY else random.Random(SEED).sample(list(BY_NAME), len(BY_NAME) // 2)
)
SIDES = ("before", "after")
KILLED = -9
TWICE = 0.4


@dataclass
class Undisturbed:
    """The road as it came to stand undisturbed, and copies of it from before each command."""

    stages: dict[str, Stage]
    before: list[Road]


@pytest.fixture(scope="session")
def undisturbed(request: pytest.FixtureRequest) -> Undisturbed:
    """Walk the road once in a test run; whoever comes later shares it."""
    server = server_of(request.config)
    with once_in_run("kill") as (folder, filled):
        told = folder / "stages.json"
        if not filled:
            told.write_text(json.dumps(_walk(folder, request.config)), "utf-8")
    known = json.loads(told.read_text("utf-8"))
    before = []
    for number in range(len(COMMANDS)):
        place = folder / str(number)
        url = server.url(f"kill_{number}") if server else sqlite_url(place)
        before.append(new_road(place, url))
        before[-1].answers = known["answers"]
    return Undisturbed({name: Stage(**stage) for name, stage in known["stages"].items()}, before)


def _walk(folder: Path, config: pytest.Config) -> dict[str, Any]:
    server, place = server_of(config), folder / "road"
    (place / "data").mkdir(mode=0o700, parents=True)
    road = new_road(place, server.create_database("kill") if server else sqlite_url(place))

    def keep(number: int) -> None:
        if server:
            copied_database(server, road, f"kill_{number}")
        copy_of(road, folder / str(number), "")

    stages = walk(road, keep)
    return {
        "answers": road.answers,
        "stages": {name: asdict(stage) for name, stage in stages.items()},
    }


@contextmanager
def copied(road: Road, folder: Path, config: pytest.Config) -> Iterator[Road]:
    """Give a copy of a road, database included, and remove it."""
    server, name = server_of(config), f"killed_{uuid4().hex}"
    url = copied_database(server, road, name) if server else sqlite_url(folder)
    try:
        yield copy_of(road, folder, url)
    finally:
        shutil.rmtree(folder)
        if server:
            server.drop_database(name)


def drawn(command: Command, steps: list[str], part: int) -> list[str]:
    """Return where to kill a command, such as `7:before`.

    What is durable just after one step is what is durable just before the next.
    """
    places = [f"{number}:before" for number in range(1, len(steps) + 1)] + [f"{len(steps)}:after"]
    if EVERY:
        return places[part::PARTS]
    return [random.Random(f"{SEED} {command.name}").choice(places)]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", KILLED_HERE)
def test_a_command_killed_at_a_step_is_finished_when_it_is_repeated(
    undisturbed: Undisturbed,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    name: str,
    part: int,
) -> None:
    command, stage = BY_NAME[name], undisturbed.stages[name]
    before = undisturbed.before[list(BY_NAME).index(name)]
    chance = random.Random(f"{SEED} {name} {part}")
    failed = []
    for place in drawn(command, stage.steps, part):
        with copied(before, tmp_path / place.replace(":", "-"), request.config) as road:
            words = f"{name} killed at {place} ({stage.steps[int(place.split(':')[0]) - 1]})"
            try:
                _kill_and_repeat(road, command, stage, place, chance)
            except AssertionError as error:
                failed.append(f"{words}: {error}")
    assert not failed, f"KILL_SEED={SEED}\n" + "\n".join(failed)


def _kill_and_repeat(
    road: Road, command: Command, stage: Stage, place: str, chance: random.Random
) -> None:
    words = command.words(road)
    assert _killed_at(road, words, place), "It ended before that step."
    if command.name != "init" or _has_log(road):
        assert road.json("log", "audit")["findings"] == [], "The audit found something."
    if not EVERY and chance.random() < TWICE:
        # Whoever repeats it is killed as well, wherever it has got to by then.
        _killed_at(road, words, f"{chance.randint(1, len(stage.steps))}:{chance.choice(SIDES)}")
    done = road.installation.run(*words, "--json")
    answer = json.loads(done.stdout)
    code = answer.get("error", {}).get("code")
    assert code in command.known or done.returncode == command.status, done.stdout[:500]
    _require_as_undisturbed(road, command, stage)


def _killed_at(road: Road, words: list[str | Path], place: str) -> bool:
    """Kill a command at a step; say whether it came so far."""
    done = road.installation.run(*words, "--json", before="tests.steps", STEPS_KILL=place)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode == KILLED


def _has_log(road: Road) -> bool:
    """Whether an installation stands here; `init` may have been killed on its way."""
    return road.installation.run("log", "checkpoint").returncode == 0


def _require_as_undisturbed(road: Road, command: Command, stage: Stage) -> None:
    found = rows_of(road.installation.database_url)
    for table, rows in stage.after.items():
        more = table in OFTENER | command.oftener and found[table] > rows
        assert found[table] == rows or more, f"{table}: {found[table]}, undisturbed {rows}"
    assert found["waiting"] == found["unpublished"] == 0
    assert not command.file or road.file(command.file).stat().st_size
    assert road.json("log", "audit")["findings"] == []
    _require_whole_tiles(road)


def _require_whole_tiles(road: Road) -> None:
    """Audit the published folder as a stranger would, who has nothing but it and a policy."""
    policy = road.file("trusted.txt")
    if not policy.exists():
        road.run("log", "policy", "-o", policy)
    tiles = road.installation.data / "tiles"
    with redirect_stdout(StringIO()) as said:
        main(["log", "audit", str(tiles), "--policy", str(policy), "--json"])
    assert json.loads(said.getvalue())["intact"] is True, said.getvalue()
