"""What the liaison's pages ask of the server by themselves: JSON by POST, answered in JSON."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext as _

from openhns.mechanism.visits import Visit
from openhns.parties.models import Party
from openhns.parties.pages.liaison import party_of
from openhns.ui.refusals import Refusal, words_of

Json = dict[str, Any]
Call = Callable[[Visit, Party, Json], Json]
_REFUSED: Final = 422


class BodyMalformed(Exception):
    """The body is no JSON object with the members that the call needs."""

    code = "body_malformed"

    @property
    def screen(self) -> str:
        return _("The page sent something that cannot be read. Load it again.")


def json_call(view: Call) -> Callable[[Visit, UUID], HttpResponse]:
    """Hand a liaison's party and the body's JSON object to a view, and its answer back as JSON."""

    @wraps(view)
    def called(visit: Visit, party: UUID) -> HttpResponse:
        found = party_of(visit, party)
        if visit.request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            return JsonResponse(view(visit, found, _body(visit)))
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
