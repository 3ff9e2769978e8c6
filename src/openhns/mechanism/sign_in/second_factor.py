"""Who must have a second factor, and the gate that lets nobody pass without it."""

from collections.abc import Callable
from typing import Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from openhns.mechanism.models import Person, Role
from openhns.mechanism.people import OPERATOR_ROLES
from openhns.mechanism.visits import roles_here

FORCED: Final = OPERATOR_ROLES | {Role.Name.LIAISON, Role.Name.AUDITOR}
_OPEN: Final = ("/account/", "/static/", "/language/")
_SEEN: Final = "second_factor_seen"

Answer = Callable[[HttpRequest], HttpResponse]


def needs_second_factor(person: Person) -> bool:
    """Whether one of the person's roles asks for a second factor."""
    return Role.objects.filter(person=person, name__in=FORCED, ended_at=None).exists()


def has_second_factor(person: Person) -> bool:
    real = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(real.filter(user=person).exists())


def second_factor_gate(answer: Answer) -> Answer:
    """Send whoever lacks the second factor that a role asks for to where it is set up."""

    def gated(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_OPEN) and _must_set_up(request):
            return HttpResponseRedirect(reverse("mfa_index"))
        return answer(request)

    return gated


def _must_set_up(request: HttpRequest) -> bool:
    person = request.user
    if not isinstance(person, Person) or request.session.get(_SEEN):
        return False
    if not any(role.name in FORCED for role in roles_here(request)):
        return False
    if has_second_factor(person) or _demonstrated(request):
        request.session[_SEEN] = True
        return False
    return True


def _demonstrated(request: HttpRequest) -> bool:
    """Whether the demonstration's own door, which exists nowhere else, was used."""
    return bool(settings.OPENHNS_DEMONSTRATION and request.session.get("demonstration"))
