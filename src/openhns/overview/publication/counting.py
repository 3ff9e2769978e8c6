"""What was so at one moment, counted exactly from dated rows; no sealed content is opened."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from openhns.mechanism.models import Mechanism
from openhns.mechanism.policy import policy_of
from openhns.notices.models import Notice, Objection, Receipt, Transmission
from openhns.overview.publication.bands import MOST_NOTICES
from openhns.overview.publication.tables import Answered, Counts
from openhns.parties.access import parties_of
from openhns.registry.models import Consent, Decision, Listing, Version
from openhns.registry.models.consent import Grade

Told = dict[tuple[UUID, UUID], datetime]
"""When a party, the first of the pair, was first told of a listing, the second."""

ANSWER_WITHIN: Final = timedelta(hours=72)
"""An objection that states no limit is answered late after this."""
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_AT_ONCE: Final = 2_000


def counts_at(mechanism: Mechanism, moment: datetime) -> Counts:
    """Count what was so at a moment, by what was recorded until then."""
    told = _told(mechanism, moment)
    cleared = _cleared(mechanism, moment)
    return Counts(
        sites=cleared.sites,
        movements=cleared.movements,
        notices=_notices(mechanism, moment),
        submitted=_submitted(mechanism, moment),
        late=len(_late(mechanism, moment, cleared.since, told)),
        returned=_returned(mechanism, moment),
        late_objections=len(_late_objections(mechanism, moment)),
        parties=_answered(mechanism, moment, told),
    )


@dataclass(frozen=True, slots=True)
class _Cleared:
    """Sites in force, movements ever cleared, and since when each listing is cleared."""

    sites: int
    movements: int
    since: dict[UUID, datetime]


def _cleared(mechanism: Mechanism, moment: datetime) -> _Cleared:
    clear = Q(decisions__word=Decision.Word.CLEAR)
    rows = (
        Version.objects.filter(listing__mechanism=mechanism, status=Version.Status.CLEARED)
        .annotate(cleared_at=Max("decisions__decided_at", filter=clear))
        .filter(cleared_at__lte=moment)
        .order_by("listing_id", "number")
        .values_list("listing_id", "listing__kind", "action", "valid_until", "cleared_at")
    )
    since: dict[UUID, datetime] = {}
    in_force: dict[UUID, bool] = {}
    movements = set()
    for listing_id, kind, action, valid_until, cleared_at in rows.iterator(_AT_ONCE):
        since.setdefault(listing_id, cleared_at)
        if kind == Listing.Kind.MOVEMENT:
            movements.add(listing_id)
            continue
        runs = valid_until is None or valid_until > moment
        in_force[listing_id] = runs and action != Version.Action.REMOVE
    return _Cleared(sum(in_force.values()), len(movements), since)


def _left(mechanism: Mechanism, moment: datetime) -> Q:
    """Return which notices had left by a moment; those of a district are about no one place."""
    return Q(
        party__mechanism=mechanism,
        listing__isnull=False,
        transmission__status=Transmission.Status.TRANSMITTED,
        transmission__transmitted_at__lte=moment,
    )


def _told(mechanism: Mechanism, moment: datetime) -> Told:
    rows = (
        Notice.objects.filter(_left(mechanism, moment))
        .order_by("party_id", "number")
        .values_list("party_id", "listing_id", "transmission__transmitted_at")
    )
    told: Told = {}
    for party_id, listing_id, at in rows.iterator(_AT_ONCE):
        told.setdefault((party_id, listing_id), at or moment)
    return told


def _notices(mechanism: Mechanism, moment: datetime) -> int:
    rows = Notice.objects.filter(_left(mechanism, moment)).values_list("listing_id", flat=True)
    counted = Counter(rows.iterator(_AT_ONCE))
    return sum(min(count, MOST_NOTICES) for count in counted.values())


def _submitted(mechanism: Mechanism, moment: datetime) -> int:
    return Listing.objects.filter(mechanism=mechanism, registered_at__lte=moment).count()


def _returned(mechanism: Mechanism, moment: datetime) -> int:
    """Count the places of which a submission was ever returned or refused."""
    sent_back = Decision.objects.filter(
        version__listing__mechanism=mechanism,
        word__in=(Decision.Word.RETURN, Decision.Word.REFUSE),
        decided_at__lte=moment,
    )
    return sent_back.values("version__listing_id").distinct().count()


def _late(
    mechanism: Mechanism, moment: datetime, cleared: dict[UUID, datetime], told: Told
) -> set[UUID]:
    """Return the places that some party was first told of late, or that still wait too long.

    The time runs from when a place was both cleared and consented to.
    """
    limit = timedelta(hours=policy_of(mechanism).relay_hours)
    late = set()
    for consent in _consents(mechanism, moment).iterator(_AT_ONCE):
        cleared_at = cleared.get(consent.listing_id)
        if cleared_at is None:
            continue
        start = max(cleared_at, consent.given_at)
        ends = (consent.revoked_at, consent.suspended_at, moment)
        end = min(each for each in ends if each is not None)
        first = told.get((consent.party_id, consent.listing_id), end)
        if first - start > limit:
            late.add(consent.listing_id)
    return late


def _consents(mechanism: Mechanism, moment: datetime) -> QuerySet[Consent]:
    given = Consent.objects.filter(listing__mechanism=mechanism, given_at__lte=moment)
    told_one_by_one = given.exclude(grade=Grade.PRESENCE)
    return told_one_by_one.only("listing_id", "party_id", "given_at", "revoked_at", "suspended_at")


def _late_objections(mechanism: Mechanism, moment: datetime) -> set[UUID]:
    """Return the places of which an objection was answered after its limit, or not yet."""
    made = Objection.objects.filter(
        scope=mechanism.id, recorded_at__lte=moment, notice__listing__isnull=False
    )
    rows = made.values_list("notice__listing_id", "time_limit", "recorded_at", "answered_at")
    return {
        listing_id
        for listing_id, limit, recorded_at, answered_at in rows
        if min(answered_at or moment, moment) > (limit or recorded_at + ANSWER_WITHIN)
    }


@dataclass(slots=True)
class _Answer:
    """The first acknowledgement of one place by one party, and its best proof."""

    at: datetime
    grade: str


def _answered(mechanism: Mechanism, moment: datetime, told: Told) -> dict[UUID, Answered]:
    found = {party.id: Answered() for party in parties_of(mechanism) if party.joined_at <= moment}
    for party_id, _ in told:
        found.setdefault(party_id, Answered()).told += 1
    for (party_id, listing_id), answer in _acknowledged(mechanism, moment).items():
        party, waited = found[party_id], answer.at - told[party_id, listing_id]
        party.acknowledged += 1
        party.within_a_day += waited <= _DAY
        party.within_a_week += waited <= _WEEK
        party.proof_a += answer.grade <= "A"
        party.proof_b += answer.grade <= "B"
        party.proof_c += answer.grade <= "C"
    return found


def _acknowledged(mechanism: Mechanism, moment: datetime) -> dict[tuple[UUID, UUID], _Answer]:
    rows = (
        Receipt.objects.filter(
            scope=mechanism.id,
            answer=Receipt.Answer.ACKNOWLEDGED,
            recorded_at__lte=moment,
            notice__listing__isnull=False,
            notice__transmission__status=Transmission.Status.TRANSMITTED,
            notice__transmission__transmitted_at__lte=moment,
        )
        .order_by("answered_at")
        .values_list("notice__party_id", "notice__listing_id", "answered_at", "grade")
    )
    found: dict[tuple[UUID, UUID], _Answer] = {}
    for party_id, listing_id, at, grade in rows.iterator(_AT_ONCE):
        answer = found.setdefault((party_id, listing_id), _Answer(at, grade))
        answer.grade = min(answer.grade, grade)
    return found
