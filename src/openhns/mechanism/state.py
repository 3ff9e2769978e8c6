"""What is costly to compute is kept while nothing changes: every change writes an event."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from openhns.mechanism.events import MechanismEvent
from openhns.record.models import Log

State = tuple[int, int]
Value = TypeVar("Value")

_CHANGES: Final = Q(events__leaf_index=None) & ~Q(
    events__name=str(MechanismEvent.EXACT_PLACES_READ)
)


def state_of(mechanism_id: UUID) -> State:
    """Return what differs whenever a change was committed: ticks, and changes since the last one.

    The newest number of an event would not do, for commits arrive out of order. Readings of
    exact places change nothing.
    """
    counted = Log.objects.filter(id=mechanism_id).annotate(since=Count("events", filter=_CHANGES))
    return counted.values_list("ticks", "since").get()


class Remembered(Generic[Value]):
    """The newest value of a few subjects of a mechanism, each for the state it was made in."""

    def __init__(self, most: int = 8) -> None:
        self._most = most
        self._kept: OrderedDict[UUID, tuple[State, Value]] = OrderedDict()
        self._lock = Lock()

    def get(self, subject: UUID, mechanism_id: UUID, make: Callable[[], Value]) -> Value:
        """Return what is kept of a subject, made anew if anything changed since."""
        if connection.in_atomic_block:  # What is not committed yet may never be.
            return make()
        state = state_of(mechanism_id)
        with self._lock:
            found = self._kept.get(subject)
        if found is not None and found[0] == state:
            return found[1]
        value = make()
        with self._lock:
            self._kept[subject] = (state, value)
            self._kept.move_to_end(subject)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return value
