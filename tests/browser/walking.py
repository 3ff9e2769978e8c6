"""People who walk through the pages: each in a tab of their own, by links, buttons and words."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from django.utils.translation import gettext, ngettext, override
from playwright.sync_api import Browser, Locator, Page, expect

from openhns.cli import main
from openhns.mechanism.models import Person
from openhns.testing_world import World
from tests.browser.watching import Tab

PASSPHRASE = "four plain words الكلمة"
# Their browsers draw no maps, which takes seconds of the processor for each: what a map shows,
# a page says in words too, and test_every_page.py looks at the maps.
WITHOUT_MAPS = "HTMLCanvasElement.prototype.getContext = () => null"


@dataclass
class Walker:
    """Somebody who is signed in and reads one language; `met` gathers the paths they were at."""

    tab: Tab
    language: str
    slug: str
    met: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.tab.page

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def says(self, words: str, **named: object) -> str:
        """Return words of the catalogue in the walker's language."""
        with override(self.language):
            said = gettext(words)
        assert self.language == "en" or said != words, f"not translated: {words}"
        return said % named if named else said

    def counted(self, one: str, many: str, count: int) -> str:
        """Return words of the catalogue about so many things."""
        with override(self.language):
            said = ngettext(one, many, count)
        assert self.language == "en" or said not in {one, many}, f"not translated: {one}"
        return said % {"count": count}

    def home(self) -> None:
        self.go("/home/")

    def go(self, path: str) -> None:
        self.tab.go(path)
        self._look()

    def follow(self, words: str, **named: object) -> None:
        """Follow the first link of the page with these words of the catalogue."""
        self.follow_named(self.says(words, **named))

    def follow_named(self, name: str) -> None:
        """Follow the first link whose name begins so, whatever its language."""
        link = self.page.get_by_role("link", name=re.compile(rf"^{re.escape(name)}"))
        link.first.click()
        self._look()

    def press(self, words: str, **named: object) -> None:
        """Press the button with these words, and wait for the page to which it leads."""
        button = self.main.get_by_role("button", name=self.says(words, **named))
        with self.page.expect_navigation():
            button.first.click()
        self._look()

    def sees(self, words: str, **named: object) -> None:
        """Require words of the catalogue on the page."""
        self.reads(self.says(words, **named))

    def reads(self, text: str) -> None:
        """Require a text on the page that no catalogue holds: a name, a number."""
        expect(self.page.locator("body")).to_contain_text(text)

    def sees_no(self, words: str, **named: object) -> None:
        text = self.says(words, **named)
        expect(self.page.locator("body")).not_to_contain_text(text)

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]", value)

    def row(self, name: str) -> Locator:
        """Return the row of a table that a name heads."""
        return self.main.locator("tr", has=self.page.locator("th", has_text=name))

    def cell(self, row: Locator, head: str) -> Locator:
        """Return a row's cell under a head of the catalogue."""
        return row.locator(f'[data-label="{self.says(head)}"]')

    def _look(self) -> None:
        """Require the language's direction, and keep the path if it is of the mechanism."""
        wanted = "rtl" if self.language == "ar" else "ltr"
        expect(self.page.locator("html")).to_have_attribute("dir", wanted)
        path = urlsplit(self.page.url).path
        if path.startswith(f"/{self.slug}/") and path not in self.met:
            self.met.append(path)


@dataclass
class Walk:
    """People of one world who walk in one language, beside each other."""

    browser: Browser
    address: str
    world: World
    language: str
    stack: ExitStack
    walkers: list[Walker] = field(default_factory=list)

    @classmethod
    @contextmanager
    def begun(cls, browser: Browser, address: str, world: World, language: str) -> Iterator[Self]:
        with ExitStack() as stack:
            yield cls(browser, address, world, language, stack)

    def enter(self, person: Person | None = None, *, through_the_door: bool = False) -> Walker:
        """Let somebody in, in a browser of their own; the public is nobody.

        Signing in through the pages takes seconds, and is tested with each second factor.
        """
        tab = self.stack.enter_context(Tab.opened(self.browser, self.address))
        tab.page.add_init_script(WITHOUT_MAPS)
        tab.speak(self.language)
        if person is not None:
            (tab.sign_in if through_the_door else tab.let_in)(person)
        walker = Walker(tab, self.language, self.world.mechanism.slug)
        self.walkers.append(walker)
        return walker

    def met(self) -> list[str]:
        """Return every path of the mechanism at which anybody was."""
        return list(dict.fromkeys(path for walker in self.walkers for path in walker.met))


def tick() -> None:
    """Do what is due, and let the log take up what happened, as `openhns tick` does."""
    assert main(["tick"]) == 0


def make_key(liaison: Walker) -> None:
    """Make a key in the browser, and let the browser save its file."""
    liaison.follow("Keys")
    page = liaison.page
    page.wait_for_selector("#here:not([hidden])")
    page.fill("#passphrase", PASSPHRASE)
    page.fill("#again", PASSPHRASE)
    with page.expect_download(), page.expect_navigation():
        page.click("#make button")
    page.wait_for_selector(".message.success")
    liaison.sees("Counts")
