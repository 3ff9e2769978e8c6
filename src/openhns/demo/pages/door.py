"""The door of the demonstration: act as anybody in it. It exists in its own folder alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from openhns.demo.people import SignIn, sign_ins
from openhns.demo.story import TourStep, read_story, read_tour
from openhns.demo.telling import told
from openhns.mechanism.models import Person, Role
from openhns.mechanism.pages.arriving import BACKEND
from openhns.mechanism.words import ROLES

_LANGUAGES: Final = ("en", "ar")
_FIRST: Final = "public"


def in_the_demonstration(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer as for an address that does not exist, unless this is the demonstration."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if not settings.OPENHNS_DEMONSTRATION:
            raise Http404
        return view(request, *args, **named)

    return guarded


@in_the_demonstration
def tour(request: HttpRequest) -> HttpResponse:
    """Show the ten steps, and everybody whom a visitor can act as."""
    people = {each.key: each for each in sign_ins()}
    steps = [_shown(number, step, people) for number, step in enumerate(read_tour(), start=1)]
    named = {"steps": steps, "people": [(each, _role(each)) for each in people.values()]}
    return render(request, "demo/tour.html", named)


def _shown(number: int, step: TourStep, people: dict[str, SignIn]) -> dict[str, Any]:
    language = get_language() or _LANGUAGES[0]
    text = step.text[language if language in step.text else _LANGUAGES[0]]
    return {"number": number, "step": step, "person": people.get(step.who), **text}


def _role(sign_in: SignIn) -> str:
    return str(ROLES[Role.Name(sign_in.role)]) if sign_in.role else ""


@require_POST
@in_the_demonstration
def act(request: HttpRequest) -> HttpResponse:
    """Act as one of the people, and go where the step of the tour leads."""
    key = request.POST.get("as", "")
    found = next((each for each in sign_ins() if each.key == key), None)
    person = Person.objects.filter(handle=found.handle, local=False).first() if found else None
    if person is None:
        raise Http404
    login(request, person, backend=BACKEND)
    record_authentication(request, person, method="demonstration")
    request.session["demonstration"] = True
    return redirect(_address(request.POST.get("open", "home"), person))


def _address(name: str, person: Person) -> str:
    """Return the address of a tour's page for one person, or their home if it is another's."""
    if name not in {step.open for step in read_tour()}:
        return reverse("home")
    for arguments in (*_arguments(person), {}):
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    return reverse("home")


def _arguments(person: Person) -> list[dict[str, str]]:
    """Return what an address may need: the mechanism, and the organisation or party of a role."""
    role: Role | None = next(iter(person.open_roles), None)
    if role is None:
        return []
    here = {"mechanism": role.mechanism.slug}
    return [
        {**here, "organisation": str(role.organisation_id)},
        {**here, "party": str(role.party_id)},
        here,
    ]


@in_the_demonstration
def record(request: HttpRequest) -> HttpResponse:
    """Show what is replayed, each fact with its source or the word illustrative."""
    story = read_story()
    named = {
        "story": story,
        "steps": [told(step, story) for step in story.steps],
    }
    return render(request, "demo/record.html", named)


@in_the_demonstration
def attacks(request: HttpRequest) -> HttpResponse:
    """Show what each source says of each attack, with its standard of proof."""
    story = read_story()
    strikes = [(each, story.facilities[each.facility]) for each in story.strikes.values()]
    return render(request, "demo/attacks.html", {"story": story, "strikes": strikes})
