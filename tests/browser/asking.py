"""What is asked of every page: where it scrolls, how it reads, and what the keyboard reaches."""

from typing import Any

from tests.browser.watching import Tab

NARROW = {"width": 380, "height": 800}
WIDE = {"width": 1200, "height": 900}
MOST_STOPS = 400

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

STOP = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  window.stops ??= [];
  const before = window.stops.at(-1);
  // A date has several parts, each a stop of its own in one element.
  const part = e === before && /^(date|time|month|week)/.test(e.type ?? "");
  const again = !part && window.stops.includes(e);
  const backwards = before && !part ? !(before.compareDocumentPosition(e) & 4) : false;
  window.stops.push(e);
  const style = getComputedStyle(e);
  const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const box = e.getBoundingClientRect();
  const seen = drawn && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
  const named = e.getAttribute("aria-label") ?? (e.textContent.trim() || e.name || e.id);
  return { again, part, backwards, seen, name: `${e.tagName.toLowerCase()} ${named.slice(0, 40)}` };
}"""


def sideways(tab: Tab) -> list[str]:
    """Return what sticks out of the page on a telephone."""
    tab.page.set_viewport_size({"width": 380, "height": 800})
    found: list[str] = tab.page.evaluate(STICKING_OUT)
    tab.page.set_viewport_size({"width": 1200, "height": 900})
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
    page, wrong = tab.page, []
    page.evaluate("() => { window.stops = []; document.activeElement?.blur(); scrollTo(0, 0); }")
    wanted: int = page.evaluate(REACHABLE)
    met = 0
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop: dict[str, Any] | None = page.evaluate(STOP)
        if stop is None or (stop["again"] and met >= wanted):
            break
        met += not stop["part"]
        wrong += _wrong_with(stop, met)
        if stop["again"]:
            break
    if met < wanted:
        wrong.append(f"the Tab key reaches {met} of {wanted}")
    return wrong


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
