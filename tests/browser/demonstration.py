"""The demonstration, replayed once a run and served: a world with something on every page."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import html
from playwright.sync_api import APIResponse, Page

from openhns.testing import Installation
from openhns.testing_plugin import FOLDER_VARIABLE
from tests.browser.watching import Tab, code_of
from tests.pages import name_of
from tests.serving import served

PEOPLE = (
    "alice",
    "amal",
    "bob",
    "dan",
    "erin",
    "grace",
    "liaison-russia",
    "liaison-us",
    "outsider",
)
WAITS = 300
# What a link leads to that is no page to look at, or that changes the visitor's session.
LEFT_OUT = {"account_logout", "demonstration-act", "language", ""}


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A served demonstration; `people` holds how each signs in, by key."""

    address: str
    people: dict[str, dict[str, Any]]

    def sign_in(self, tab: Tab, key: str) -> None:
        """Sign somebody in as they would: by password, and by a code where one is asked for."""
        person = self.people[key]
        page = tab.go("/account/login/")
        page.fill("[name=login]", person["handle"])
        page.fill("[name=password]", person["password"])
        page.click("main form button.first")
        if person["totp_secret"]:
            page.wait_for_url("**/second-factor/authenticate/**")
            page.fill("[name=code]", code_of(person["totp_secret"]))
            page.click("main form button.first")
        page.wait_for_selector("details.menu")

    def act_as(self, tab: Tab, key: str) -> None:
        """Act as somebody by the demonstration's own door."""
        page = tab.go("/demonstration/")
        page.locator(f"main table form:has([value='{key}']) button").click()
        page.wait_for_selector("details.menu")


@contextmanager
def replayed() -> Iterator[Demonstration]:
    """Replay the demonstration once for all processes of a run; serve a copy for this one."""
    run = Path(os.environ[FOLDER_VARIABLE])
    original = _replayed_once(run / "demonstration")
    own = run / os.environ.get("PYTEST_XDIST_WORKER", "main") / "demonstration"
    shutil.copytree(original, own)
    variables = {"OPENHNS_DEMONSTRATION": "yes", "OPENHNS_LOG_HOST": "demonstration.localhost"}
    with served(Installation(own, "", variables)) as (_, port):
        mark = next(path for path in own.glob("*demonstration*"))
        people = {each["key"]: each for each in json.loads(mark.read_text("utf-8"))}
        yield Demonstration(f"http://localhost:{port}", people)


def _replayed_once(folder: Path) -> Path:
    data, done = folder / "data", folder / "done"
    try:
        folder.mkdir()
    except FileExistsError:
        for _ in range(WAITS):
            if done.exists():
                return data
            time.sleep(1)
        raise
    said = Installation(data, "").run("demo", "--data", data, "--no-serve", "--json")
    assert said.returncode == 0, said.stderr
    done.touch()
    return data


def paths_on(text: str, at: str) -> list[str]:
    """Return the paths of this server to which the links of a page lead."""
    here = urlsplit(at)
    page = html.fromstring(text, base_url=at)
    page.make_links_absolute()
    found = []
    for link in page.xpath("//a[@href and not(@download)]"):
        to = urlsplit(link.get("href"))
        if to.netloc == here.netloc and to.path != here.path:
            found.append(f"{to.path}?{to.query}" if to.query else to.path)
    return found


def is_page(answer: APIResponse) -> bool:
    return "text/html" in answer.headers.get("content-type", "")


def every_page(page: Page, address: str) -> dict[str, str]:
    """Follow the links from home as the person who is signed in; one path for each URL name."""
    found: dict[str, str] = {}
    waiting = ["/home/"]
    while waiting:
        path = waiting.pop(0)
        name = name_of(urlsplit(path).path)
        if name in LEFT_OUT or name in found:
            continue
        answer = page.request.get(f"{address}{path}")
        assert answer.status < 400, f"{path} is linked and answers {answer.status}"
        if is_page(answer):
            found[name] = path
            waiting += paths_on(answer.text(), answer.url)
    return found
