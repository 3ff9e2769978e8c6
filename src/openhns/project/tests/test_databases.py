"""Both databases are set up as docs/configuration.md promises."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler, OperationalError

from openhns.project.database_url import parse_database_url
from openhns.project.migrating import lift_lock_limit, limit_lock_wait
from openhns.testing import Installation

on_sqlite = pytest.mark.skipif(
    settings.CONFIGURATION.test_database != "sqlite", reason="a promise about SQLite"
)
on_postgres = pytest.mark.skipif(
    settings.CONFIGURATION.test_database != "postgres", reason="a promise about PostgreSQL"
)


def _ask(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_sqlite_is_a_file_whose_commits_reach_the_disk() -> None:
    assert Path(str(connection.settings_dict["NAME"])).is_file()
    assert _ask("PRAGMA journal_mode") == "wal"
    assert _ask("PRAGMA synchronous") == "2"
    assert _ask("PRAGMA fullfsync") == "1"
    assert _ask("PRAGMA foreign_keys") == "1"
    assert _ask("PRAGMA secure_delete") == "1"
    assert _ask("PRAGMA busy_timeout") == "30000"


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_sqlite_takes_the_write_lock_when_a_transaction_begins() -> None:
    name = str(connection.settings_dict["NAME"])
    with transaction.atomic():
        _ask("SELECT 1")
        with connect(name, timeout=0) as other, pytest.raises(Exception, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(8))
def test_many_may_open_a_new_sqlite_file_at_once(tmp_path: Path, number: int) -> None:
    options = parse_database_url(f"sqlite:///{tmp_path}/new-{number}.sqlite3")
    together = Barrier(8)

    def write(number: int) -> None:
        opened = ConnectionHandler({"default": options})["default"]
        together.wait()
        with opened.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS written (number INTEGER)")
            cursor.execute("INSERT INTO written VALUES (%s)", [number])
        opened.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    with closing(connect(options["NAME"])) as read:
        assert read.execute("SELECT count(*) FROM written").fetchone() == (8,)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    """Give a connection to a SQLite file of its own that holds the word `before`."""
    options = parse_database_url(f"sqlite:///{tmp_path}/kept.sqlite3")
    _write(options["NAME"], "before")
    opened = ConnectionHandler({"default": options})["default"]
    yield opened
    opened.close()


def _write(name: str, word: str) -> None:
    with closing(connect(name)) as file, file:
        file.execute("CREATE TABLE said (word TEXT)")
        file.execute("INSERT INTO said VALUES (?)", [word])


def _read_in_a_request(opened: BaseDatabaseWrapper) -> str:
    """Return the word as one request reads it, between what Django does before and after."""
    opened.close_if_unusable_or_obsolete()
    with opened.cursor() as cursor:
        cursor.execute("SELECT word FROM said")
        word = str(cursor.fetchone()[0])
    opened.close_if_unusable_or_obsolete()
    return word


@pytest.mark.django_db
def test_a_connection_to_sqlite_outlives_a_request(kept: BaseDatabaseWrapper) -> None:
    assert _read_in_a_request(kept) == "before"
    first = kept.connection
    assert _read_in_a_request(kept) == "before"
    assert first is not None
    assert kept.connection is first


@pytest.mark.django_db
def test_a_restored_sqlite_file_is_read_from_the_next_request_on(
    kept: BaseDatabaseWrapper, tmp_path: Path
) -> None:
    assert _read_in_a_request(kept) == "before"
    _write(str(tmp_path / "restored"), "after")
    (tmp_path / "restored").rename(kept.settings_dict["NAME"])
    assert _read_in_a_request(kept) == "after"


@pytest.mark.django_db
def test_after_an_error_the_next_request_has_a_new_connection_to_sqlite(
    kept: BaseDatabaseWrapper,
) -> None:
    assert _read_in_a_request(kept) == "before"
    first = kept.connection
    with kept.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SELECT nothing FROM nowhere")
    assert _read_in_a_request(kept) == "before"
    assert kept.connection is not first


@pytest.mark.django_db
def test_what_another_connection_commits_to_sqlite_is_read_at_once(
    kept: BaseDatabaseWrapper,
) -> None:
    assert _read_in_a_request(kept) == "before"
    with closing(connect(kept.settings_dict["NAME"])) as other, other:
        other.execute("UPDATE said SET word = 'changed'")
    assert _read_in_a_request(kept) == "changed"


@on_postgres
@pytest.mark.django_db
def test_postgres_is_a_real_server_that_listens_on_no_port() -> None:
    assert _ask("SHOW listen_addresses") == ""
    assert _ask("SHOW server_version").startswith("18")


@on_postgres
@pytest.mark.django_db
def test_a_migration_waits_ten_seconds_for_a_lock_and_no_longer() -> None:
    usual = _ask("SHOW lock_timeout")
    limit_lock_wait(using="default")
    assert _ask("SHOW lock_timeout") == "10s"
    lift_lock_limit(using="default")
    assert _ask("SHOW lock_timeout") == usual


def test_an_installation_has_a_folder_and_a_database_of_its_own(
    installation: Installation,
) -> None:
    assert installation.data.is_dir()
    assert installation.environ["OPENHNS_DATABASE_URL"] == installation.database_url
    assert "OPENHNS_TEST_DATABASE" not in installation.environ


def test_a_test_may_have_a_data_folder_of_its_own(data_folder: Path) -> None:
    assert list(data_folder.iterdir()) == []
    assert data_folder == settings.OPENHNS_DATA
    assert settings.OPENHNS_MASTER_KEY_FILE.is_relative_to(data_folder)
