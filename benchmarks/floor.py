"""The floor of a stretch: the same number of rows of the same size, hashed and inserted, no log."""

import hashlib
import os
import sqlite3
from typing import Any

import psycopg

from benchmarks.measure import Place, timed

ROW_BYTES = 1_100  # An event's row, sealed and padded; most rows of the road are about as large.
FLOOR = "hashing and inserting as many bare rows as events were written"


def _connect(here: Place) -> Any:
    url = here.environ.get("OPENHNS_DATABASE_URL")
    return psycopg.connect(url) if url else sqlite3.connect(here.data / "db.sqlite3")


def count_events(here: Place) -> int:
    """Return how many events the installation's record holds."""
    connection = _connect(here)
    try:
        return int(connection.execute("SELECT count(*) FROM record_event").fetchone()[0])
    finally:
        connection.close()


def floor_of(here: Place, rows: int) -> float | None:
    """Return the seconds that hashing and inserting bare rows takes, in one transaction."""
    if rows == 0:
        return None
    contents = [os.urandom(ROW_BYTES) for _ in range(rows)]
    return timed(lambda: _hash(contents)) + timed(lambda: _insert(here, contents))


def _hash(contents: list[bytes]) -> None:
    for content in contents:
        hashlib.sha256(content).digest()


def _insert(here: Place, contents: list[bytes]) -> None:
    connection = _connect(here)
    try:
        cursor = connection.cursor()
        binary = "BLOB" if isinstance(connection, sqlite3.Connection) else "BYTEA"
        mark = "?" if binary == "BLOB" else "%s"
        cursor.execute(f"CREATE TABLE IF NOT EXISTS bench_floor (content {binary})")
        statement = f"INSERT INTO bench_floor VALUES ({mark})"  # noqa: S608 - a mark of our own.
        cursor.executemany(statement, [(content,) for content in contents])
        cursor.execute("DROP TABLE bench_floor")
        connection.commit()
    finally:
        connection.close()
