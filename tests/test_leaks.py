"""A stolen database, backup or data folder tells counts, times and sizes, and nothing else.

The road is walked through every path there is; then every byte that lies on disk is searched for
what went in: names, phone numbers, cells, and coordinates as text or as numbers.
"""

import gzip
import re
import shutil
import sqlite3
import struct
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import h3
import numpy as np
import psycopg
import pytest
from psycopg import sql

from openhns.testing_plugin import CURRENT
from tests.every_path import walk_every_path
from tests.road import Road

KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Secret:
    """One thing that went in: its words for a report, and each form in which it could lie there.

    `cased` is false for names: their forms are of small letters, and are found in any case.
    """

    what: str
    forms: tuple[bytes, ...]
    cased: bool = True


def secrets_of(names: list[str], places: list[tuple[str, str]]) -> list[Secret]:
    return [_name(name) for name in names] + [
        secret for lat, lon in places for secret in _position(lat, lon)
    ]


def _name(name: str) -> Secret:
    """Of letters beyond ASCII both the small one and the one as written are looked for."""
    texts = {name, name.lower(), name.casefold(), name.upper()}
    encodings = ("utf-8", "utf-16-le", "utf-16-be")
    forms = {text.encode(encoding).lower() for text in texts for encoding in encodings}
    return Secret(name, tuple(forms), cased=False)


def _position(lat: str, lon: str) -> Iterator[Secret]:
    pair = (float(lat), float(lon))
    for text, number in zip((lat, lon), pair, strict=True):
        digits = str(abs(round(number * 10**7))).encode()
        cut = text.lstrip("-")[: text.lstrip("-").index(".") + 5].encode()
        yield Secret(f"{text} as text", (cut, digits))
        yield Secret(f"{text} as float64", (struct.pack("<d", number), struct.pack(">d", number)))
    sevens = [round(number * 10**7) for number in pair]
    for order in "<>":
        whole = tuple(struct.pack(f"{order}i", number) for number in sevens)
        yield Secret(f"{lat}, {lon} as integers", (b"".join(whole), b"".join(reversed(whole))))
        singles = tuple(struct.pack(f"{order}f", number) for number in pair)
        yield Secret(f"{lat}, {lon} as float32", (b"".join(singles), b"".join(reversed(singles))))
    for resolution in range(5, 13):
        cell = h3.latlng_to_cell(*pair, resolution)
        index = int(cell, 16)
        forms = (cell.encode(), struct.pack("<Q", index), struct.pack(">Q", index))
        yield Secret(f"H3 cell of {lat}, {lon}", forms)


def stored_bytes(road: Road, backup: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the data folder and the backup, unpacked where packed, keys apart."""
    for root in (road.installation.data, backup):
        yield from folder_bytes(road, root)


def folder_bytes(road: Road, root: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(root.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            yield str(path.relative_to(root)), data
            if data[:2] == b"\x1f\x8b":
                yield f"{path.name}, unpacked", gzip.decompress(data)
            elif data[:5] == b"PGDMP":
                yield from _unpacked_dump(road, path)


def _unpacked_dump(road: Road, path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield a dump of PostgreSQL as text, and the bytes that it writes as hexadecimal digits."""
    command = ["pg_restore", "--file=-", str(path)]
    done = subprocess.run(command, env=road.installation.environ, capture_output=True, check=True)
    assert b"COPY public.registry_listing" in done.stdout
    yield f"{path.name}, unpacked", done.stdout
    digits = re.findall(rb"\\\\x((?:[0-9a-f]{2})+)", done.stdout)
    assert digits
    yield f"{path.name}, binary columns", b"\n".join(bytes.fromhex(d.decode()) for d in digits)


def database_bytes(road: Road, request: pytest.FixtureRequest) -> Iterator[tuple[str, bytes]]:
    """Yield the database as it lies on disk, and as its own dump writes it."""
    url = road.installation.database_url
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        try:
            yield "sqlite dump", "\n".join(connection.iterdump()).encode("utf-8", "surrogateescape")
            yield from _binary_columns(connection)
        finally:
            connection.close()
        return
    server = request.config.stash[CURRENT].server
    assert server is not None
    with psycopg.connect(url) as session:
        session.execute("CHECKPOINT")
        for table in _tables(session):
            with session.cursor().copy(
                sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(table))
            ) as copy:
                yield f"table {table}", b"".join(bytes(part) for part in copy)
        (own,) = session.execute(
            "SELECT oid FROM pg_database WHERE datname = current_database()"
        ).fetchone() or ("",)
    # Of the server's files, this database's own, and the journal written since it began.
    files = server.folder / "data"
    began = road.installation.data.stat().st_ctime
    for path in sorted([*(files / "base" / str(own)).iterdir(), *(files / "pg_wal").iterdir()]):
        if path.is_file() and (path.parent.name != "pg_wal" or path.stat().st_mtime >= began):
            yield f"server file {path.name}", path.read_bytes()


def _tables(session: "psycopg.Connection[tuple[str]]") -> list[str]:
    found = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [name for (name,) in found]


def _binary_columns(connection: sqlite3.Connection) -> Iterator[tuple[str, bytes]]:
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
        rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608
        cells = (cell for row in rows for cell in row)
        yield f"table {table}", b"\n".join(cell for cell in cells if isinstance(cell, bytes))


def found_in(places: Iterable[tuple[str, bytes]], secrets: list[Secret]) -> Iterator[str]:
    """Yield each find, as soon as it is found."""
    cased = _Search([secret for secret in secrets if secret.cased])
    uncased = _Search([secret for secret in secrets if not secret.cased])
    for where, data in places:
        for what in (*cased.found(data), *uncased.found(data.lower())):
            yield f"{where}: {what}"


class _Search:
    """Looks for every form of some secrets at once, by the first four bytes of each."""

    def __init__(self, secrets: list[Secret]) -> None:
        self._forms: dict[bytes, list[tuple[bytes, str]]] = {}
        for secret in secrets:
            for form in secret.forms:
                if len(form) > 3:
                    self._forms.setdefault(form[:4], []).append((form, secret.what))
        starts = b"".join(sorted(self._forms))
        self._starts = np.sort(np.frombuffer(starts, "<u4"))
        # Nearly every place is ruled out by its first two bytes.
        self._pairs = np.zeros(2**16, dtype=bool)
        self._pairs[self._starts & 0xFFFF] = True

    def found(self, data: bytes) -> Iterator[str]:
        told = set()
        for at in self._beginnings(data):
            for form, what in self._forms[data[at : at + 4]]:
                if what not in told and data.startswith(form, at):
                    told.add(what)
                    yield what

    def _beginnings(self, data: bytes) -> list[int]:
        """Return each place at which the first four bytes of a form stand."""
        found: list[int] = []
        for shift in range(4):
            whole = max(len(data) - shift, 0) // 4 * 4
            words = np.frombuffer(memoryview(data)[shift : shift + whole], "<u4")
            likely = np.flatnonzero(self._pairs[words & 0xFFFF])
            places = np.searchsorted(self._starts, words[likely])
            fits = self._starts[np.minimum(places, len(self._starts) - 1)] == words[likely]
            found += (likely[fits] * 4 + shift).tolist()
        return found


@contextmanager
def reader_of(road: Road) -> Iterator[None]:
    """Hold a SQLite database open, as a server would, so that its -wal file stays on disk."""
    url = road.installation.database_url
    if not url.startswith("sqlite"):
        yield
        return
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute("SELECT count(*) FROM registry_listing").fetchone()
        yield
        wal = [data for name, data in stored_bytes(road, road.files / "no") if name[-4:] == "-wal"]
        assert [len(data) > 0 for data in wal] == [True], "The -wal file was not looked into."


def test_the_search_finds_each_form_wherever_it_lies() -> None:
    secrets = secrets_of(["Clinique Aube", "+223 20 55"], [("12.63921", "-8.00288")])
    search = _Search(secrets)
    for secret in secrets:
        for form in (form for form in secret.forms if len(form) > 3):
            for before, after in product(range(5), range(3)):
                data = b"\xff" * before + form + b"\xff" * after
                assert secret.what in set(search.found(data)), (form, before, after)
    assert list(search.found(b"")) == list(search.found(b"abc" * 99)) == []


@pytest.mark.slow
def test_every_byte_on_disk_tells_no_name_place_or_phone(
    road: Road, request: pytest.FixtureRequest
) -> None:
    road.set_up()
    with reader_of(road):
        went_in = walk_every_path(road)
        secrets = secrets_of(went_in.names, went_in.places)
        assert len(secrets) > 100
        assert list(found_in(stored_bytes(road, went_in.backup), secrets)) == []
        assert list(found_in(database_bytes(road, request), secrets)) == []
    _a_planted_column_is_found(road, request, secrets, went_in.names[0])
    _a_planted_number_is_found(road, secrets, went_in.places[0])
    shouted = [("file", went_in.names[0].upper().encode("utf-16-le"))]
    assert list(found_in(shouted, secrets)) == [f"file: {went_in.names[0]}"]


def _a_planted_column_is_found(
    road: Road, request: pytest.FixtureRequest, secrets: list[Secret], name: str
) -> None:
    """Plant one plain column, as a careless migration would, and look again."""
    url = road.installation.database_url
    statements = [
        "ALTER TABLE registry_listing ADD COLUMN plain varchar(200)",
        f"UPDATE registry_listing SET plain = '{name}'",  # noqa: S608
    ]
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
        assert any(found_in(stored_bytes(road, road.files / "nothing"), secrets))
    else:
        with psycopg.connect(url) as session:
            for statement in statements:
                session.execute(statement)
    assert any(found_in(database_bytes(road, request), secrets))
    planted = road.files / "planted-backup"
    road.run("backup", planted)
    assert any(found_in(folder_bytes(road, planted), secrets))


def _a_planted_number_is_found(road: Road, secrets: list[Secret], place: tuple[str, str]) -> None:
    """Plant each form of one position in a file, and look again."""
    lat, lon = map(float, place)
    planted = road.files / "planted"
    for number, (order, kind) in enumerate(product("<>", ("dd", "ff"))):
        shutil.rmtree(planted, ignore_errors=True)
        planted.mkdir()
        (planted / "file").write_bytes(struct.pack(order + kind, lat, lon))
        places = ((str(number), path.read_bytes()) for path in planted.iterdir())
        assert any(found_in(places, secrets))
