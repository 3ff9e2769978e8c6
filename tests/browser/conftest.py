"""Fixtures of the tests in a real browser; docs/testing.md shows when to ask for which."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from playwright.sync_api import Browser
from pytest_django import Settings

from openhns.testing_world import World, make_world
from tests.browser.demonstration import Demonstration, replayed
from tests.browser.walking import Walk
from tests.browser.watching import Tab
from tests.browsers import browser as opened_browser
from tests.browsers import browser_or_skip, find_browser

LANGUAGES = ("en", "ar")


class _Handler(WSGIRequestHandler):
    """Serves without a word."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as its base.
        del format, args


class _Server(ThreadedWSGIServer):
    """Serves each request in a thread, and leaves no connection to the database behind."""

    def close_request(self, request: object) -> None:
        connections.close_all()
        super().close_request(request)  # type: ignore[arg-type] # As its base gives it.

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep silent of a browser that went away."""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Give one browser to the tests of this folder.

    Its loop runs in this thread, and tests use the database between its turns. It ends with the
    folder's tests, so that others of this process find neither the loop nor the variable.
    """
    with pytest.MonkeyPatch.context() as patched, opened_browser() as opened:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield opened


@pytest.fixture
def world(data_folder: Path) -> World:
    """Make a mechanism in Mali with two parties, an organisation and its people."""
    del data_folder
    return make_world()


@pytest.fixture
def walk(browser: Browser, server: str, world: World, language: str) -> Iterator[Walk]:
    """Give people who walk beside each other in the test's world, in one language."""
    with Walk.begun(browser, server, world, language) as walk:
        yield walk


@pytest.fixture
def server(browser: Browser, transactional_db: None, settings: Settings) -> Iterator[str]:
    """Serve the pages from this process, and return the address of their beginning."""
    del browser, transactional_db
    from openhns.project.wsgi import application  # noqa: PLC0415 - it needs the settings.

    serving = _Server(("127.0.0.1", 0), _Handler)
    serving.set_app(application)
    address = f"http://localhost:{serving.server_address[1]}"
    settings.CSRF_TRUSTED_ORIGINS = [address]
    thread = Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield address
    serving.shutdown()
    serving.server_close()
    thread.join()


@pytest.fixture(scope="session")
def demonstration() -> Iterator[Demonstration]:
    """Serve the demonstration by `openhns serve`; a test that changes it hinders no page."""
    browser_or_skip()
    with replayed() as here:
        yield here


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Run the test in English and in Arabic."""
    return str(request.param)


@pytest.fixture
def tab(browser: Browser, server: str) -> Iterator[Tab]:
    """Give a tab that watches itself: at the end nothing may be wrong with it."""
    with Tab.opened(browser, server) as tab:
        yield tab


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these tests beside each other in few processes: each starts a browser."""
    for item in items:
        if "tests/browser" in str(item.path) and find_browser() is not None:
            item.add_marker(pytest.mark.slow)
