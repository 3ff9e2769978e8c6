"""Counts the durable steps of a command at its border, and kills it at one of them.

A step is a call by which something outlasts the process: a file synced, renamed, linked or removed,
a transaction committed. What is watched are the calls into the operating system and the database,
never code of ours. Two variables of the environment say what to do:

    STEPS_FILE   a file to which the name of each step is added
    STEPS_KILL   such as `7:before` or `7:after`: the step at which this process is killed
"""

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial, wraps
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

FILE_CALLS = ("fsync", "replace", "rename", "link", "unlink", "remove")
READS = ("SELECT", "PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "SET", "SHOW", "RESET", "EXPLAIN")


class _Counter:
    """The steps of this process so far."""

    def __init__(self) -> None:
        self.count = 0
        self.within = False
        number, _, self.side = os.environ.get("STEPS_KILL", "0:").partition(":")
        self.number = int(number)
        path = os.environ.get("STEPS_FILE")
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self.file = os.open(path, flags, 0o600) if path else None

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        if self.within:
            yield
            return
        self.count += 1
        if self.file is not None:
            os.write(self.file, f"{name}\n".encode())
        self._die("before")
        self.within = True
        try:
            yield
        finally:
            # A call that failed is a step as well: the file to be removed may not be there.
            self.within = False
            self._die("after")

    def _die(self, side: str) -> None:
        if (self.count, self.side) == (self.number, side):
            os.kill(os.getpid(), signal.SIGKILL)


def begin() -> None:
    """Watch this process from here on."""
    counter = _Counter()
    for name in FILE_CALLS:
        setattr(os, name, _watched(counter, name, getattr(os, name)))
    _watch_sqlite(counter)
    _watch_postgres(counter)


def _watched(counter: _Counter, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def watched(*args: Any, **options: Any) -> Any:
        with counter.step(name):
            return call(*args, **options)

    return watched


def _writes(statement: Any) -> bool:
    """Whether a statement outside a transaction is one of its own, and changes something."""
    return not str(statement).lstrip(" (\n").upper().startswith(READS)


def _watch_sqlite(counter: _Counter) -> None:
    @cache
    def cursor_of(base: type[sqlite3.Cursor]) -> type[sqlite3.Cursor]:
        class Cursor(base):  # type: ignore[misc, valid-type]
            def execute(self, statement: str, *args: Any) -> Any:
                if self.connection.in_transaction or not _writes(statement):
                    return super().execute(statement, *args)
                with counter.step("commit of a statement"):
                    return super().execute(statement, *args)

        return Cursor

    class Connection(sqlite3.Connection):
        def commit(self) -> None:
            if not self.in_transaction:
                return super().commit()
            with counter.step("commit"):
                return super().commit()

        def cursor(self, factory: Any = sqlite3.Cursor) -> Any:
            return super().cursor(cursor_of(factory))

    connect = partial(sqlite3.dbapi2.connect, factory=Connection)
    sqlite3.connect = sqlite3.dbapi2.connect = connect  # type: ignore[assignment]


def _watch_postgres(counter: _Counter) -> None:
    commit, execute = psycopg.Connection.commit, psycopg.Cursor.execute

    def watched_commit(self: Any) -> None:
        if self.pgconn.transaction_status == TransactionStatus.IDLE:
            return commit(self)
        with counter.step("commit"):
            return commit(self)

    def watched_execute(self: Any, query: Any, *args: Any, **options: Any) -> Any:
        connection = self.connection
        idle = connection.pgconn.transaction_status == TransactionStatus.IDLE
        if not (connection.autocommit and idle and _writes(query)):
            return execute(self, query, *args, **options)
        with counter.step("commit of a statement"):
            return execute(self, query, *args, **options)

    psycopg.Connection.commit = watched_commit  # type: ignore[method-assign]
    psycopg.Cursor.execute = watched_execute  # type: ignore[method-assign]
