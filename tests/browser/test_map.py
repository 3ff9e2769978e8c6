"""The map shows what the page says, by mouse and by keyboard, and takes nothing from elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from types import ModuleType

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path, reverse
from playwright.sync_api import Browser, Route
from pytest_django import Settings

from openhns.geodesy.cells import vicinity_cell
from openhns.geodesy.position import Position
from openhns.project.urls import urlpatterns as project
from openhns.testing_world import World
from openhns.ui.maps import Feature, Map, cell, point, route
from tests.browser.watching import Tab

IDLIB = (359_306_000, 366_339_000)
HOSTILE = '<img src=x onerror="document.title=1"> "مشفى" & <b>'
PAGE = """{% extends "ui/base.html" %}{% block title %}Map{% endblock %}{% block content %}
<h1>Map</h1><form><label for="id_position">Position</label><input id="id_position"></form>
{% include "ui/map.html" %}{% endblock %}"""
SHOWN: dict[str, Map] = {}
# Where on the page each part of the form stands, and how long the page is.
HEIGHTS = """() => [...document.querySelectorAll("main h2, main label, main figcaption, footer")]
  .map((each) => each.getBoundingClientRect().top + scrollY)
  .concat(document.documentElement.scrollHeight)"""


def trying(request: HttpRequest) -> HttpResponse:
    """Show a map on a page of its own."""
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"map": SHOWN["map"]}, request))


@pytest.fixture
def addresses(settings: Settings) -> None:
    module = ModuleType("trying_urls")
    module.__dict__.update(urlpatterns=[path("trying/", trying), *project])
    settings.ROOT_URLCONF = module


@contextmanager
def drawn(tab: Tab, shown: Map) -> Iterator[Tab]:
    """Open the page with a map and wait until it is drawn."""
    SHOWN["map"] = shown
    tab.go("/trying/")
    tab.page.wait_for_selector(".map[data-state=ready]")
    yield tab


def scattered(number: int) -> list[Feature]:
    """Return points of towns' distances and of streets' distances, and some in one place."""
    random = Random(7)
    spread = [2_000_000, 200_000, 3_000, 0]
    return [
        point(
            Position(
                IDLIB[0] + random.randint(-reach, reach), IDLIB[1] + random.randint(-reach, reach)
            ),
            f"Site {n}",
            url=f"/trying/?n={n}",
        )
        for n in range(number)
        for reach in [spread[n % len(spread)]]
    ]


COUNTED = """async () => {
  const script = document.querySelector("script[type=module]").src;
  const { stateOf } = await import(script.replace("openhns.js", "map.js"));
  const { map, marks } = stateOf(document.querySelector("[data-map]"));
  const answer = [];
  for (const zoom of [0, 3, 6, 8, 10, 12, 14, 17]) {
    map.jumpTo({ zoom });
    await new Promise((done) => requestAnimationFrame(done));
    const all = marks.all.map((cluster) => [cluster.count, cluster.items.length]);
    const drawn = [...document.querySelectorAll(".map-mark")].map((m) => +(m.textContent || 1));
    answer.push({ zoom, all, drawn });
  }
  return answer;
}"""


@pytest.mark.usefixtures("addresses")
def test_the_numbers_on_a_map_add_up_to_what_is_on_it_at_every_zoom(tab: Tab) -> None:
    sites = scattered(400)
    hexagon = cell(vicinity_cell(Position(*IDLIB)), "Medical", counts_as=5)
    with drawn(tab, Map("here", "Sites", [*sites, hexagon], countries=["SYR"])):
        found = tab.page.evaluate(COUNTED)
    for each in found:
        assert sum(count for count, _ in each["all"]) == 405, each["zoom"]
        assert sum(items for _, items in each["all"]) == 401, each["zoom"]
        assert sum(each["drawn"]) <= 405
    whole = [sum(each["drawn"]) for each in found if each["zoom"] in {0, 3, 6}]
    assert whole == [405, 405, 405]
    assert [len(each["all"]) for each in found] == sorted(len(each["all"]) for each in found)


@pytest.mark.usefixtures("addresses")
def test_words_of_users_stay_words(tab: Tab, language: str) -> None:
    tab.speak(language)
    there = point(
        Position(*IDLIB), HOSTILE, text=HOSTILE, accuracy_m=250.0, url="//elsewhere.example/"
    )
    with drawn(tab, Map("here", "Sites", [there], countries=["SYR"])):
        tab.page.keyboard.press("Tab")
        tab.page.focus(".map-mark")
        tab.page.keyboard.press("Enter")
        tab.page.wait_for_selector(".map-popup")
        popup = tab.page.locator(".map-popup")
        assert HOSTILE in popup.inner_text()
        assert popup.locator("img, b, a").count() == 0
        assert popup.locator("bdi[dir=ltr]").inner_text() == "35.9306, 36.6339"
        assert tab.violations() == []
        tab.page.keyboard.press("Escape")
        assert tab.page.locator(".map-popup").count() == 0
        assert tab.page.evaluate("document.activeElement.className").startswith("map-mark")


@pytest.mark.usefixtures("addresses")
def test_marks_are_reached_by_keyboard_and_left_again(tab: Tab) -> None:
    places = [point(Position(IDLIB[0] - n * 900_000, IDLIB[1]), f"Site {n}") for n in range(4)]
    with drawn(tab, Map("here", "Sites", places)):
        page = tab.page
        assert page.locator(".map-mark[tabindex='0']").count() == 1
        page.focus(".map-mark[tabindex='0']")
        names = []
        for _ in places:
            names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
            page.keyboard.press("ArrowDown")
        assert names == ["Site 0", "Site 1", "Site 2", "Site 3"]
        page.keyboard.press("Tab")
        assert "map-mark" not in page.evaluate("document.activeElement.className")


@pytest.mark.usefixtures("addresses")
def test_things_in_one_place_are_listed_and_none_hides_another(tab: Tab) -> None:
    places = [point(Position(*IDLIB), f"Ward {n}", url=f"/trying/?n={n}") for n in range(3)]
    with drawn(tab, Map("here", "Sites", places)):
        mark = tab.page.locator(".map-mark")
        assert mark.inner_text() == "3"
        mark.click()
        assert tab.page.locator(".map-entry a").all_inner_texts() == ["Ward 0", "Ward 1", "Ward 2"]


@pytest.mark.usefixtures("addresses")
def test_a_position_is_picked_by_keyboard_to_seven_decimals(tab: Tab, language: str) -> None:
    tab.speak(language)
    with drawn(tab, Map("here", "Where", pick=("id_position",), countries=["SYR"])):
        page = tab.page
        page.fill("#id_position", "35.9306, 36.6339")
        page.press("#id_position", "Tab")
        page.focus(".map canvas")
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(800)
        page.focus(".map-picking button")
        page.keyboard.press("Enter")
        lat, lon = page.input_value("#id_position").split(", ")
        assert [len(text.partition(".")[2]) for text in (lat, lon)] == [7, 7]
        assert float(lat) == pytest.approx(35.9306, abs=1e-6)
        assert 36.6339 < float(lon) < 36.9
        assert page.locator(".map-picking [role=status] bdi[dir=ltr]").count() == 1
        assert tab.violations() == []


@pytest.mark.parametrize("width", [1200, 390])
def test_nothing_moves_on_the_form_while_its_map_comes_and_a_position_is_taken(
    tab: Tab, world: World, width: int
) -> None:
    tab.let_in(world.alice)
    page = tab.page
    page.set_viewport_size({"width": width, "height": 800})
    held: list[Route] = []

    def hold(asked: Route) -> None:
        held.append(asked)

    page.route("**/vendor/maplibre/maplibre-gl.mjs", hold)
    names = {"mechanism": world.mechanism.slug, "organisation": world.organisation.id}
    tab.go(reverse("registry-submit", kwargs=names | {"kind": "site"}))
    page.locator(".map").scroll_into_view_if_needed()
    page.wait_for_selector("[data-map-note]")
    page.wait_for_function("document.fonts.status === 'loaded'")
    assert not page.locator(".map-picking button").is_visible()
    before = page.evaluate(HEIGHTS)
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    page.wait_for_selector(".map[data-state=ready]")
    assert page.evaluate(HEIGHTS) == before
    page.click(".map-picking button")
    page.wait_for_selector(".map-picking [role=status] bdi")
    assert page.evaluate(HEIGHTS) == before


@pytest.mark.usefixtures("addresses")
def test_a_part_is_called_a_part(tab: Tab) -> None:
    with drawn(tab, Map("here", "Sites", scattered(3), total=1234)):
        assert tab.page.locator("[data-map-showing]").inner_text() == "Showing 3 of 1234."
        assert tab.page.locator(".maplibregl-ctrl-scale").inner_text().split()[-1] in {"m", "km"}


@pytest.mark.usefixtures("addresses")
def test_without_webgl_the_page_says_so_and_keeps_the_list_beside_it(
    browser: Browser, server: str
) -> None:
    SHOWN["map"] = Map("here", "Sites", [route([Position(*IDLIB), Position(0, 0)], "Route")])
    with Tab.opened(browser, server) as tab:
        tab.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        tab.go("/trying/")
        tab.page.wait_for_selector(".map[data-state=failed]")
        assert "cannot draw maps" in tab.page.locator("[data-map-note]").inner_text()
        tab.page.click(".map-list summary")
        assert tab.page.locator(".map-list li").inner_text() == "Route"
        assert tab.violations() == []
