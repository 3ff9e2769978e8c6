"""The demonstration, replayed for tests, and visitors who enter by its door."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test import Client
from lxml import html

from openhns.demo.people import let_sign_in
from openhns.demo.replay import Replay
from openhns.demo.story import read_story
from openhns.testing import Installation
from openhns.testing_once import once_in_run
from openhns.testing_world import prepare_installation

SAID = "said.json"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who reads pages in words, as a reader sees them."""

    client: Client
    home: str

    def page(self, path: str) -> str:
        """Return the words of a page's content."""
        (main,) = self._whole(path).xpath("//main")
        return _words(main)

    def banner(self, path: str) -> str:
        (found,) = self._whole(path).xpath("//aside[@class='banner']")
        return _words(found)

    def links(self, path: str) -> list[str]:
        """Return where the links of a page's content lead, on this server."""
        return [str(to) for to in self._whole(path).xpath("//main//a/@href") if to[0] == "/"]

    def links_to(self, part: str, on: str = "") -> list[str]:
        """Return the links of a page, of `on` or home, that lead to one thing of a kind."""
        whole = re.compile(rf".*{re.escape(part)}[0-9a-f-]{{36}}/")
        return [to for to in self.links(on or self.home) if whole.fullmatch(to)]

    def rows(self, path: str) -> list[str]:
        """Return the words of each row of a page's tables."""
        return [_words(row) for row in self._whole(path).xpath("//main//tbody/tr")]

    def _whole(self, path: str) -> Any:
        answer = self.client.get(path, follow=True)
        assert answer.status_code == 200, path
        return html.fromstring(answer.content.decode())


def _words(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def copy_replayed(target: Path) -> None:
    """Copy the story's `data` as the command replays it, once in a test run, into a new folder.

    What the command said lies beside it.
    """
    with once_in_run("replayed") as (folder, filled):
        if not filled:
            data = folder / "data"
            done = Installation(data, "").run("demo", "--data", data, "--no-serve", "--json")
            assert done.returncode == 0, done.stderr
            (folder / SAID).write_text(done.stdout, "utf-8")
        shutil.copytree(folder, target)


def replay_the_story() -> None:
    """Walk the whole story in this test's folder and database."""
    prepare_installation()
    story = read_story()
    replay = Replay(story)
    for _ in replay.steps():
        pass
    let_sign_in(story.people, replay.people)


def acting_as(key: str, page: str = "home") -> Visitor:
    """Enter by the door as one of the people, and stand on one page of the tour."""
    client = Client()
    answer = client.post("/demonstration/act/", {"as": key, "open": page}, follow=True)
    return Visitor(client, answer.request["PATH_INFO"])
