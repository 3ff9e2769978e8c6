"""Takes the pictures of the main pages: `python -m tools.screenshots [NAME...]`.

Replays and serves the demonstration, acts as each role in turn, and writes docs/screenshots: each
page wide in English and narrow in Arabic, as WebP.
"""

import os
import sys
import tempfile
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path

import django
from playwright.sync_api import Browser, Page, ViewportSize
from tests.browsers import browser
from tests.serving import served

from openhns.testing import Installation

PROJECT = Path(__file__).resolve().parents[1]
TARGET = PROJECT / "docs" / "screenshots"
QUALITY = 70
SETTLES_MS = 1_000
SETTINGS = "openhns.project.settings"
WHOLE = """() => [...document.querySelectorAll(".map")].every((map) =>
  map.dataset.state || map.getBoundingClientRect().top > innerHeight + 100)"""
VARIABLES = {"OPENHNS_DEMONSTRATION": "yes", "OPENHNS_LOG_HOST": "demonstration.localhost"}


@dataclass(frozen=True, slots=True)
class View:
    """How a page is looked at."""

    language: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture's name, who sees the page, and the page's URL name."""

    name: str
    person: str
    page: str


VIEWS = (View("en", 1200, 800), View("ar", 390, 800))
SHOTS = (
    Shot("public", "outsider", "public"),
    Shot("submit", "alice", "registry-submit"),
    Shot("site", "alice", "notices-my-listing"),
    Shot("review", "bob", "notices-review"),
    Shot("desk", "bob", "overview-desk"),
    Shot("preview", "dan", "notices-preview"),
    Shot("withdrawal", "erin", "notices-withdrawal"),
    Shot("incident", "bob", "incidents-incident"),
    Shot("inbox", "liaison-us", "notices-inbox"),
    Shot("notice", "liaison-us", "notices-notice"),
)


def main(names: list[str]) -> int:
    """Take the pictures named, or all, and return the exit status."""
    shots = [shot for shot in SHOTS if not names or shot.name in names]
    if len(shots) < len(names):
        print(f"Pictures are {', '.join(shot.name for shot in SHOTS)}.")
        return 2
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "data")
        print("Replaying the demonstration.", flush=True)
        said = Installation(data, "").run("demo", "--data", data, "--no-serve", "--json")
        if said.returncode:
            print(said.stderr)
            return 1
        know_addresses(data)
        with served(Installation(data, "", VARIABLES)) as (_, port), browser() as opened:
            for shot in shots:
                taken(opened, port, shot)
    return 0


def know_addresses(data: Path) -> None:
    """Let this process read the project's addresses, by which pages are found."""
    os.environ.update({"OPENHNS_DATA": str(data), "DJANGO_SETTINGS_MODULE": SETTINGS})
    django.setup()


def taken(opened: Browser, port: int, shot: Shot) -> None:
    """Act as the person of a picture, open its page, and write it in each view."""
    from tests.browser.crawling import Visitor  # noqa: PLC0415 - it reads the addresses.

    visitor = Visitor(port, shot.person)
    path = visitor.every_page().get(shot.page)
    if path is None:
        print(f"{shot.name}: {shot.person} finds no page {shot.page}")
        return
    start = f"http://localhost:{port}"
    cookies = [{"name": c.name, "value": c.value or "", "url": start} for c in visitor.cookies]
    for view in VIEWS:
        size: ViewportSize = {"width": view.width, "height": view.height}
        context = opened.new_context(base_url=start, viewport=size)
        language = {"name": "openhns_language", "value": view.language, "url": start}
        context.add_cookies([*cookies, language])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(path)
        target = TARGET / f"{shot.name}-{view.language}.webp"
        target.write_bytes(photographed(page))
        print(f"{target.relative_to(PROJECT)}: {target.stat().st_size // 1000} kB", flush=True)
        context.close()


def photographed(page: Page) -> bytes:
    """Wait until the page is whole, and return what is seen of it."""
    page.wait_for_function(WHOLE)
    page.wait_for_timeout(SETTLES_MS)
    session = page.context.new_cdp_session(page)
    answer = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    return b64decode(answer["data"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
