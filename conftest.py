"""Fixtures for every room; docs/testing.md shows when to ask for which."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.template import Template
from django.test import TransactionTestCase
from django.test.utils import _TestState
from pytest_django import Settings
from whitenoise.middleware import WhiteNoiseMiddleware

from openhns.testing import Installation
from openhns.testing_migrating import render_changed_models_alone
from openhns.testing_plugin import CURRENT
from openhns.testing_snapshot import empty_tables

# A small number of rounds is as good where nobody is kept from guessing.
PBKDF2PasswordHasher.iterations = 1_000
WITH_DATABASE = {"db", "transactional_db", "installation", "walked", "undisturbed"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Start PostgreSQL for the first test that uses the database; make its tables sooner."""
    del django_db_modify_db_settings_parallel_suffix
    server = request.config.stash[CURRENT].server
    if server:
        server.start()
    find_assets_once()
    render_as_for_everybody()
    render_changed_models_alone()
    TransactionTestCase._fixture_teardown = empty_tables  # type: ignore[attr-defined]  # noqa: SLF001 - Django asks for no other way.


def find_assets_once() -> None:
    """Let all visitors of a process share what one found: each would look at 400 files anew."""
    found: dict[str, Any] = {}
    look = WhiteNoiseMiddleware.add_files_from_finders

    def look_once(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            look(middleware)
            found.update(middleware.files)
        middleware.files = found

    WhiteNoiseMiddleware.add_files_from_finders = look_once


def render_as_for_everybody() -> None:
    """Take back what Django's tests put around templates: none of ours asks what each was given."""
    Template._render = _TestState.saved_data.template_render  # type: ignore[attr-defined]  # noqa: SLF001 - as above.


@pytest.fixture
def data_folder(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give this test an empty $OPENHNS_DATA of its own; the database stays the run's."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    monkeypatch.setenv("OPENHNS_DATA", str(data))
    settings.OPENHNS_DATA = data
    settings.OPENHNS_MASTER_KEY_FILE = data / "keys" / "master.key"
    cache.clear()  # Tries of another test's people are no tries of this one's.
    return data


@pytest.fixture
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """Give this test an empty installation for commands that run as processes of their own."""
    data = tmp_path / "installation"
    data.mkdir(mode=0o700)
    server = request.config.stash[CURRENT].server
    if not server:
        yield Installation(data, f"sqlite:///{data}/db.sqlite3")
        return
    server.start()
    name = f"installation_{uuid4().hex}"
    yield Installation(data, server.create_database(name))
    server.drop_database(name)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the tests marked slow, so that no process is left with one at the end.

    On PostgreSQL leave out what asks for no database: with SQLite it has run already.
    """
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if config.stash[CURRENT].server:
        without = [item for item in items if not uses_database(item)]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if uses_database(item)]


def uses_database(item: pytest.Item) -> bool:
    asked = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(asked & WITH_DATABASE)
