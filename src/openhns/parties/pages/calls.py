"""What the liaison's pages ask of the server by themselves: JSON by POST, answered in JSON."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext as _

from openhns.mechanism.visits import Visit
from openhns.ui.refusals import Refusal, words_of

Arguments = ParamSpec("Arguments")
Json = dict[str, Any]
Call = Callable[Concatenate[Visit, Json, Arguments], Json]
_REFUSED: Final = 422


class BodyMalformed(Exception):
    """The body is no JSON object with the members that the call needs."""

    code = "body_malformed"

    @property
    def screen(self) -> str:
        return _("The page sent something that cannot be read. Load it again.")


def json_call(view: Call[Arguments]) -> Callable[Concatenate[Visit, Arguments], HttpResponse]:
    """Hand the body's JSON object to a view, and its answer or refusal back as JSON."""

    @wraps(view)
    def called(visit: Visit, *args: Arguments.args, **named: Arguments.kwargs) -> HttpResponse:
        if visit.request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            return JsonResponse(view(visit, _body(visit), *args, **named))
        except Exception as error:
            if not isinstance(error, Refusal) or getattr(error, "hidden", False):
                raise
            refusal = {"code": str(error.code), "words": words_of(error)}
            return JsonResponse({"error": refusal}, status=_REFUSED)

    return called


def _body(visit: Visit) -> Json:
    try:
        body = json.loads(visit.request.body)
    except (ValueError, RecursionError):
        raise BodyMalformed from None
    if not isinstance(body, dict):
        raise BodyMalformed
    return body


def text_in(body: Json, member: str) -> str:
    """Return a text of the body; raise BodyMalformed."""
    value = body.get(member)
    if not isinstance(value, str):
        raise BodyMalformed
    return value
