"""Every page that a person can reach is fit for everybody, in English and in Arabic.

English pages are looked at in light, at a desk, by a browser that keeps nothing; Arabic ones in the
dark, on a telephone, by one that keeps what it may. Colours do not depend on the language, and what
is asked of a page is asked of both; the keyboard goes through each page once, by turns in either
language.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.asking import NARROW, WIDE, by_keyboard, direction, sideways, turned
from tests.browser.demonstration import PEOPLE, Demonstration
from tests.browser.watching import Tab, weighed

FIRST, LATER = 45_000, 7_000
"""Bytes of a page, without the map, for a browser that has kept nothing, and afterwards."""
OF_THE_MAP = ("/vendor/", "/ui/map")
# Into how many tests the pages are split of those who have many, so that processes end together.
SHARES = {"bob": 5, "alice": 2, "erin": 2}
PARTS = [(person, part) for person in PEOPLE for part in range(SHARES.get(person, 1))]


@pytest.fixture
def visiting(browser: Browser, demonstration: Demonstration, language: str) -> Iterator[Tab]:
    at_a_desk = language == "en"
    with Tab.opened(
        browser,
        demonstration.address,
        viewport=WIDE if at_a_desk else NARROW,
        color_scheme="light" if at_a_desk else "dark",
    ) as tab:
        tab.speak(language)
        session = tab.devices()
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": at_a_desk})
        yield tab


def weight(tab: Tab, path: str) -> int:
    """Open a page and return the bytes that come until it has loaded, without the map's."""
    with weighed(tab) as weights:
        tab.go(path)
        # What is asked for by the page's scripts comes a little later.
        tab.page.wait_for_timeout(50)
    return sum(n for at, n in weights.items() if not any(part in at for part in OF_THE_MAP))


def heavy(tab: Tab, path: str, language: str) -> list[str]:
    """Open a page and return whether it is too heavy."""
    limit = FIRST if language == "en" else LATER
    came = weight(tab, path)
    if came > limit and limit == LATER:
        came = weight(tab, path)  # What this page alone needs is kept by now.
    return [f"{came} bytes came, {limit} may"] if came > limit else []


def wrong_with(tab: Tab, path: str, language: str, *, keyboard: bool = True) -> list[str]:
    """Open a page and return all that is wrong with it."""
    try:
        found = heavy(tab, path, language)
    except Error as error:
        if "Download is starting" in str(error):
            return []
        raise
    found += [*direction(tab, language), *turned(tab), *tab.violations()]
    found += by_keyboard(tab) if keyboard else []
    size = tab.page.viewport_size or WIDE
    found += sideways(tab)
    tab.page.set_viewport_size(size)
    return found


@pytest.mark.parametrize(("person", "part"), PARTS)
def test_every_page_of_a_person_is_fit_for_everybody(
    visiting: Tab, demonstration: Demonstration, person: str, part: int, language: str
) -> None:
    demonstration.act_as(visiting, person)
    paths = demonstration.own_paths(person)
    own = list(paths.items())[part :: SHARES.get(person, 1)]
    words = []
    for turn, (name, path) in enumerate(own):
        keyboard = (turn % 2 == 0) == (language == "en")
        wrong = wrong_with(visiting, path, language, keyboard=keyboard)
        words += [f"{name} ({path}): {each}" for each in wrong]
    assert not words, "\n".join(words)


PUBLIC = (
    "/",
    "/account/login/",
    "/nothing/here/",
    "/demonstration/",
    "/demonstration/record/",
    "/demonstration/record/attacks/",
)


@pytest.mark.parametrize("path", PUBLIC)
def test_every_page_before_the_door_is_fit_for_everybody(
    visiting: Tab, path: str, language: str
) -> None:
    visiting.allowed.append("404 (Not Found)")
    assert wrong_with(visiting, path, language) == []
