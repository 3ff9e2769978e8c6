"""Reading the access journal: who read how many exact places, what for; never which ones."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from typing import Any, Final
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from openhns.mechanism.actions.journal import digest_body, readings_of
from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.models import ExactRead, Mechanism, Role
from openhns.mechanism.words import ROLES, label, purpose_words
from openhns.proofs.canonical import parse
from openhns.record.models import Event


class _Day(TruncDate):
    """The day of a moment in UTC."""

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Any]:
        """SQLite keeps a moment in UTC as text; Django would ask Python for the day of each row."""
        del connection, extra
        sql, given = compiler.compile(self.lhs)
        return f"substr({sql}, 1, 10)", given


@dataclass(frozen=True, slots=True)
class Readings:
    """What one person read on a day for one purpose."""

    handle: str
    roles: Sequence[str]
    purpose: str
    times: int
    places: int


@dataclass(frozen=True, slots=True)
class Digest:
    """The event by which a day's journal was closed, and whether the journal still fits it."""

    reads: int
    places: int
    sha256: str
    leaf_index: int | None
    fits: bool


def days_of(mechanism: Mechanism) -> "QuerySet[Any, Any]":
    """Return the days (UTC) on which exact places were read, with counts, the newest first."""
    own = ExactRead.objects.filter(mechanism=mechanism)
    by_day = own.annotate(day=_Day("read_at", tzinfo=UTC)).values("day")
    counted = by_day.annotate(
        times=Count("id"), places=Sum("listings"), people=Count("person", distinct=True)
    )
    return counted.order_by("-day")


def digested_days(mechanism: Mechanism, days: Sequence[date]) -> set[date]:
    """Return those of the days whose journal is closed by an event."""
    return {day for day, _ in _digests(mechanism, days)}


def _digests(mechanism: Mechanism, days: Sequence[date]) -> list[tuple[date, Event]]:
    """Return the digests of these days; they are written on a later one, in no other order."""
    if not days:
        return []
    last = datetime.combine(min(max(days), timezone.now().date()), time(), UTC)
    events = Event.objects.filter(
        subject_id=mechanism.id,
        name=MechanismEvent.JOURNAL_DIGESTED,
        happened_at__gte=datetime.combine(min(days), time(), UTC),
        happened_at__lt=last + timedelta(days=400),
    ).order_by("seq")
    found = [(date.fromisoformat(parse(each.canonical)["body"]["day"]), each) for each in events]
    return [(day, event) for day, event in found if day in days]


def readings_on(mechanism: Mechanism, day: date) -> list[Readings]:
    """Return who read on a day (UTC), and what for."""
    tally = _tally_of(mechanism, day)
    roles = _roles(mechanism, {handle for handle, _ in tally.times})
    return [
        Readings(
            handle,
            roles.get(handle, []),
            purpose_words(purpose),
            tally.times[handle, purpose],
            tally.places[handle, purpose],
        )
        for handle, purpose in sorted(tally.times)
    ]


@dataclass(frozen=True, slots=True)
class _Tally:
    """What a day's journal held up to its newest reading, by person and purpose."""

    rows: int = 0
    newest: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    times: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: Counter[tuple[str, str]] = field(default_factory=Counter)

    def and_these(self, rows: Sequence[tuple[Any, ...]]) -> "_Tally":
        """Return the sum with further rows of the journal, which are opened for it."""
        times, places, newest = self.times.copy(), self.places.copy(), self.newest
        for handle, listings, read_at, *sealed in rows:
            key = (handle, str(ExactRead.open_content(*sealed)["purpose"]))
            times[key] += 1
            places[key] += listings
            newest = max(newest, read_at)
        return _Tally(self.rows + len(rows), newest, times, places)


_MOST_DAYS: Final = 8
_LOCK: Final = Lock()
_DAYS: Final[dict[tuple[UUID, date], _Tally]] = {}


def _tally_of(mechanism: Mechanism, day: date) -> _Tally:
    """Count a day's journal; of what was counted before, only what came since is opened.

    `Remembered` would not do: a reading is no change of the mechanism, and does not end its values.
    Readings are added and never changed: a row that somebody changes behind the log's back is for
    the audit to name, and moves nothing here. One that is committed late stands before the newest,
    and the sum is then smaller than the journal: all is counted anew.
    """
    journal = readings_of(mechanism, day)
    columns = ("person__handle", "listings", "read_at", "scope", "id", "sealed")
    before = _DAYS.get((mechanism.id, day), _Tally())
    since = list(journal.filter(read_at__gt=before.newest).values_list(*columns))
    tally = before.and_these(since)
    if tally.rows != journal.count():
        tally = _Tally().and_these(list(journal.values_list(*columns)))
    _keep((mechanism.id, day), tally)
    return tally


def _keep(key: tuple[UUID, date], tally: _Tally) -> None:
    with _LOCK:
        _DAYS.pop(key, None)
        _DAYS[key] = tally
        while len(_DAYS) > _MOST_DAYS:
            _DAYS.pop(next(iter(_DAYS)))


def forget_days() -> None:
    """Let what was counted go, where a database was put back to what it was before."""
    with _LOCK:
        _DAYS.clear()


def _roles(mechanism: Mechanism, handles: set[str]) -> dict[str, list[str]]:
    held = Role.objects.filter(mechanism=mechanism, person__handle__in=handles, ended_at=None)
    found: dict[str, list[str]] = {}
    for handle, name in held.values_list("person__handle", "name").distinct().order_by("name"):
        found.setdefault(handle, []).append(label(ROLES, name))
    return found


def digest_of(mechanism: Mechanism, day: date) -> Digest | None:
    """Return the digest of a day's journal, compared with the journal as it stands now."""
    for _, event in _digests(mechanism, [day]):
        body = parse(event.canonical)["body"]
        fits = body == digest_body(mechanism, day)
        return Digest(body["reads"], body["listings"], body["sha256"], event.leaf_index, fits)
    return None
