"""What waits at the operator's desk: counted in the database, nothing opened.

What has to look at every consent or notice is counted once and kept while nothing changes.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, DateTimeField, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from openhns.jobs.models import DueWork
from openhns.mechanism.models import Application, Mechanism, Organisation, Proposal
from openhns.mechanism.policy import Policy, policy_of
from openhns.mechanism.state import Kept, Remembered
from openhns.notices.access import waiting_queries
from openhns.notices.models import Notice, Objection, Receipt, Transmission
from openhns.parties.access import participations_now, parties_of
from openhns.parties.models import Participation, Party
from openhns.record.errors import RecordError
from openhns.record.guard import require_in_step
from openhns.record.models import Event, Log, Tick
from openhns.record.writing import find_log
from openhns.registry.models import Consent, Listing, Version
from openhns.registry.models.consent import Grade
from openhns.registry.register import is_large
from openhns.registry.reviewing import waiting_for_review
from openhns.tlog.errors import TlogError

FIRST_FEW: Final = 5
_LATE_WORK: Final = timedelta(minutes=5)
_CLEARED: Final = (
    Listing.Status.ACTIVE,
    Listing.Status.DUE,
    Listing.Status.CLEARED,
    Listing.Status.UNDER_WAY,
)
_TELLING: Final = (Grade.EXACT, Grade.VICINITY)
_untold: Remembered["Untold"] = Remembered(most=4)
_unanswered: Remembered[list["Unanswered"]] = Remembered(most=4)


@dataclass(frozen=True, slots=True)
class Reviews:
    """Versions that wait for a reviewer, and those that wait longer than the lead time."""

    waiting: int
    urgent: int
    oldest: datetime | None
    late: int
    first: list[Version]


@dataclass(frozen=True, slots=True)
class Untold:
    """Pairs of a cleared entry and a party that was never told of it, though it may be.

    `late` are those that were submitted and consented to before the lead time.
    """

    waiting: int
    late: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """How many notices a party has not answered, and when the oldest of them left."""

    party: Party
    waiting: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Silent:
    """How many notices a party has not answered, and for how many days the oldest of them."""

    party: Party
    waiting: int
    days: int


@dataclass(frozen=True, slots=True)
class LogState:
    """How the log stands: what waits for its next tick, and whether this database is in step."""

    pending: int
    last_tick: datetime | None
    published: bool
    late: bool
    fault: str


@dataclass(frozen=True, slots=True)
class Desk:
    """All that waits, as the duty officer sees it first."""

    counted_at: datetime
    lead_time_hours: int
    reviews: Reviews
    objections: list[Objection]
    objections_waiting: int
    queries: list[Receipt]
    queries_waiting: int
    untold: Kept[Untold]
    silent: list[Silent] | None
    silent_at: datetime | None
    transmissions: dict[str, int]
    work_failed: list[tuple[str, int]]
    work_late: int
    log: LogState
    applications: int
    organisations: int
    proposals: int


def desk_of(mechanism: Mechanism) -> Desk:
    """Count what waits, in a fixed number of queries."""
    now, policy = timezone.now(), policy_of(mechanism)
    objections, large = _objections(mechanism), is_large(mechanism.id)
    queries = waiting_queries(mechanism).defer("sealed")
    silent, silent_at = _silent(mechanism, now, large=large)
    return Desk(
        counted_at=now,
        lead_time_hours=policy.lead_time_hours,
        reviews=_reviews(mechanism, now - _lead(policy)),
        objections=list(objections[:FIRST_FEW]),
        objections_waiting=objections.count(),
        queries=list(queries[:FIRST_FEW]),
        queries_waiting=queries.count(),
        untold=_untold.soon(
            mechanism.id,
            mechanism.id,
            lambda: count_untold(mechanism, now - _lead(policy)),
            large=large,
        ),
        silent=silent,
        silent_at=silent_at,
        transmissions=_transmissions(mechanism),
        work_failed=_failed_work(),
        work_late=_late_work(now),
        log=_log_state(mechanism, policy, now),
        applications=_waiting(Application, mechanism),
        organisations=Organisation.objects.filter(
            mechanism=mechanism, status=Organisation.Status.APPLIED
        ).count(),
        proposals=_waiting(Proposal, mechanism),
    )


def _lead(policy: Policy) -> timedelta:
    return timedelta(hours=policy.lead_time_hours)


def _waiting(model: type[Application | Proposal], mechanism: Mechanism) -> int:
    rows: QuerySet[Any] = model._default_manager.filter(mechanism=mechanism)
    return rows.filter(state=model.State.WAITING).count()


def _reviews(mechanism: Mechanism, late: datetime) -> Reviews:
    waiting = waiting_for_review(mechanism)
    counted = waiting.order_by().aggregate(
        waiting=Count("id"),
        urgent=Count("id", filter=Q(urgent=True)),
        late=Count("id", filter=Q(submitted_at__lt=late)),
        oldest=Min("submitted_at"),
    )
    first = waiting.select_related("listing").defer("sealed")[:FIRST_FEW]
    return Reviews(**counted, first=list(first))


def _objections(mechanism: Mechanism) -> QuerySet[Objection]:
    waiting = Objection.objects.filter(scope=mechanism.id, answered_at=None)
    ordered = waiting.order_by("-warning", F("time_limit").asc(nulls_last=True), "made_at", "id")
    return ordered.select_related("notice__party")


def count_untold(mechanism: Mechanism, late: datetime) -> Untold:
    """Count what is cleared and consented to, and has not left for its party.

    That are consents to a party that takes part for which no notice was ever made, and notices
    that were made and have not left.
    """
    made = Notice.objects.filter(party_id=OuterRef("party_id"), listing_id=OuterRef("listing_id"))
    open_ones = Consent.objects.filter(
        ~Exists(made),
        party_id__in=_taking_part(mechanism),
        revoked_at=None,
        suspended_at=None,
        grade__in=_TELLING,
        listing__status__in=_CLEARED,
    )
    since = Greatest("given_at", "listing__registered_at", output_field=DateTimeField())
    counted = open_ones.annotate(since=since).aggregate(
        waiting=Count("id"), late=Count("id", filter=Q(since__lt=late)), oldest=Min("since")
    )
    return _with_unsent(Untold(**counted), mechanism, late)


def _taking_part(mechanism: Mechanism) -> list[UUID]:
    status = participations_now(mechanism)
    return [key for key, word in status.items() if word == Participation.Status.PARTICIPATING]


def _with_unsent(untold: Untold, mechanism: Mechanism, late: datetime) -> Untold:
    """Add the notices that were made and have not left."""
    unsent = Transmission.objects.filter(mechanism=mechanism, party_id__in=_taking_part(mechanism))
    rows = unsent.exclude(status=Transmission.Status.TRANSMITTED).values_list(
        "first_number", "last_number", "prepared_at"
    )
    waiting, behind, oldest = untold.waiting, untold.late, untold.oldest
    for first, last, prepared_at in rows:
        waiting += last - first + 1
        behind += last - first + 1 if prepared_at < late else 0
        oldest = prepared_at if oldest is None else min(oldest, prepared_at)
    return Untold(waiting, behind, oldest)


def _silent(
    mechanism: Mechanism, now: datetime, *, large: bool
) -> tuple[list[Silent] | None, datetime | None]:
    """Return the parties that have not answered, the longest silence first; and as of when.

    None while that is counted for the first time.
    """
    kept = _unanswered.soon(
        mechanism.id, mechanism.id, lambda: count_unanswered(mechanism), large=large
    )
    if kept.value is None:
        return None, None
    silent = [
        Silent(item.party, item.waiting, (now - item.since) // timedelta(days=1))
        for item in kept.value
    ]
    return sorted(silent, key=lambda item: -item.days), None if kept.fresh else kept.made_at


def count_unanswered(mechanism: Mechanism) -> list[Unanswered]:
    """Count the notices without an answer that left, by party; only their index is read."""
    parties = {party.id: party for party in parties_of(mechanism)}
    rows = Notice.objects.filter(party_id__in=parties, waits=True).order_by()
    counted = list(rows.values_list("party_id").annotate(n=Count("number"), first=Min("number")))
    prepared = _still_here(parties)
    left = _left_at([(party_id, first) for party_id, _, first in counted])
    return [
        Unanswered(parties[party_id], count, left[party_id])
        for party_id, total, _ in counted
        if party_id in left and (count := total - prepared[party_id]) > 0
    ]


def _still_here(parties: dict[UUID, Party]) -> Counter[UUID]:
    """Count the notices that were made and have not left, by party."""
    rows = Transmission.objects.filter(party_id__in=parties)
    rows = rows.exclude(status=Transmission.Status.TRANSMITTED)
    found: Counter[UUID] = Counter()
    for party_id, first, last in rows.values_list("party_id", "first_number", "last_number"):
        found[party_id] += last - first + 1
    return found


def _left_at(firsts: Sequence[tuple[UUID, int]]) -> dict[UUID, datetime]:
    """Return when the notice of that number left for each party, if it did."""
    wanted = Q(pk__in=[])
    for party_id, number in firsts:
        wanted |= Q(party_id=party_id, number=number)
    rows = Notice.objects.filter(wanted).values_list("party_id", "transmission__transmitted_at")
    return {party_id: left for party_id, left in rows if left is not None}


def _transmissions(mechanism: Mechanism) -> dict[str, int]:
    """Count the transmissions that have not left, by state."""
    rows = Transmission.objects.filter(mechanism=mechanism)
    rows = rows.exclude(status=Transmission.Status.TRANSMITTED).order_by()
    return dict(rows.values_list("status").annotate(n=Count("id")))


def _failed_work() -> list[tuple[str, int]]:
    failed = DueWork.objects.filter(state=DueWork.State.FAILED).order_by("handler")
    return list(failed.values_list("handler").annotate(n=Count("id")))


def _late_work(now: datetime) -> int:
    """Count due work that nobody has taken up: no worker runs, or it keeps failing."""
    waiting = DueWork.objects.filter(state=DueWork.State.WAITING)
    return waiting.filter(due_at__lt=now - _LATE_WORK).count()


def _log_state(mechanism: Mechanism, policy: Policy, now: datetime) -> LogState:
    log = find_log(mechanism.id)
    pending = Event.objects.filter(log=log, leaf_index=None).count()
    last = Tick.objects.filter(log=log).order_by("-number").values_list("made_at", flat=True)
    ticked = last.first()
    overdue = ticked is not None and now - ticked > 3 * timedelta(seconds=policy.tick_seconds)
    return LogState(
        pending=pending,
        last_tick=ticked,
        published=log.published_size >= log.size,
        late=bool(pending) and (ticked is None or overdue),
        fault=_fault(log),
    )


def _fault(log: Log) -> str:
    """Return the code of what is wrong between the database and the published log, if anything."""
    try:
        require_in_step(log)
    except (RecordError, TlogError) as error:
        return str(error.code)
    return ""
