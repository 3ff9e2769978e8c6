"""Which function does which due work; rooms register theirs when they are ready."""

from collections.abc import Callable
from uuid import UUID

Handler = Callable[[UUID], None]
_handlers: dict[str, Handler] = {}


class UnknownHandler(Exception):
    """Due work names a handler that no room has registered."""

    code = "handler_unknown"


def register(name: str, handler: Handler) -> None:
    """Name the function that does this work; it is called with the subject's id.

    A handler may be called twice for one piece of work (its process was killed after the work
    and before the mark), so it must find its own work done and do nothing.
    """
    _handlers[name] = handler


def handler_named(name: str) -> Handler:
    try:
        return _handlers[name]
    except KeyError:
        raise UnknownHandler(f"No room does work named {name!r}.") from None
