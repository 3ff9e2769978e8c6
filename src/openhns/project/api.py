"""The HTTP API under /api/v1/: each room's operations, one way to refuse, one description."""

from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from openhns.incidents.api import router as incidents
from openhns.mechanism.api import router as mechanism
from openhns.mechanism.calls import PROBLEM_TYPE, TokenAuth, problem
from openhns.notices.api import router as notices
from openhns.registry.api import router as registry

_BAD_REQUEST, _NOT_FOUND, _CONFLICT, _NOT_UNDERSTOOD = 400, 404, 409, 422
_MISSING = "There is nothing here by that identifier, or nothing that this token may see or do."
_NEEDS_KEY = {"submit", "amend", "remove", "report", "certify"}
log = structlog.get_logger(__name__)


class Api(NinjaAPI):
    """An API whose description says of each refusal what it truly is: a problem (RFC 9457)."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        schema = super().get_openapi_schema(**kwargs)
        for path in schema["paths"].values():
            for operation in path.values():
                _describe_problems(operation["responses"])
                _describe_key(operation)
        return schema


def _describe_problems(responses: dict[Any, Any]) -> None:
    for status, response in responses.items():
        if int(status) >= _BAD_REQUEST and "content" in response:
            response["content"] = {PROBLEM_TYPE: response["content"].pop("application/json")}


def _describe_key(operation: dict[str, Any]) -> None:
    """Describe the header that whatever makes something new asks for."""
    if operation["operationId"].rpartition("_")[2] not in _NEEDS_KEY:
        return
    operation.setdefault("parameters", []).append(
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": True,
            "description": "The same one when the same request is sent again.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
        }
    )


api = Api(
    title="OpenHNS",
    version="1",
    description="Operations of the notification system, for programs. A token stands for one role.",
    auth=TokenAuth(),
    docs_url=None,
    urls_namespace="api",
)
for router in (mechanism, registry, notices, incidents):
    api.add_router("", router)


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    del request, error
    answer = problem(401, "not_signed_in", "Give the header Authorization: Bearer TOKEN.")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say which member is wrong and why; what was given is not repeated."""
    del request
    found = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors)
    return problem(_NOT_UNDERSTOOD, "not_understood", "; ".join(found)[:2_000])


@api.exception_handler(HttpError)
def not_read(request: HttpRequest, error: HttpError) -> HttpResponse:
    del request
    return problem(error.status_code, "not_read", "The request cannot be read as JSON in UTF-8.")


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    del request, error
    return problem(_NOT_FOUND, "not_found", _MISSING)


@api.exception_handler(Exception)
def refused(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer with the refusal's own code; what has none is a fault of ours."""
    del request
    code = getattr(error, "code", None)
    if not isinstance(code, str):
        raise error
    if getattr(error, "hidden", False):
        return problem(_NOT_FOUND, "not_found", _MISSING)
    return problem(_CONFLICT, code, str(error))
