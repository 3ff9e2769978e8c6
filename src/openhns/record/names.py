"""The one enumeration of events: each room registers its own, and nothing else is written.

An event's name is `subject:action`. The same names stand in the log, the API and the docs.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from openhns.record.errors import UnknownEvent


class EventName(StrEnum):
    """Base of each room's enumeration; the docstring of a member is its `description`."""

    description: str

    def __new__(cls, value: str, description: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member


class LogEvent(EventName):
    """What the record itself writes."""

    STARTED = "log:started", "A log begins: its origin and verifier key."
    TICKED = "log:ticked", "A tick: the salted chain head of each party, and the log before it."


_known: dict[str, EventName] = {name.value: name for name in LogEvent}


def register(names: type[EventName]) -> None:
    """Make a room's event names known; called when the room's application is ready."""
    _known.update({name.value: name for name in names})


def known_events() -> Mapping[str, EventName]:
    return dict(sorted(_known.items()))


def require_known(name: str) -> None:
    if name not in _known:
        raise UnknownEvent(f"No room has registered an event named {name!r}.")
