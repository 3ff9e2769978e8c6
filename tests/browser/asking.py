"""What is asked of each page: how it reads, what sticks out of it, what the keyboard reaches."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import ViewportSize

from tests.browser.watching import Tab

NARROW: ViewportSize = {"width": 380, "height": 800}
WIDE: ViewportSize = {"width": 1200, "height": 900}
MOST_STOPS = 400
AT_ONCE = 8

# The parts of a page that stick out of it sideways, the deepest of each.
STICKING_OUT = """() => {
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= limit) return [];
  const out = [...document.body.querySelectorAll("*")].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.width && (box.right > limit + 1 || box.left < -1);
  });
  return out.filter((e) => !out.some((o) => o !== e && e.contains(o)))
    .map((e) => `${e.tagName.toLowerCase()}.${e.className}: ${e.textContent.trim().slice(0, 60)}`);
}"""

# Coordinates, hashes and identifiers outside an element that reads left to right.
TURNED = """() => {
  const figures = /-?\\d{1,3}\\.\\d{3,},\\s*-?\\d{1,3}\\.\\d{3,}|[0-9a-f]{32,}|\\+\\d[\\d ]{6,}/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest("script, style, textarea, [dir=ltr], details:not([open]) > :not(summary)")) {
      continue;
    }
    if (figures.test(walker.currentNode.data)) found.push(walker.currentNode.data.trim());
  }
  return found;
}"""

# What the Tab key should reach: in view, not disabled, one of each group of radio buttons.
REACHABLE = """() => {
  const asked = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const radios = new Set();
  return [...document.querySelectorAll(asked)].filter((e) => {
    if (e.disabled || e.tabIndex < 0 || !e.checkVisibility({ visibilityProperty: true })) {
      return false;
    }
    if (e.type !== "radio") return true;
    const group = `${e.form ? [...document.forms].indexOf(e.form) : ""}:${e.name}`;
    const first = !radios.has(group);
    radios.add(group);
    return first;
  }).length;
}"""

# Notes what has the focus whenever the Tab key comes up again; null is the end of the page.
STOPS = """() => {
  window.stops = [];
  const elements = [];
  document.activeElement?.blur();
  scrollTo(0, 0);
  window.addEventListener("keyup", () => {
    const e = document.activeElement;
    if (!e || e === document.body || e === document.documentElement) return window.stops.push(null);
    const before = elements.at(-1);
    // A date has several parts, each a stop of its own in one element.
    const part = e === before && /^(date|time|month|week)/.test(e.type ?? "");
    const again = !part && elements.includes(e);
    const backwards = before && !part ? !(before.compareDocumentPosition(e) & 4) : false;
    elements.push(e);
    const style = getComputedStyle(e);
    const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    const box = e.getBoundingClientRect();
    const seen = drawn && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
    const named = e.getAttribute("aria-label") ?? (e.textContent.trim() || e.name || e.id);
    const name = `${e.tagName.toLowerCase()} ${named.slice(0, 40)}`;
    window.stops.push({ again, part, backwards, seen, name });
  }, { capture: true });
}"""
TAKEN = "() => window.stops.splice(0)"


def sideways(tab: Tab) -> list[str]:
    """Return what sticks out of the page on a telephone."""
    tab.page.set_viewport_size(NARROW)
    found: list[str] = tab.page.evaluate(STICKING_OUT)
    return [f"sticks out at 380 px: {each}" for each in found]


def turned(tab: Tab) -> list[str]:
    found: list[str] = tab.page.evaluate(TURNED)
    return [f"not isolated left to right: {each}" for each in found]


def direction(tab: Tab, language: str) -> list[str]:
    said = tab.page.evaluate("[document.documentElement.dir, document.documentElement.lang]")
    wanted = ["rtl" if language == "ar" else "ltr", language]
    return [] if said == wanted else [f"dir and lang are {said}, not {wanted}"]


def by_keyboard(tab: Tab) -> list[str]:
    """Press Tab from the top to the end, and return what is wrong on the way."""
    wrong: list[str] = []
    wanted: int = tab.page.evaluate(REACHABLE)
    met = 0
    for stop in _stops(tab, wanted):
        if stop is None or (stop["again"] and met >= wanted):
            break
        met += not stop["part"]
        wrong += _wrong_with(stop, met)
        if stop["again"]:
            break
    if met < wanted:
        wrong.append(f"the Tab key reaches {met} of {wanted}")
    return wrong


def _stops(tab: Tab, wanted: int) -> Iterator[dict[str, Any] | None]:
    """Give what the Tab key comes to: as many as are wanted in one go, then a few at a time."""
    tab.page.evaluate(STOPS)
    pressed = 0
    while pressed < MOST_STOPS:
        at_once = AT_ONCE if pressed else wanted + 1
        for _ in range(at_once):
            tab.page.keyboard.press("Tab")
        pressed += at_once
        yield from tab.page.evaluate(TAKEN)


def _wrong_with(stop: dict[str, Any], number: int) -> list[str]:
    wrong = []
    if stop["again"]:
        wrong.append(f"the Tab key is caught at {stop['name']}")
    if stop["backwards"] and not stop["again"]:
        wrong.append(f"the Tab key goes backwards to {stop['name']}")
    if not stop["seen"]:
        wrong.append(f"focus cannot be seen on {stop['name']}")
    if number == 1 and "Go to" not in stop["name"] and "a " not in stop["name"][:2]:
        wrong.append(f"the first stop is no link past the navigation: {stop['name']}")
    return wrong
