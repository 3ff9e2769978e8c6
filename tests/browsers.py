"""A real browser for tests, where this computer has one: it reaches this computer and no other."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

VARIABLE: Final = "BROWSER_FOR_TESTS"
SHELL: Final = "chromium-headless-shell"
# The shell is Chromium without its windows; the least to run for the same pages.
_NAMES: Final = (
    SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page is open for a second: what it takes to compile its scripts well never comes back.
    "--js-flags=--no-turbofan,--no-maglev,--min-semi-space-size=64",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


@cache
def find_browser() -> str | None:
    """Return the path of the browser that $BROWSER_FOR_TESTS names, or of one that is here."""
    named = os.environ.get(VARIABLE)
    return next(filter(None, map(shutil.which, [named] if named else _NAMES)), None)


def browser_or_skip() -> str:
    """Return the path of a browser, or skip the test by saying that none is here."""
    found = find_browser()
    if found is None:
        pytest.skip(
            f"no Chromium or Chrome is on this computer (PATH or {VARIABLE}); "
            "on Debian and Ubuntu: apt install chromium"
        )
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """Open a browser that shows nothing, or skip the test."""
    path = browser_or_skip()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield opened
        finally:
            with _already_closed():
                opened.close()


@contextmanager
def _already_closed() -> Iterator[None]:
    """Let a browser be closed that has ended by itself."""
    try:
        yield
    except Error:
        return
