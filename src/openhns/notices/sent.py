"""What was sent, as the operator's people follow it: how it stands, and what its answer proves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from openhns.mechanism.models import Mechanism, Person
from openhns.notices.access import answers_to, read_notices, statuses_of
from openhns.notices.headlines import headlines
from openhns.notices.inbox import count_received, received_notices, waiting_notices
from openhns.notices.models import Notice, Objection, Receipt, Transmission
from openhns.parties.access import participations_now, parties_of
from openhns.parties.models import Party

SENT_ONLY: Final = "E"


@dataclass(frozen=True, slots=True)
class Silence:
    """How a party answers: notices sent, those without an answer, the oldest, the last sent."""

    party: Party
    status: str
    sent: int
    waiting: int
    oldest: datetime | None
    last: datetime | None

    def days(self, now: datetime) -> int | None:
        """Return for how many whole days the party has left its oldest notice unanswered."""
        return None if self.oldest is None else (now - self.oldest) // timedelta(days=1)


def silences(mechanism: Mechanism) -> list[Silence]:
    """Return how each party answers; a few queries for each, read off an index."""
    status = participations_now(mechanism)
    return [_silence(party, status.get(party.id, "")) for party in parties_of(mechanism)]


def _silence(party: Party, status: str) -> Silence:
    waiting = waiting_notices(party)
    first = waiting.order_by("number").select_related("transmission").defer("sealed").first()
    last = Transmission.objects.filter(party=party, status=Transmission.Status.TRANSMITTED)
    newest = last.order_by("-transmitted_at").first()
    return Silence(
        party,
        status,
        sent=count_received(party),
        waiting=waiting.count(),
        oldest=first.transmitted_at if first else None,
        last=newest.transmitted_at if newest else None,
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """One notice in a list: what it is about, how it stands, and the best proof of an answer."""

    notice: Notice
    about: str | Promise
    status: str
    proof: str


def sent_to(party: Party, *, waiting: bool) -> QuerySet[Notice]:
    """Return the notices that left for a party: the newest first, or the oldest without answer."""
    if waiting:
        return waiting_notices(party).order_by("number")
    return received_notices(party).order_by("-number")


def with_standing(party: Party, notices: QuerySet[Notice] | Sequence[Notice]) -> list[Sent]:
    """Return how each of a page of notices stands."""
    rows = list(notices)
    about, status = headlines(party, rows), statuses_of(rows)
    proofs = best_proofs(row.id for row in rows)
    return [
        Sent(row, about[row.id], str(status[row.id]), proofs.get(row.id, SENT_ONLY)) for row in rows
    ]


def best_proofs(notice_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the best grade of an answer or objection to each notice that has one: A before D."""
    ids = list(notice_ids)
    found: dict[UUID, str] = {}
    for model in (Receipt, Objection):
        rows = model.objects.filter(notice_id__in=ids).values_list("notice_id", "grade")
        for notice_id, grade in rows:
            found[notice_id] = min(grade, found.get(notice_id, SENT_ONLY))
    return found


@dataclass(frozen=True, slots=True)
class Opened:
    """One notice as it was sent, with all that came back."""

    notice: Notice
    payload: Any
    sha256: str
    about: str | Promise
    status: str
    receipts: list[Receipt]
    objections: list[Objection]


def opened(person: Person, party: Party, number: int) -> Opened:
    """Open a notice that was sent, for the operator's people; raise NoticeNotFound."""
    (read,) = read_notices(person, party, [number], "notice as it was sent")
    notice = read.notice
    return Opened(
        notice,
        read.payload,
        read.delivered.sha256,
        headlines(party, [notice])[notice.id],
        str(statuses_of([notice])[notice.id]),
        answers_to(notice),
        list(notice.objections.order_by("recorded_at")),
    )
