"""An organisation applies, without an account: the one answer tells nothing of who is known."""

from typing import Any, cast

from allauth.core import ratelimit
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from openhns.mechanism.actions import do_receive_application
from openhns.mechanism.models import Application, Mechanism
from openhns.mechanism.once import once
from openhns.mechanism.pages.forms import OnceForm, line, prose
from openhns.mechanism.visits import open_page
from openhns.ui.refusals import refusals_in


class ApplicationForm(OnceForm):
    """Who applies, whom to reach, and what the organisation does."""

    name = line(
        _("Name of the organisation"),
        300,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "organization"}),
    )
    person = line(
        _("Whom we reach there"),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"dir": "ltr"}), max_length=200
    )
    phone = line(
        _("Telephone"),
        60,
        help_text=_("With the code of the country. We call back on it."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "tel"}),
    )
    about = prose(
        _("What the organisation does, and where"),
        4_000,
        help_text=_("A few sentences. Give no address or position of a site here."),
    )


@open_page
def apply(request: HttpRequest, mechanism: Mechanism) -> HttpResponse:
    """Take an application; everybody is answered alike."""
    form = ApplicationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="apply"):
            return cast("HttpResponse", ratelimit.respond_429(request))
        if _received(form, mechanism):
            return redirect("mechanism-applied", mechanism.slug)
    named: dict[str, Any] = {"form": form, "mechanism": mechanism}
    return render(request, "mechanism/apply.html", named)


def _received(form: ApplicationForm, mechanism: Mechanism) -> bool:
    given = dict(form.cleaned_data)
    key = given.pop("key")
    with refusals_in(form):
        once(key, None, Application, lambda: do_receive_application(given, mechanism=mechanism))
    return form.is_valid()


@open_page
def applied(request: HttpRequest, mechanism: Mechanism) -> HttpResponse:
    """Say what comes next."""
    return render(request, "mechanism/applied.html", {"mechanism": mechanism})
