"""Every address of a mechanism's pages, as the project knows them."""

from dataclasses import dataclass
from functools import cache

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from openhns.mechanism.visits import PAGES, Page


@dataclass(frozen=True, slots=True)
class Address:
    """One URL name, the arguments that it takes beside the mechanism, and its page."""

    name: str
    arguments: tuple[str, ...]
    page: Page


@cache
def addresses() -> dict[str, Address]:
    """Return the addresses of all pages by their URL name."""
    found = {}
    for pattern in _patterns(get_resolver().url_patterns):
        page = _page(pattern)
        if page is not None and pattern.name:
            arguments = tuple(n for n in pattern.pattern.converters if n != "mechanism")
            found[pattern.name] = Address(pattern.name, arguments, page)
    return found


def _patterns(given: list[URLPattern | URLResolver]) -> list[URLPattern]:
    found: list[URLPattern] = []
    for each in given:
        found += _patterns(each.url_patterns) if isinstance(each, URLResolver) else [each]
    return found


def _page(pattern: URLPattern) -> Page | None:
    view = pattern.callback
    return PAGES.get(f"{view.__module__}.{getattr(view, '__name__', '')}")


@cache
def name_of(path: str) -> str:
    """Return the URL name of a path without its query, or "" if it is nobody's."""
    try:
        return resolve(path).url_name or ""
    except Resolver404:
        return ""
