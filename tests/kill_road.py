"""The road of the tests that kill it: its commands, and where each of them left an installation."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from tests.road import Road, small_register

Words = list[str | Path]
ATTACKS = """\
SiND Event ID,Date,Event Description,Country,Country ISO,Admin 1,Latitude,Longitude,Geo Precision
1,2026-11-20,It was shelled.,Mali,MLI,Mopti,14.494312,-4.197941,(1) Exact
2,2026-11-21,It was hit again.,Mali,MLI,Mopti,14.494312,-4.197941,(3) 5 km
"""
SAID: Words = ["report", "--position", "12.63921, -8.00288", "--until", "2026-11-22T10:00Z"]
# A tick is made when it is time, and a reading is recorded each time that somebody reads.
READ = frozenset({"mechanism_exactread", "record_event"})
OFTENER = frozenset({"record_tick"})
NUMBERS = "SELECT party_id, count(*), min(number), max(number) FROM notices_notice GROUP BY 1"
WAITING = "SELECT count(*) FROM record_event WHERE leaf_index IS NULL"
UNPUBLISHED = "SELECT count(*) FROM record_log WHERE published_size <> size"


@dataclass(frozen=True)
class Command:
    """One command of the road.

    `known` are codes by which it may answer when it had been done already, `file` is what it
    writes, `oftener` names tables that may hold more rows when it was done twice.
    """

    name: str
    words: Callable[[Road], Words]
    status: int = 0
    known: tuple[str, ...] = ()
    file: str = ""
    oftener: frozenset[str] = field(default=frozenset())


def _init(_: Road) -> Words:
    words: Words = ["init", "--mechanism", "mali", "--country", "MLI"]
    return [*words, "--party", "Party A", "--party", "Party B"]


def _import(road: Road) -> Words:
    words: Words = ["import", small_register(road.files), "--organisation", "Ministry of Health"]
    words += ["--consent", "Party A=exact", "--consent", "Party B=vicinity"]
    return [*words, "--report", road.file("report.xlsx")]


def _party(verb: str, *more: str) -> Callable[[Road], Words]:
    return lambda road: ["party", verb, "--party", "Party A", "--key", road.file("a.key"), *more]


def _keygen(road: Road) -> Words:
    return ["party", "keygen", "--party", "Party A", "-o", road.file("a.key")]


def _incidents(road: Road) -> Words:
    path = road.file("attacks.csv")
    path.write_text(ATTACKS, encoding="utf-8")
    return ["import", path, "--kind", "incidents", "--country", "MLI"]


def _report(road: Road) -> Words:
    del road
    return [*SAID, "--precision", "50", "--words", "It was hit.", "--source", "A nurse"]


def _claim(road: Road) -> Words:
    incident = road.answers["report"]["incident"]
    return [*SAID, "--words", "It burned.", "--source", "A driver", "--incident", incident]


def _certificate(road: Road) -> Words:
    incident = road.answers["report"]["incident"]
    return ["incidents", "certificate", incident, "-o", road.file("certificate.txt")]


def _prove(road: Road) -> Words:
    return ["prove", "incident", road.answers["report"]["incident"], "-o", road.file("p.json")]


def _bundle(road: Road) -> Words:
    words: Words = ["bundle", "--party", "Party A", "--format", "geojson"]
    return [*words, "-o", road.file("a.geojson")]


def _policy(road: Road) -> Words:
    return ["log", "policy", "-o", road.file("policy.txt")]


def _rotate(road: Road) -> Words:
    del road
    return ["keys", "rotate"]


def _withdraw(road: Road) -> Words:
    del road
    words: Words = ["withdraw", "Party B", "--effective", "2030-01-01T00:00Z"]
    return [*words, "--reason", "It says that it leaves."]


def _widen(road: Road) -> Words:
    del road
    return ["policy", "change", "--set", "smallest_tick=256"]


COMMANDS = (
    Command("init", _init, known=("mechanism_exists",)),
    Command("import", _import, status=1, file="report.xlsx"),
    Command("clear", lambda _: ["clear", "--passing"]),
    Command("keygen", _keygen, known=("key_file_exists",), file="a.key"),
    Command("register", _party("register")),
    Command("transmit", lambda _: ["transmit"]),
    Command("acknowledge", _party("acknowledge", "--all")),
    Command("bundle", _bundle, file="a.geojson", oftener=READ),
    Command("incidents", _incidents),
    Command("report", _report),
    Command("claim", _claim),
    # Whoever asks twice is given two certificates, each of its own time, both on record.
    Command(
        "certificate",
        _certificate,
        file="certificate.txt",
        oftener=READ | {"incidents_certificate"},
    ),
    Command("prove", _prove, file="p.json", oftener=READ),
    Command("policy", _policy, file="policy.txt"),
    # A second rotation is a rotation of its own.
    Command("rotate", _rotate, oftener=frozenset({"vault_datakey", "record_event"})),
    Command("withdraw", _withdraw, known=("party_already_withdrawn",)),
    # The next tick fills the first tile, whose partial ones are superseded then.
    Command("widen", _widen),
    Command("tidy", lambda _: ["log", "tidy"]),
)
BY_NAME = {command.name: command for command in COMMANDS}


def rows_of(database_url: str) -> dict[str, Any]:
    """Return how many rows each table has, and how each party's notices are numbered."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
            return _counted(connection, "SELECT name FROM sqlite_master WHERE type = 'table'")
    with psycopg.connect(database_url) as session:
        return _counted(session, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")


def _counted(connection: Any, tables: str) -> dict[str, Any]:
    names = [name for (name,) in connection.execute(tables).fetchall()]
    counts = {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for name in names
        if not name.startswith("sqlite_")
    }
    if "notices_notice" not in counts:
        return counts
    rows = connection.execute(NUMBERS).fetchall()
    numbers = {str(UUID(str(party))): list(rest) for party, *rest in rows}
    (waiting,) = connection.execute(WAITING).fetchone()
    (unpublished,) = connection.execute(UNPUBLISHED).fetchone()
    return {**counts, "numbers": numbers, "waiting": waiting, "unpublished": unpublished}


@dataclass(frozen=True)
class Stage:
    """Where one command began and ended: its steps, and how many rows stood after it."""

    steps: list[str]
    after: dict[str, Any]


def walk(road: Road, keep: Callable[[int], None]) -> dict[str, Stage]:
    """Walk the road undisturbed; `keep` is called with a number before each command."""
    stages = {}
    for number, command in enumerate(COMMANDS):
        keep(number)
        steps = road.files.parent / f"steps-{command.name}"
        done = road.installation.run(
            *command.words(road), "--json", before="tests.steps", STEPS_FILE=str(steps)
        )
        assert done.returncode == command.status, done.stdout + done.stderr
        road.answers[command.name] = json.loads(done.stdout)
        if command.name == "init":
            road.run("log", "policy", "-o", road.file("trusted.txt"))
        names = steps.read_text("ascii").splitlines()
        stages[command.name] = Stage(names, rows_of(road.installation.database_url))
    return stages


def copy_of(road: Road, folder: Path, database_url: str) -> Road:
    """Copy a road's folders, and return the copy, which has a database of its own."""
    for name in ("data", "files"):
        shutil.copytree(road.files.parent / name, folder / name)
    variables = {"OPENHNS_KEY_PASSPHRASE_FILE": str(folder / "files" / "passphrase")}
    installation = type(road.installation)(folder / "data", database_url, variables)
    return Road(installation, folder / "files", dict(road.answers))
