"""Every page that a person can reach is fit for everybody, in English and in Arabic."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.asking import by_keyboard, direction, sideways, turned
from tests.browser.demonstration import PEOPLE, Demonstration
from tests.browser.watching import Tab


@pytest.fixture
def visiting(browser: Browser, demonstration: Demonstration, language: str) -> Iterator[Tab]:
    with Tab.opened(browser, demonstration.address) as tab:
        tab.speak(language)
        yield tab


def wrong_with(tab: Tab, path: str, language: str) -> list[str]:
    """Open a page and return all that is wrong with it."""
    try:
        tab.go(path)
    except Error as error:
        if "Download is starting" in str(error):
            return []
        raise
    found = [*direction(tab, language), *turned(tab), *tab.violations(), *sideways(tab)]
    tab.page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {each}" for each in tab.violations("color-contrast")]
    tab.page.emulate_media(color_scheme="light")
    return [*found, *by_keyboard(tab)]


@pytest.mark.parametrize("person", PEOPLE)
def test_every_page_of_a_person_is_fit_for_everybody(
    visiting: Tab, demonstration: Demonstration, person: str, language: str
) -> None:
    demonstration.sign_in(visiting, person)
    paths = demonstration.own_paths(person)
    wrong = {name: wrong_with(visiting, path, language) for name, path in paths.items()}
    words = [f"{name} ({paths[name]}): {each}" for name, all_ in wrong.items() for each in all_]
    assert not words, "\n".join(words)


PUBLIC = ("/", "/account/login/", "/nothing/here/", "/demonstration/", "/demonstration/record/")


@pytest.mark.parametrize("path", PUBLIC)
def test_every_page_before_the_door_is_fit_for_everybody(
    visiting: Tab, path: str, language: str
) -> None:
    visiting.allowed.append("404 (Not Found)")
    assert wrong_with(visiting, path, language) == []
