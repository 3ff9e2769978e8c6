"""How far each party was told of a listing: four dated facts, each with what proves it.

Received by the operator, transmitted, received by the party, acknowledged. The facts are those of
the newest notice that left for the party. Nothing is claimed that is not proven: what came back
carries the grade of its proof, and silence is a number of days.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise

from openhns.mechanism.models import Mechanism
from openhns.notices.models import Notice, Objection, Receipt, Transmission
from openhns.notices.words import STEPS
from openhns.parties.access import participations_now, parties_of
from openhns.parties.models import Party
from openhns.registry.models import Consent, Listing, Version
from openhns.registry.models.consent import Grade
from openhns.registry.words import label

Step = Literal["submitted", "transmitted", "received", "acknowledged"]
SENT_ONLY: Final = "E"
_GRADES: Final = "ABCDE"


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the four facts; `at` is None where it did not happen.

    `grade` is what proves it, "" for the operator's own record. `revoked`: the key that signed
    was revoked when the answer was recorded.
    """

    step: Step
    at: datetime | None = None
    grade: str = ""
    bulk: bool = False
    machine: bool = False
    revoked: bool = False

    @property
    def words(self) -> str | Promise:
        return label(STEPS, self.step)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one party stands to one listing.

    `consent` is the grade consented to, "" for none; `resting` since the party left. `told` is the
    grade of the newest notice that left, `version` the number of the version that it told.
    `dropped`: that notice told the party to drop the entry. `waiting`: a newer one waits to leave;
    `trouble` is `failed` or `unknown` where the newest one's leaving is. `silent_days` counts from
    the transmission where nothing came back. `outdated`: a newer version was cleared than told.
    """

    party: Party
    participation: str
    consent: str
    resting: bool
    facts: tuple[Fact, ...]
    told: str = ""
    version: int | None = None
    notice: int | None = None
    dropped: bool = False
    waiting: bool = False
    trouble: str = ""
    silent_days: int | None = None
    queried_at: datetime | None = None
    objections: int = 0
    outdated: bool = False

    @property
    def furthest(self) -> Fact:
        return [fact for fact in self.facts if fact.at is not None][-1]

    @property
    def counted(self) -> bool:
        """Whether the party is told of it as part of a count alone, by no notice of its own."""
        return self.consent == Grade.PRESENCE and not self.told


class _Row(NamedTuple):
    """One notice about a listing; the columns are read in this order."""

    id: UUID
    listing_id: UUID
    party_id: UUID
    number: int
    kind: str
    grade: str
    version__number: int
    version__submitted_at: datetime
    transmission__status: str
    transmission__transmitted_at: datetime | None


class _Answer(NamedTuple):
    notice_id: UUID
    grade: str
    answer: str
    bulk: bool
    machine: bool
    answered_at: datetime
    recorded_at: datetime
    key__revoked_at: datetime | None

    @property
    def revoked(self) -> bool:
        revoked_at = self.key__revoked_at
        return revoked_at is not None and revoked_at <= self.recorded_at

    @property
    def weakness(self) -> tuple[bool, int, bool, datetime]:
        return self.revoked, _GRADES.index(self.grade), self.bulk, self.answered_at


@dataclass(frozen=True, slots=True)
class _Read:
    """All that is read for the listings of one page, by listing and party."""

    notices: Mapping[tuple[UUID, UUID], list[_Row]]
    answers: Mapping[UUID, list[_Answer]]
    objections: Mapping[UUID, int]
    consents: Mapping[tuple[UUID, UUID], Consent]
    cleared: Mapping[UUID, int]
    moment: datetime


def standings_of(
    mechanism: Mechanism, newest: Mapping[UUID, Version]
) -> dict[UUID, list[Standing]]:
    """Return by listing how each party stands to it, in as many queries for one as for many.

    `newest` are the newest versions by listing, of listings that the reader may see.
    """
    parties = parties_of(mechanism)
    participation = participations_now(mechanism)
    read = _read(list(newest))
    return {
        listing_id: [
            _standing(party, participation.get(party.id, ""), version, read) for party in parties
        ]
        for listing_id, version in newest.items()
    }


def standings(mechanism: Mechanism, listing: Listing, newest: Version) -> list[Standing]:
    """Return how each party stands to one listing, which the reader may see."""
    return standings_of(mechanism, {listing.id: newest})[listing.id]


def _read(listing_ids: Sequence[UUID]) -> _Read:
    notices = _notices(listing_ids)
    ids = [row.id for rows in notices.values() for row in rows]
    consents = Consent.objects.filter(listing_id__in=listing_ids, revoked_at=None)
    cleared = Version.objects.filter(listing_id__in=listing_ids, status=Version.Status.CLEARED)
    return _Read(
        notices,
        _answers(ids),
        _open_objections(ids),
        {(item.listing_id, item.party_id): item for item in consents.defer("sealed")},
        dict(cleared.order_by("number").values_list("listing_id", "number")),
        timezone.now(),
    )


def _notices(listing_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], list[_Row]]:
    found: dict[tuple[UUID, UUID], list[_Row]] = defaultdict(list)
    rows = Notice.objects.filter(listing_id__in=list(listing_ids)).order_by("number")
    for values in rows.values_list(*_Row.__annotations__):
        row = _Row(*values)
        found[row.listing_id, row.party_id].append(row)
    return found


def _answers(notice_ids: Sequence[UUID]) -> dict[UUID, list[_Answer]]:
    found: dict[UUID, list[_Answer]] = defaultdict(list)
    rows = Receipt.objects.filter(notice_id__in=notice_ids)
    for values in rows.values_list(*_Answer.__annotations__):
        answer = _Answer(*values)
        found[answer.notice_id].append(answer)
    return found


def _open_objections(notice_ids: Sequence[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = defaultdict(int)
    rows = Objection.objects.filter(notice_id__in=notice_ids, answered_at=None)
    for notice_id in rows.values_list("notice_id", flat=True):
        found[notice_id] += 1
    return found


def _standing(party: Party, participation: str, newest: Version, read: _Read) -> Standing:
    key = newest.listing_id, party.id
    rows, consent = read.notices.get(key, []), read.consents.get(key)
    left = [row for row in rows if row.transmission__status == Transmission.Status.TRANSMITTED]
    told = left[-1] if left else None
    answers = read.answers.get(told.id, []) if told else []
    return Standing(
        party=party,
        participation=participation,
        consent=consent.grade if consent else "",
        resting=consent is not None and consent.suspended_at is not None,
        facts=_facts(told, answers, newest),
        told=told.grade if told else "",
        version=told.version__number if told else None,
        notice=told.number if told else None,
        dropped=told is not None and told.kind == Notice.Kind.CANCEL,
        waiting=_is_last(rows, Transmission.Status.PREPARED),
        trouble=rows[-1].transmission__status if _in_trouble(rows) else "",
        silent_days=_silent_days(told, answers, read.moment),
        queried_at=_queried_at(answers),
        objections=sum(read.objections.get(row.id, 0) for row in rows),
        outdated=_outdated(told, consent, read.cleared.get(newest.listing_id)),
    )


def _is_last(rows: Sequence[_Row], status: str) -> bool:
    return bool(rows) and rows[-1].transmission__status == status


def _in_trouble(rows: Sequence[_Row]) -> bool:
    troubles = (Transmission.Status.FAILED, Transmission.Status.UNKNOWN)
    return any(_is_last(rows, status) for status in troubles)


def _facts(told: _Row | None, answers: Sequence[_Answer], newest: Version) -> tuple[Fact, ...]:
    submitted_at = told.version__submitted_at if told else newest.submitted_at
    acknowledged = [item for item in answers if item.answer == Receipt.Answer.ACKNOWLEDGED]
    sent_at = told.transmission__transmitted_at if told else None
    return (
        Fact("submitted", submitted_at),
        Fact("transmitted", sent_at, SENT_ONLY if sent_at else ""),
        _answered("received", answers),
        _answered("acknowledged", acknowledged),
    )


def _answered(step: Step, answers: Sequence[_Answer]) -> Fact:
    """Return the fact by its strongest proof; whoever acknowledges has received."""
    if not answers:
        return Fact(step)
    best = min(answers, key=lambda item: item.weakness)
    return Fact(step, best.answered_at, best.grade, best.bulk, best.machine, best.revoked)


def _silent_days(told: _Row | None, answers: Sequence[_Answer], moment: datetime) -> int | None:
    if told is None or told.transmission__transmitted_at is None or answers:
        return None
    return max(timedelta(0), moment - told.transmission__transmitted_at).days


def _queried_at(answers: Sequence[_Answer]) -> datetime | None:
    queries = [item.answered_at for item in answers if item.answer == Receipt.Answer.QUERIED]
    return max(queries, default=None)


def _outdated(told: _Row | None, consent: Consent | None, cleared: int | None) -> bool:
    """Whether a version was cleared that the party may be told of, and was not told of yet."""
    if consent is None or consent.suspended_at is not None or consent.grade == Grade.PRESENCE:
        return False
    if cleared is None:
        return False
    return told is not None and told.kind != Notice.Kind.CANCEL and told.version__number < cleared
