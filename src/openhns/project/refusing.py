"""What is answered when nothing is answered: one and the same page, whatever was asked for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for what is absent and for what is forbidden: the very same page.

    It shows no mechanism's links, for an address that names a real mechanism would then look
    otherwise than one that names none.
    """
    del exception
    same: dict[str, Any] = {"here_mechanism": None, "links": [], "without_sign_in": True}
    return render(request, "404.html", same, status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """Answer for our own fault, without the help of anything that may be at fault."""
    del request
    return HttpResponse(get_template("500.html").render(), status=500)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what this account cannot do at all, such as showing again a password it has not."""
    del exception
    words = _("This cannot be done with this account.")
    return render(request, "refused.html", {"heading": words, "words": ""}, status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that does not come from a page of this session."""
    del reason
    words = _("This page was open for too long, or in another session. Go back, load it again.")
    named = {"heading": _("Please send it once more"), "words": words}
    return render(request, "refused.html", named, status=403)
