"""Copies of everything that a database holds, to put it back in a moment.

Rows come back exactly as they were, keys included, also in another database of the same tables. The
counters from which new keys come then go on after them; SQLite sees to that by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.test import TransactionTestCase

KEPT = {"django_migrations", "django_content_type", "auth_permission"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows of each table that held any, in the database's own form."""

    tables: dict[str, bytes]


def filled_tables() -> list[str]:
    """Return the names of the tables that hold rows, those that Django itself fills apart."""
    with connection.cursor() as cursor:
        cursor.execute(_which_hold_rows(connection.vendor))
        return [name for (name,) in cursor.fetchall()]


def empty_tables(_: TransactionTestCase | None = None) -> None:
    """Delete every row that a test with real commits has left.

    Django's own way empties each of some fifty tables and announces a migration; a test fills
    a dozen. Foreign keys are checked at the end of the transaction.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for table in filled_tables():
            cursor.execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608 - a name of Django's.


def take_snapshot() -> Snapshot:
    """Copy every row there is."""
    return Snapshot({table: _read(table) for table in filled_tables()})


def put_back(snapshot: Snapshot) -> None:
    """Insert a snapshot's rows into the empty tables of the same schema."""
    with transaction.atomic():
        for table, rows in snapshot.tables.items():
            _write(table, rows)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


@cache
def _which_hold_rows(vendor: str) -> str:
    """Return the query for the names of tables with rows; tables do not change in a run."""
    del vendor
    found = connection.introspection.django_table_names(only_existing=True)
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {_quoted(name)})"  # noqa: S608 - as above.
        for name in sorted(set(found) - KEPT)
    )


def _read(table: str) -> bytes:
    if connection.vendor == "postgresql":
        with _copy(f"COPY {_quoted(table)} TO STDOUT (FORMAT binary)") as copy:
            return b"".join(bytes(part) for part in copy)
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description(cursor, table)
        literals = " || ',' || ".join(f"quote({_quoted(column.name)})" for column in description)
        cursor.execute(f"SELECT {literals} FROM {_quoted(table)}")  # noqa: S608 - as above.
        return ",".join(f"({values})" for (values,) in cursor.fetchall()).encode()


def _write(table: str, rows: bytes) -> None:
    if connection.vendor == "postgresql":
        with _copy(f"COPY {_quoted(table)} FROM STDIN (FORMAT binary)") as copy:
            copy.write(rows)
        _go_on_counting(table)
        return
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {_quoted(table)} VALUES {rows.decode()}")  # noqa: S608 - as above.


def _go_on_counting(table: str) -> None:
    """Let new keys of a table come after those that were put back."""
    with connection.cursor() as cursor:
        for column in _numbered_columns().get(table, ()):
            newest = f"SELECT max({_quoted(column)}) FROM {_quoted(table)}"  # noqa: S608 - as above.
            asked = f"SELECT setval(pg_get_serial_sequence(%s, %s), ({newest}))"
            cursor.execute(asked, [_quoted(table), column])


@cache
def _numbered_columns() -> dict[str, list[str]]:
    """Return the columns of each table on PostgreSQL that are numbered by a counter."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND is_identity = 'YES'"
        )
        for table, column in cursor.fetchall():
            found.setdefault(table, []).append(column)
    return found


@contextmanager
def _copy(statement: str) -> Iterator[Any]:
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        yield copy
