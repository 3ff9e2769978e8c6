"""Prepares the environment of a test run before Django reads its settings.

Loaded by `-p openhns.testing_plugin`, for a conftest.py comes too late for that. Tests never see
the variables of the person who runs them: a test run must not reach a real installation.
`OPENHNS_TEST_DATABASE=sqlite|postgres` alone is taken over.
"""

import atexit
import gc
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from openhns import testing_starter
from openhns.testing_postgres import Server

DATABASE_NAME = "openhns"
# Floor 0 knows no database, and the demonstration always has SQLite: once is enough.
FLOOR_0 = {"formats", "gazetteer", "geodesy", "naming", "proofs", "screening", "sealing", "tlog"}
ROOMS = Path(__file__).parent
WITHOUT_DATABASE = {ROOMS / room for room in FLOOR_0 | {"demo"}}
FOLDER_VARIABLE = "PYTEST_OPENHNS_FOLDER"
_GARBAGE = 50_000


@dataclass(frozen=True, slots=True)
class Run:
    """What the processes of one test run share; `server` is None on SQLite."""

    database: str
    server: Server | None


CURRENT = pytest.StashKey[Run]()


def pytest_addoption() -> None:
    """Set the environment: of all hooks this one alone comes before Django's settings."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _open_run()
    data = Path(os.environ[FOLDER_VARIABLE], os.environ.get("PYTEST_XDIST_WORKER", "main"), "data")
    data.mkdir(parents=True, mode=0o700, exist_ok=True)
    os.environ["OPENHNS_DATA"] = str(data)


def _open_run() -> None:
    database = os.environ.get("OPENHNS_TEST_DATABASE") or "sqlite"
    if database not in {"sqlite", "postgres"}:
        raise pytest.UsageError("OPENHNS_TEST_DATABASE is sqlite or postgres.")
    for name in [name for name in os.environ if name.startswith("OPENHNS_")]:
        del os.environ[name]
    os.environ["OPENHNS_TEST_DATABASE"] = database
    folder = os.environ[FOLDER_VARIABLE] = tempfile.mkdtemp(prefix="openhns-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if testing_starter.USABLE:
        testing_starter.begin()
    if database == "postgres":
        # The address is known before the server runs: the first test that needs it starts it.
        # Tests kill the program and never the server, whose disk is therefore not waited for.
        server = Server.planned(fsync=False)
        atexit.register(server.stop)
        os.environ["OPENHNS_DATABASE_URL"] = server.url(DATABASE_NAME)


def pytest_configure(config: pytest.Config) -> None:
    """Keep the run where fixtures find it, and collect garbage less often: a test is short."""
    gc.set_threshold(_GARBAGE, 20, 100)
    url = os.environ.get("OPENHNS_DATABASE_URL", "")
    server = Server(Path(url.partition("?host=")[2]), fsync=False) if url else None
    config.stash[CURRENT] = Run(os.environ["OPENHNS_TEST_DATABASE"], server)


def pytest_report_header(config: pytest.Config) -> str:
    """Say which database the run is on."""
    run = config.stash[CURRENT]
    left_out = "; what has no database of its own is left out" if run.server else ""
    return f"openhns: {run.database}{left_out}"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what knows no database when the run is there for PostgreSQL."""
    on_postgres = config.stash[CURRENT].server is not None
    return True if on_postgres and collection_path in WITHOUT_DATABASE else None
