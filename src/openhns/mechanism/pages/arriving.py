"""From the door to one's own pages: invitation, home, language."""

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from openhns.mechanism.actions import do_accept_invitation
from openhns.mechanism.actions.invitations import find_invitation
from openhns.mechanism.errors import InvitationUnusable
from openhns.mechanism.models import Mechanism, Person
from openhns.mechanism.navigation import Link, links_of
from openhns.mechanism.visits import roles_here
from openhns.ui.refusals import refusals_in, words_of

BACKEND = "openhns.mechanism.sign_in.backend.SealedBackend"


class PasswordForm(forms.Form):
    """The password of a new account, typed twice."""

    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters; several words are easier to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    again = forms.CharField(
        label=_("The same password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def clean(self) -> None:
        given = [self.cleaned_data.get(name) for name in ("password", "again")]
        if all(given) and given[0] != given[1]:
            self.add_error("again", _("The two passwords differ."))


@sensitive_post_parameters("password", "again")
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let an invited person choose a password. Opening the link alone does nothing."""
    try:
        invitation = find_invitation(token)
    except InvitationUnusable as error:
        words = {"heading": _("Invitation"), "words": words_of(error)}
        return render(request, "refused.html", words, status=410)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = _accepted(form, token)
        if person is not None:
            login(request, person, backend=BACKEND)
            record_authentication(request, person, method="password")
            return redirect("home")
    named = {"form": form, "name": invitation.person.shown_name}
    return render(request, "mechanism/invitation.html", named)


def _accepted(form: PasswordForm, token: str) -> Person | None:
    try:
        with refusals_in(form):
            return do_accept_invitation(token, form.cleaned_data["password"])
    except ValidationError as weak:
        form.add_error("password", weak)
    return None


def home(request: HttpRequest) -> HttpResponse:
    """Lead a signed-in person to the first of their pages, or list them where there are several."""
    if not isinstance(request.user, Person):
        raise Http404
    places = _places(request)
    if len(places) == 1 and places[0][1]:
        return HttpResponseRedirect(places[0][1][0].url)
    return render(request, "mechanism/home.html", {"places": places})


def _places(request: HttpRequest) -> list[tuple[Mechanism, list[Link]]]:
    roles = roles_here(request)
    mechanisms = {role.mechanism_id: role.mechanism for role in roles}
    return [(each, links_of(each, roles)) for each in mechanisms.values()]
