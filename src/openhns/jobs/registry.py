"""Which function does which due work; rooms register theirs when they are ready."""

from collections.abc import Callable
from uuid import UUID

from django.utils.module_loading import import_string

Handler = Callable[[UUID], None]
_handlers: dict[str, Handler | str] = {}
_slow: set[str] = set()


class UnknownHandler(Exception):
    """Due work names a handler that no room has registered."""

    code = "handler_unknown"


def register(name: str, handler: Handler | str, *, slow: bool = False) -> None:
    """Name the function that does this work; it is called with the subject's id.

    A dotted path is imported when there is work, so that no command loads what it will not use.
    A handler may be called twice for one piece of work (its process was killed after the work
    and before the mark), so it must find its own work done and do nothing. Slow work may take
    minutes: a server does it beside the rest, which must not wait for it.
    """
    _handlers[name] = handler
    if slow:
        _slow.add(name)


def names(*, slow: bool) -> list[str]:
    """Return the names of slow work, or of all other."""
    return [name for name in _handlers if (name in _slow) == slow]


def require_known(name: str) -> None:
    if name not in _handlers:
        raise UnknownHandler(f"No room does work named {name!r}.")


def handler_named(name: str) -> Handler:
    require_known(name)
    handler = _handlers[name]
    return import_string(handler) if isinstance(handler, str) else handler
