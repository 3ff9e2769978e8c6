"""A link or token that is shown once: kept in the sealed session until its page is drawn."""

from typing import Any

from django.http import HttpRequest


def keep(request: HttpRequest, name: str, value: Any) -> None:
    request.session[f"shown-once-{name}"] = value


def take(request: HttpRequest, name: str) -> Any:
    """Return what was kept, for the last time; None where nothing was."""
    return request.session.pop(f"shown-once-{name}", None)
