"""Fixtures of the tests that walk the whole road."""

import os
import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from openhns.testing import Installation
from openhns.testing_plugin import CURRENT
from openhns.testing_postgres import Server
from tests.road import PASSPHRASE, Road, small_register

# Proof files, documents and locks know no database: to look at them once is enough.
collect_ignore = (
    ["test_proof_tampering.py", "test_standing_alone.py", "project"]
    if os.environ.get("OPENHNS_TEST_DATABASE") == "postgres"
    else []
)


def server_of(config: pytest.Config) -> Server | None:
    """Return the running server of a test run on PostgreSQL."""
    server = config.stash[CURRENT].server
    if server:
        server.start()
    return server


def _new_road(folder: Path, database_url: str) -> Road:
    files = folder / "files"
    files.mkdir(exist_ok=True)
    passphrase = files / "passphrase"
    passphrase.write_text(f"{PASSPHRASE}\n")
    variables = {"OPENHNS_KEY_PASSPHRASE_FILE": str(passphrase)}
    return Road(Installation(folder / "data", database_url, variables), files)


def _sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder}/data/db.sqlite3"


@pytest.fixture
def road(installation: Installation) -> Road:
    """Give an empty installation and a folder for what its commands write."""
    folder = installation.data.parent / "road"
    (folder / "data").mkdir(mode=0o700, parents=True)
    url = installation.database_url
    return _new_road(folder, url if url.startswith("postgres") else _sqlite_url(folder))


@pytest.fixture(scope="session")
def walked(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Road]:
    """Walk the road once on a register of six rows, up to Party A's signed answer."""
    folder, server = tmp_path_factory.mktemp("walked"), server_of(request.config)
    (folder / "data").mkdir(mode=0o700)
    name = f"walked_{uuid4().hex}"
    road = _new_road(folder, server.create_database(name) if server else _sqlite_url(folder))
    road.set_up()
    road.submit(small_register(road.files))
    road.notify()
    road.acknowledge()
    yield road
    if server:
        server.drop_database(name)


@pytest.fixture
def small(walked: Road, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Road]:
    """Give this test a copy of the walked road, to do with as it likes."""
    server = server_of(request.config)
    shutil.copytree(walked.files.parent, tmp_path, dirs_exist_ok=True)
    name = f"small_{uuid4().hex}"
    url = copied_database(server, walked, name) if server else _sqlite_url(tmp_path)
    road = _new_road(tmp_path, url)
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
