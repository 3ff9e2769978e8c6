"""One view of the whole database for long reading, beside writers who do not wait for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

_BEGIN: Final = {
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    # Deferred: it takes no lock that a writer would wait for. WAL keeps the view until the end.
    "sqlite": "BEGIN DEFERRED",
}


@contextmanager
def one_view() -> Iterator[None]:
    """Read the database as it stands at the first query; whoever is within writes nothing.

    Within a transaction that is open already there is nothing to do on SQLite, and on PostgreSQL
    nothing that could be done.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN[connection.vendor])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
