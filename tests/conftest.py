"""Fixtures of the tests that walk the whole road."""

import json
import os
import random
import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from openhns.testing import Installation
from openhns.testing_once import once_in_run
from openhns.testing_plugin import CURRENT, FOLDER_VARIABLE
from openhns.testing_postgres import Server
from tests.road import PASSPHRASE, Road, small_register

# Proof files, documents and locks know no database, and browsers see none: once is enough.
NOT_ON_POSTGRES = [
    "browser",
    "project",
    "test_proof_tampering.py",
    "test_standing_alone.py",
]
collect_ignore = NOT_ON_POSTGRES if os.environ.get("OPENHNS_TEST_DATABASE") == "postgres" else []


def kill_seed() -> int:
    """Return the seed by which a run draws where to kill: KILL_SEED, or one of the run's own."""
    given = os.environ.get("KILL_SEED")
    return int(given) if given else random.Random(os.environ[FOLDER_VARIABLE]).randrange(10**6)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say by which seed the steps were drawn at which commands were killed."""
    terminalreporter.write_line(f"The steps killed were drawn with KILL_SEED={kill_seed()}.")


def server_of(config: pytest.Config) -> Server | None:
    """Return the running server of a test run on PostgreSQL."""
    server = config.stash[CURRENT].server
    if server:
        server.start()
    return server


def new_road(folder: Path, database_url: str) -> Road:
    files = folder / "files"
    files.mkdir(exist_ok=True)
    passphrase = files / "passphrase"
    passphrase.write_text(f"{PASSPHRASE}\n")
    variables = {"OPENHNS_KEY_PASSPHRASE_FILE": str(passphrase)}
    return Road(Installation(folder / "data", database_url, variables), files)


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder}/data/db.sqlite3"


@pytest.fixture
def road(installation: Installation) -> Road:
    """Give an empty installation and a folder for what its commands write."""
    folder = installation.data.parent / "road"
    (folder / "data").mkdir(mode=0o700, parents=True)
    url = installation.database_url
    return new_road(folder, url if url.startswith("postgres") else sqlite_url(folder))


@pytest.fixture(scope="session")
def walked(request: pytest.FixtureRequest) -> Road:
    """Walk the road once in a test run on a register of six rows, up to Party A's signed answer.

    The first process that needs it walks; all others wait for it and share it. It goes with the
    run's folder and server.
    """
    server, name = server_of(request.config), "walked"
    with once_in_run(name) as (folder, filled):
        answers, place = folder / "answers.json", folder / "road"
        if filled:
            road = new_road(place, server.url(name) if server else sqlite_url(place))
            road.answers = json.loads(answers.read_text("utf-8"))
            return road
        (place / "data").mkdir(mode=0o700, parents=True)
        road = new_road(place, server.create_database(name) if server else sqlite_url(place))
        _walk(road)
        answers.write_text(json.dumps(road.answers), "utf-8")
        return road


def _walk(road: Road) -> None:
    """Walk as far as the proof of one notice; from then on nothing writes to this road."""
    road.set_up()
    road.submit(small_register(road.files))
    road.notify()
    road.acknowledge()
    held = road.bundle("Party A", "held.geojson")
    road.prove("notice", held["features"][0]["properties"]["notice"], "proof.json")


@pytest.fixture
def small(walked: Road, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Road]:
    """Give this test a copy of the walked road, to do with as it likes."""
    server = server_of(request.config)
    shutil.copytree(walked.files.parent, tmp_path, dirs_exist_ok=True)
    name = f"small_{uuid4().hex}"
    url = copied_database(server, walked, name) if server else sqlite_url(tmp_path)
    road = new_road(tmp_path, url)
    road.answers = deepcopy(walked.answers)
    yield road
    if server:
        server.drop_database(name)


def copied_database(server: Server, walked: Road, name: str) -> str:
    """Copy a road's database on the server, and return the copy's URL."""
    template = walked.installation.database_url.partition("?")[0].rpartition("/")[2]
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
    return server.url(name)
