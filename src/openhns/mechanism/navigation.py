"""The links on top of each page: those that the person's roles in this mechanism open.

A room registers its entries when it is loaded; this room knows none of the rooms above it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from openhns.mechanism.models import Mechanism, Role
from openhns.mechanism.visits import roles_here


class Of(StrEnum):
    """Whose page an entry opens: the mechanism's, one organisation's or one party's."""

    MECHANISM = "mechanism"
    ORGANISATION = "organisation"
    PARTY = "party"


@dataclass(frozen=True, slots=True)
class Entry:
    """One link: the name of its URL, its text, who sees it, and its place in the row."""

    url_name: str
    text: str | Promise
    roles: frozenset[Role.Name]
    order: int
    of: Of = Of.MECHANISM


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one person sees it."""

    url: str
    text: str
    current: bool


_ENTRIES: Final[dict[str, Entry]] = {}


def register(*entries: Entry) -> None:
    _ENTRIES.update({entry.url_name: entry for entry in entries})


def links_of(mechanism: Mechanism, roles: list[Role], path: str = "") -> list[Link]:
    """Return the links that these roles open in a mechanism, in their order."""
    own = [role for role in roles if role.mechanism_id == mechanism.id]
    found: dict[str, Link] = {}
    for entry in sorted(_ENTRIES.values(), key=lambda entry: entry.order):
        for url, suffix in _urls(entry, mechanism, own):
            found.setdefault(url, Link(url, f"{entry.text}{suffix}", path.startswith(url)))
    return list(found.values())


def _urls(entry: Entry, mechanism: Mechanism, roles: list[Role]) -> Iterator[tuple[str, str]]:
    """Yield the entry's addresses, each with what tells it from the others of its name."""
    matching = [role for role in roles if role.name in entry.roles]
    keys = dict.fromkeys(_key(entry.of, role) for role in matching)
    for number, key in enumerate(keys, start=1):
        named = {entry.of.value: key} if key else {}
        suffix = f" {number}" if len(keys) > 1 else ""
        yield _address(entry.url_name, mechanism=mechanism.slug, **named), suffix


@lru_cache(maxsize=4_096)  # Each page shows some ten of them, the same ones each time.
def _address(url_name: str, **named: str) -> str:
    return reverse(url_name, kwargs=named)


def _key(of: Of, role: Role) -> str:
    if of == Of.ORGANISATION:
        return str(role.organisation_id)
    return str(role.party_id) if of == Of.PARTY else ""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give every template the mechanism of the address and the links of its top line."""
    match = request.resolver_match
    slug = match.kwargs.get("mechanism") if match else None
    roles = roles_here(request) if hasattr(request, "user") else []
    here = next((role.mechanism for role in roles if role.mechanism.slug == slug), None)
    return {
        "here_mechanism": here,
        "links": links_of(here, roles, request.path) if here else [],
        "demonstration": settings.OPENHNS_DEMONSTRATION,
    }
