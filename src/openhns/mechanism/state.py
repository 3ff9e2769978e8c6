"""What is costly to compute is kept while nothing changes: every change writes an event.

In a large register a page does not wait for it: what was kept before is shown with its time, or
the page says that it is being counted, while a thread of this process computes it anew.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any, ClassVar, Final, Generic, TypeVar
from uuid import UUID
from weakref import WeakSet

import structlog
from django.db import connection
from django.utils import timezone

from openhns.mechanism.counting import count_soon
from openhns.mechanism.events import MechanismEvent
from openhns.record.fixed_sql import values_by_sql

Kind = TypeVar("Kind")
log = structlog.get_logger(__name__)
_LASTS: Final = timedelta(minutes=10)  # Some figures move with the clock alone.
_WAIT_S: Final = 30.0  # What just failed would fail again, and is costly.
_READING: Final = str(MechanismEvent.EXACT_PLACES_READ)
_SINCE_NEVER: Final = 2**62  # No log grows so long: only what waits is counted.
# Two counts, each by its own index: a condition with "or" would walk through the whole log.
_COUNTS: Final = """
    SELECT size,
           (SELECT COUNT(*) FROM record_event
            WHERE log_id = record_log.id AND leaf_index IS NULL AND name <> %s)
         + (SELECT COUNT(*) FROM record_event
            WHERE log_id = record_log.id AND leaf_index >= %s AND name <> %s)
    FROM record_log WHERE id = %s
"""


@dataclass(frozen=True, slots=True)
class State:
    """The log's size at a moment, and how many changes stood beyond it, waiting for a tick."""

    size: int
    beyond: int


def state_of(mechanism_id: UUID) -> State:
    """Return the state of a mechanism now. Readings of exact places change nothing."""
    return State(*_counted(mechanism_id, _SINCE_NEVER))


def is_unchanged(mechanism_id: UUID, state: State) -> bool:
    """Whether no change was committed since: none beyond that size but those that stood there.

    The newest number of an event would not tell, for commits arrive out of order.
    """
    return _counted(mechanism_id, state.size)[1] == state.beyond


def _counted(mechanism_id: UUID, size: int) -> tuple[int, int]:
    """Return the log's size and how many changes wait or stand beyond a size, as of one moment."""
    found = values_by_sql(_COUNTS, _READING, size, _READING, mechanism_id)
    return int(found[0]), int(found[1])


@dataclass(frozen=True, slots=True)
class Kept(Generic[Kind]):
    """A value as it was at `made_at`; None while it is counted for the first time.

    `fresh` says that nothing has changed since.
    """

    value: Kind | None
    fresh: bool
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Made(Generic[Kind]):
    value: Kind
    state: State
    at: datetime


class Remembered(Generic[Kind]):
    """The newest value of a few subjects of a mechanism, each for the state it was made in."""

    _all: ClassVar["WeakSet[Remembered[Any]]"] = WeakSet()

    def __init__(self, most: int = 8) -> None:
        Remembered._all.add(self)
        self._most = most
        self._kept: OrderedDict[UUID, _Made[Kind]] = OrderedDict()
        self._counting: set[UUID] = set()
        self._not_before: dict[UUID, float] = {}
        self._lock = Lock()

    @classmethod
    def forget_all(cls) -> None:
        """Let everything go, where a database was put back to what it was before."""
        for each in cls._all:
            each.forget()

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()
            self._not_before.clear()

    def get(self, subject: UUID, mechanism_id: UUID, make: Callable[[], Kind]) -> Kind:
        """Return what is kept of a subject, made anew if anything changed since."""
        if connection.in_atomic_block:  # What is not committed yet may never be.
            return make()
        found = self._found(subject)
        if found is not None and self._stands(found, mechanism_id):
            return found.value
        return self._make(subject, mechanism_id, make).value

    def soon(
        self, subject: UUID, mechanism_id: UUID, make: Callable[[], Kind], *, large: bool
    ) -> Kept[Kind]:
        """Return what is kept, at once; where it is `large` and out of date, make it meanwhile."""
        if not large:
            return Kept(self.get(subject, mechanism_id, make), fresh=True, made_at=timezone.now())
        found = self._found(subject)
        if found is not None and self._stands(found, mechanism_id):
            return Kept(found.value, fresh=True, made_at=found.at)
        self._begin(subject, mechanism_id, make)
        if found is None:
            return Kept(None, fresh=False, made_at=None)
        return Kept(found.value, fresh=False, made_at=found.at)

    def _stands(self, made: _Made[Kind], mechanism_id: UUID) -> bool:
        young = timezone.now() - made.at < _LASTS
        return young and is_unchanged(mechanism_id, made.state)

    def _found(self, subject: UUID) -> _Made[Kind] | None:
        with self._lock:
            return self._kept.get(subject)

    def _make(self, subject: UUID, mechanism_id: UUID, make: Callable[[], Kind]) -> _Made[Kind]:
        state, at = state_of(mechanism_id), timezone.now()
        made = _Made(make(), state, at)
        with self._lock:
            self._kept[subject] = made
            self._kept.move_to_end(subject)
            self._not_before.pop(subject, None)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def _begin(self, subject: UUID, mechanism_id: UUID, make: Callable[[], Kind]) -> None:
        """Let the value be made, unless that is under way or failed just now."""
        with self._lock:
            if subject in self._counting or monotonic() < self._not_before.get(subject, 0.0):
                return
            self._counting.add(subject)

        def work() -> None:
            try:
                self._make(subject, mechanism_id, make)
            except Exception as error:  # noqa: BLE001 - a page that asks later begins anew.
                self._failed(subject, error)
            finally:
                with self._lock:
                    self._counting.discard(subject)

        try:
            count_soon(work)
        except RuntimeError as error:
            self._failed(subject, error)
            with self._lock:
                self._counting.discard(subject)

    def _failed(self, subject: UUID, error: Exception) -> None:
        code = getattr(error, "code", type(error).__name__)
        log.warning("counting_failed", subject=str(subject), code=str(code))
        with self._lock:
            self._not_before[subject] = monotonic() + _WAIT_S


class RememberedFor(Remembered[Kind]):
    """Keeps a value for a while, whatever changes: what it tells must not follow one change."""

    def __init__(self, lasts: timedelta, most: int = 8) -> None:
        super().__init__(most)
        self._lasts = lasts

    def _stands(self, made: _Made[Kind], mechanism_id: UUID) -> bool:
        del mechanism_id
        return timezone.now() - made.at < self._lasts
