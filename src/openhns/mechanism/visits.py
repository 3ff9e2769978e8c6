"""The doors of the screens: who visits which mechanism, and which of its pages open for them.

A page is a function under `page(...)`. What is absent and what is forbidden give one and the
same answer, in content and in kind: `Http404` without a word of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper, wraps
from typing import Any, Concatenate, Final, ParamSpec
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from openhns.mechanism.models import Mechanism, Organisation, Person, Role
from openhns.mechanism.people import OPERATOR_ROLES, ORGANISATION_ROLES
from openhns.record.fixed_sql import row_by_sql

__all__ = [
    "EVERYBODY",
    "MEMBERS",
    "OPERATOR",
    "PAGES",
    "Page",
    "Visit",
    "only_sent",
    "open_page",
    "page",
    "roles_here",
]

OPERATOR: Final = frozenset(OPERATOR_ROLES)
MEMBERS: Final = frozenset(ORGANISATION_ROLES)
EVERYBODY: Final = frozenset(Role.Name)
_OF_SLUG: Final = "SELECT * FROM mechanism_mechanism WHERE slug = %s"

Arguments = ParamSpec("Arguments")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a signed-in person to a mechanism in which they hold a role."""

    request: HttpRequest
    person: Person
    mechanism: Mechanism
    roles: tuple[Role, ...]

    def holds(self, *names: Role.Name) -> bool:
        return any(role.name in names for role in self.roles)

    @property
    def party_ids(self) -> set[UUID]:
        """The parties for which the person is liaison."""
        return {role.party_id for role in self.roles if role.party_id is not None}

    @property
    def organisations(self) -> list[Organisation]:
        """The organisations in which the person holds a role."""
        found = {role.organisation_id: role.organisation for role in self.roles}
        return [each for each in found.values() if each is not None]

    def organisation(self, identifier: UUID, *names: Role.Name) -> Organisation:
        """Return an organisation of the person's own, with one of these roles; raise Http404."""
        for role in self.roles:
            held = role.name in (names or MEMBERS)
            if held and role.organisation is not None and role.organisation_id == identifier:
                return role.organisation
        raise Http404

    def liaison(self, party_id: UUID) -> UUID:
        """Return the party's identifier if the person is its liaison; raise Http404."""
        if party_id not in self.party_ids:
            raise Http404
        return party_id


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the access table lists it: who may open it, or that everybody may."""

    name: str
    roles: frozenset[Role.Name]
    open: bool = False


# Every page of a mechanism by its view's name; the test of the access table reads it.
PAGES: dict[str, Page] = {}


def page(
    *roles: Role.Name,
) -> Callable[
    [Callable[Concatenate[Visit, Arguments], HttpResponseBase]], Callable[..., HttpResponseBase]
]:
    """Open a view to people who hold one of these roles in the mechanism of the address."""
    allowed = frozenset(roles)

    def decorate(
        view: Callable[Concatenate[Visit, Arguments], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        name = f"{view.__module__}.{view.__name__}"
        PAGES[name] = Page(name, allowed)

        @wraps(view)
        def visited(
            request: HttpRequest, mechanism: str, *args: Any, **named: Any
        ) -> HttpResponseBase:
            visit = _visit(request, mechanism, allowed)
            try:
                return view(visit, *args, **named)
            except Exception as error:
                if getattr(error, "hidden", False):
                    raise Http404 from None
                raise

        return visited

    return decorate


def only_sent(
    view: Callable[Concatenate[Visit, Arguments], HttpResponseBase],
) -> Callable[Concatenate[Visit, Arguments], HttpResponseBase]:
    """Answer 405 to whatever is no POST; written below `page`, which comes first."""

    def sent(visit: Visit, /, *args: Arguments.args, **named: Arguments.kwargs) -> HttpResponseBase:
        if visit.request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return view(visit, *args, **named)

    return update_wrapper(sent, view)


def open_page(
    view: Callable[Concatenate[HttpRequest, Mechanism, Arguments], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Open a view of a mechanism to everybody, signed in or not."""
    name = f"{view.__module__}.{view.__name__}"
    PAGES[name] = Page(name, EVERYBODY, open=True)

    @wraps(view)
    def opened(request: HttpRequest, mechanism: str, *args: Any, **named: Any) -> HttpResponseBase:
        found = row_by_sql(Mechanism, _OF_SLUG, mechanism)
        if found is None:
            raise Http404
        return view(request, found, *args, **named)

    return opened


def _visit(request: HttpRequest, slug: str, allowed: frozenset[Role.Name]) -> Visit:
    person = request.user
    held = tuple(role for role in roles_here(request) if role.mechanism.slug == slug)
    if not isinstance(person, Person) or not any(role.name in allowed for role in held):
        raise Http404
    return Visit(request, person, held[0].mechanism, held)


def roles_here(request: HttpRequest) -> list[Role]:
    """Return the roles that the signed-in person holds now, in all mechanisms."""
    person = request.user
    return person.open_roles if isinstance(person, Person) and person.is_active else []
