"""Pages are light: 45 kB on the first visit without the map, and 7 kB after, as they are sent."""

import pytest
from playwright.sync_api import Browser

from tests.browser.demonstration import PEOPLE, Demonstration
from tests.browser.watching import Tab, weighed

FIRST, LATER = 45_000, 7_000
OF_THE_MAP = ("/vendor/", "/ui/map")


def without_map(weights: dict[str, int]) -> int:
    return sum(n for address, n in weights.items() if not any(p in address for p in OF_THE_MAP))


def visited(browser: Browser, address: str, path: str, state: object) -> tuple[int, int]:
    """Open a page in a browser that has kept nothing, then again; return both weights."""
    with Tab.opened(browser, address, storage_state=state) as tab:
        with weighed(tab) as first:
            tab.go(path)
        with weighed(tab) as later:
            tab.go(path)
        return without_map(first), without_map(later)


@pytest.mark.parametrize("person", PEOPLE)
def test_every_page_of_a_role_is_light_at_first_and_lighter_after(
    browser: Browser, demonstration: Demonstration, person: str
) -> None:
    with Tab.opened(browser, demonstration.address) as tab:
        demonstration.act_as(tab, person)
        state = tab.page.context.storage_state()
    heavy = []
    for name, path in demonstration.own_paths(person).items():
        first, later = visited(browser, demonstration.address, path, state)
        if first > FIRST or later > LATER:
            heavy.append(f"{name} ({path}): {first} bytes at first, {later} after")
    assert not heavy, "\n".join(heavy)


def test_the_public_page_is_light(browser: Browser, demonstration: Demonstration) -> None:
    first, later = visited(browser, demonstration.address, "/", None)
    assert first <= FIRST
    assert later <= LATER
