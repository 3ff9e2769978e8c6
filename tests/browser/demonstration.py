"""The demonstration, replayed once a run and served: a world with something on every page."""

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from openhns.demo.tests.replayed import copy_replayed
from openhns.testing import Installation
from openhns.testing_once import once_in_run
from openhns.testing_plugin import FOLDER_VARIABLE
from tests.browser.crawling import Visitor
from tests.browser.occasions import make_occasions
from tests.browser.watching import Tab
from tests.serving import served

# Each walks what those before them do not reach.
PEOPLE = (
    "bob",
    "alice",
    "liaison-us",
    "erin",
    "carol",
    "grace",
    "amal",
    "dan",
    "liaison-russia",
    "outsider",
)
VARIABLES = {"OPENHNS_DEMONSTRATION": "yes", "OPENHNS_LOG_HOST": "demonstration.localhost"}
MARK = "demonstration"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A served demonstration: how each of its people signs in, and what each of them reaches.

    `paths` holds, by the person's key, one path for each URL name to which links lead from home;
    `met` the URL names of all links, files and forms that anybody saw.
    """

    address: str
    people: dict[str, dict[str, Any]]
    paths: dict[str, dict[str, str]] = field(default_factory=dict)
    met: list[str] = field(default_factory=list)

    def own_paths(self, key: str) -> dict[str, str]:
        """Return the paths that a person reaches and nobody before them."""
        before = {n for k in PEOPLE[: PEOPLE.index(key)] for n in self.paths[k]}
        return {n: path for n, path in self.paths[key].items() if n not in before}

    def act_as(self, tab: Tab, key: str) -> None:
        """Act as somebody by the demonstration's own door."""
        page = tab.go("/demonstration/")
        page.locator(f"main table form:has([value='{key}']) button").click()
        page.wait_for_selector("details.menu")


@contextmanager
def replayed() -> Iterator[Demonstration]:
    """Replay the demonstration once for all processes of a run; serve a copy for this one."""
    run = Path(os.environ[FOLDER_VARIABLE])
    own = run / os.environ.get("PYTEST_XDIST_WORKER", "main") / MARK
    with once_in_run(MARK) as (original, filled):
        if not filled:
            _prepare(original)
    shutil.copytree(original, own)
    with served(Installation(own / "data", "", VARIABLES)) as (_, port):
        crawled = json.loads((own / "paths.json").read_text())
        yield Demonstration(f"http://localhost:{port}", _people(own / "data"), **crawled)


def _prepare(folder: Path) -> None:
    """Add to the story what it does not tell, and go wherever links lead."""
    copy_replayed(folder / "replayed")
    data = folder / "data"
    (folder / "replayed" / "data").rename(data)
    with served(Installation(data, "", VARIABLES)) as (_, port):
        led_to = make_occasions(partial(Visitor, port))
        visitors = {key: Visitor(port, key) for key in PEOPLE}
        opened: Counter[str] = Counter()
        paths = {k: v.every_page(opened) | led_to.get(k, {}) for k, v in visitors.items()}
        met = sorted(set().union(*(visitor.met for visitor in visitors.values())))
    (folder / "paths.json").write_text(json.dumps({"paths": paths, "met": met}))


def _people(data: Path) -> dict[str, dict[str, Any]]:
    mark = json.loads((data / MARK).read_text("utf-8"))
    return {each["key"]: each for each in mark}
