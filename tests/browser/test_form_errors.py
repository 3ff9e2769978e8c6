"""A form that comes back with its errors is as sound a page as any other."""

from collections.abc import Iterator
from itertools import cycle

import pytest
from django.urls import reverse

from openhns.mechanism.models import Person
from openhns.notices.tests.building import add_listing, site_facts, transmit
from openhns.testing_world import World, make_liaison
from tests.browser.conftest import LANGUAGES
from tests.browser.walking import WITHOUT_MAPS
from tests.browser.watching import Tab

pytestmark = pytest.mark.django_db(transaction=True)
# The browser's own checks are passed by: what the server answers is looked at.
SEND_EMPTY = """() => {
  const form = document.querySelector("main form[method=post]");
  form.noValidate = true;
  form.querySelector("button.first").click();
}"""
# A description by an identifier that stands twice would be that of another field.
TWICE = """() => {
  const all = [...document.querySelectorAll("[id]")].map((each) => each.id);
  return all.filter((id, number) => all.indexOf(id) !== number);
}"""
# What is said of a field that is wrong is found from the field itself.
UNSAID = """() => [...document.querySelectorAll("[aria-invalid=true]")].filter((field) => {
  const both = [field, field.closest("fieldset")];
  const by = both.map((each) => each?.getAttribute("aria-describedby"));
  const ids = by.join(" ").split(" ").filter((id) => id.endsWith("_error"));
  return !ids.some((id) => document.getElementById(id)?.textContent.trim());
}).map((field) => field.name)"""


def forms(world: World) -> Iterator[tuple[Person | None, str]]:
    """Yield forms of each kind, and who fills them in."""
    party = world.parties[0]
    here = {"mechanism": world.mechanism.slug}
    own, told = here | {"organisation": world.organisation.id}, here | {"party": party.id}
    liaison = make_liaison(party, world.administrator)
    yield world.alice, reverse("registry-submit", kwargs=own | {"kind": "site"})
    yield liaison, reverse("notices-object", kwargs=told | {"number": 1})
    yield world.alice, reverse("incidents-report", kwargs=own)
    yield liaison, reverse("notices-ask", kwargs=told | {"number": 1})
    yield world.bob, reverse("notices-call", kwargs=told)
    yield None, reverse("account_login")


def test_forms_that_come_back_with_errors_are_without_fault(world: World, tab: Tab) -> None:
    add_listing(world, site_facts("Gao"), {world.parties[0]: "exact"})
    transmit(world)
    tab.page.add_init_script(WITHOUT_MAPS)
    wrong = []
    for language, (person, path) in zip(cycle(LANGUAGES), forms(world), strict=False):
        tab.page.context.clear_cookies()
        tab.speak(language)
        if person is not None:
            tab.let_in(person)
        page = tab.go(path)
        with page.expect_navigation():
            page.evaluate(SEND_EMPTY)
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator(".field .errorlist").count(), path
        found = [*tab.violations(), *page.evaluate(TWICE), *page.evaluate(UNSAID)]
        wrong += [f"{path} {language}: {each}" for each in found]
    assert not wrong, "\n".join(wrong)
