"""Reading notices: one and the same answer for what is absent and what is another party's."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, QuerySet

from openhns.mechanism.access import record_exact_read, require_any_role
from openhns.mechanism.models import Mechanism, Person
from openhns.mechanism.people import OPERATOR_ROLES
from openhns.notices.answers import Delivered, checked, mechanism_public_key
from openhns.notices.errors import NoticeForged, NoticeNotFound, QueryNotFound
from openhns.notices.models import Notice, Objection, Receipt, Transmission
from openhns.parties.access import is_liaison
from openhns.parties.models import Party
from openhns.proofs.canonical import SAFE_INTEGER
from openhns.registry.models.consent import Grade

_AT_ONCE: Final = 500
_FINAL: Final[Mapping[str, Notice.Status]] = {
    Receipt.Answer.ACKNOWLEDGED: Notice.Status.ACKNOWLEDGED,
    Receipt.Answer.QUERIED: Notice.Status.QUERIED,
}


@dataclass(frozen=True, slots=True)
class Held:
    """What a party holds of one reference: the newest notice that was transmitted to it.

    `since` is when that notice was transmitted. `listing_id` is None for a district's count.
    """

    notice_id: UUID
    reference: UUID
    listing_id: UUID | None
    subject: str | None
    organisation_id: UUID | None
    number: int
    grade: str
    valid_from: datetime
    valid_until: datetime | None
    since: datetime


def transmitted_to(party: Party, moment: datetime | None = None) -> QuerySet[Notice]:
    """Return the notices that had left for a party by a moment, by number."""
    left = Notice.objects.filter(
        party=party, transmission__status=Transmission.Status.TRANSMITTED
    ).order_by("number")
    return left if moment is None else left.filter(transmission__transmitted_at__lte=moment)


def held_by(party: Party, moment: datetime | None = None) -> list[Held]:
    """Return what a party holds by what was transmitted to it, at a moment or now."""
    columns = (
        "kind",
        "id",
        "reference",
        "listing_id",
        "listing__kind",
        "listing__organisation_id",
        "number",
        "grade",
        "valid_from",
        "valid_until",
        "transmission__transmitted_at",
    )
    newest: dict[UUID, Held] = {}
    for kind, *rest in transmitted_to(party, moment).values_list(*columns):
        held = Held(*rest)
        if kind == Notice.Kind.CANCEL:
            newest.pop(held.reference, None)
        else:
            newest[held.reference] = held
    return sorted(newest.values(), key=lambda held: held.number)


def told_under(party: Party, references: Iterable[UUID]) -> list[Notice]:
    """Return the notices that left for a party under these references, by number, unopened.

    A reference is one party's alone, and rows are found by it alone: a database that was told the
    party and the order too would walk through all of the party's notices.
    """
    rows = Notice.objects.filter(reference__in=set(references)).select_related("transmission")
    left = Transmission.Status.TRANSMITTED
    found = [
        row
        for row in rows.defer("sealed")
        if row.party_id == party.id and row.transmission.status == left
    ]
    return sorted(found, key=lambda row: row.number)


def notices_to_answer(party: Party, ids: Sequence[UUID] | None) -> list[Notice]:
    """Return the notices of these ids, or all that were transmitted; raise NoticeNotFound."""
    left = transmitted_to(party).select_related("transmission")
    if ids is None:
        return list(left)
    wanted = list(dict.fromkeys(ids))
    found: list[Notice] = []
    for start in range(0, len(wanted), _AT_ONCE):
        found += left.filter(id__in=wanted[start : start + _AT_ONCE])
    if len(found) != len(wanted):
        raise NoticeNotFound(
            f"{len(wanted) - len(found)} of {len(wanted)} notices were never transmitted to "
            f"{party.name}."
        )
    return sorted(found, key=lambda notice: notice.number)


def find_notice(mechanism: Mechanism, notice_id: UUID) -> Notice:
    """Return a notice of a mechanism; raise NoticeNotFound."""
    found = (
        Notice.objects.filter(id=notice_id, party__mechanism=mechanism)
        .select_related("party__mechanism", "transmission", "listing")
        .first()
    )
    if found is None:
        raise NoticeNotFound("No notice of that identifier was made here.")
    return found


def queries_of(mechanism: Mechanism) -> QuerySet[Receipt]:
    """Return the parties' queries: those without a reply first, the oldest of them first."""
    asked = Receipt.objects.filter(scope=mechanism.id, answer=Receipt.Answer.QUERIED)
    return asked.select_related("notice__party__mechanism", "reply").order_by(
        F("reply__replied_at").desc(nulls_first=True), "answered_at", "id"
    )


def waiting_queries(mechanism: Mechanism) -> QuerySet[Receipt]:
    return queries_of(mechanism).filter(reply=None)


def find_query(mechanism: Mechanism, receipt_id: UUID) -> Receipt:
    """Return a query of a mechanism; raise QueryNotFound."""
    found = queries_of(mechanism).filter(id=receipt_id).first()
    if found is None:
        raise QueryNotFound("No query of that identifier was recorded here.")
    return found


def replied_among(notices: Iterable[Notice]) -> set[UUID]:
    """Return which of a page of notices have a query that was replied to."""
    asked = Receipt.objects.filter(notice__in=list(notices), answer=Receipt.Answer.QUERIED)
    return set(asked.exclude(reply=None).values_list("notice_id", flat=True))


def answers_to(notice: Notice) -> list[Receipt]:
    """Return what came back to a notice, with the replies to what was asked, the oldest first."""
    return list(notice.receipts.select_related("key", "reply").order_by("recorded_at"))


def require_answerer(person: Person, party: Party) -> str:
    """Return the actor; raise NotAllowed unless the person acts for the party or the operator."""
    if is_liaison(person, party):
        return "party"
    return require_any_role(person, party.mechanism, sorted(OPERATOR_ROLES))


@dataclass(frozen=True, slots=True)
class Read:
    """A notice as its party got it: the signed text is the mechanism's, and the one recorded."""

    notice: Notice
    delivered: Delivered

    @property
    def payload(self) -> Mapping[str, Any]:
        return self.delivered.payload


def read_notices(person: Person, party: Party, numbers: Iterable[int], purpose: str) -> list[Read]:
    """Open notices that a party got, by number; the journal tells of the exact places in them.

    Raises NotAllowed, NoticeNotFound where one of them never left, and NoticeForged.
    """
    require_answerer(person, party)
    wanted = sorted(set(numbers))
    if wanted and wanted[-1] > SAFE_INTEGER:  # More than a database's column can be asked for.
        raise NoticeNotFound("There is no notice of that number.")
    found = list(transmitted_to(party).filter(number__in=wanted).select_related("transmission"))
    if len(found) != len(wanted):
        raise NoticeNotFound("One of these notices was never transmitted to this party.")
    read = open_notices(party, found)
    told_of = (each.notice.listing_id for each in read if _is_exact(each.notice))
    listings = [listing for listing in told_of if listing is not None]
    if listings:
        record_exact_read(person, party.mechanism, purpose, listings)
    return read


def _is_exact(notice: Notice) -> bool:
    return notice.grade == Grade.EXACT and notice.kind != Notice.Kind.CANCEL


def open_notices(party: Party, notices: Iterable[Notice]) -> list[Read]:
    """Open notices of a party and check each against the mechanism's key and the record."""
    key = mechanism_public_key(party.mechanism)
    return [Read(notice, _opened(party, key, notice)) for notice in notices]


def _opened(party: Party, key: bytes, notice: Notice) -> Delivered:
    text = notice.jws
    if hashlib.sha256(text.encode()).hexdigest() != notice.jws_sha256:
        raise NoticeForged(f"Notice {notice.id} is not the text that was recorded.")
    return checked(party, key, notice.id, text)


def status_of(notice: Notice) -> Notice.Status:
    """Return what became of a notice: an objection or a final answer, the newest of them."""
    return statuses_of([notice])[notice.id]


def statuses_of(notices: Iterable[Notice]) -> dict[UUID, Notice.Status]:
    """Return what became of each notice, read from transmission, receipts and objections."""
    rows = list(notices)
    found: dict[UUID, Notice.Status] = {}
    for start in range(0, len(rows), _AT_ONCE):
        found |= _statuses(rows[start : start + _AT_ONCE])
    return found


def _statuses(notices: Sequence[Notice]) -> dict[UUID, Notice.Status]:
    ids = [notice.id for notice in notices]
    found = {notice.id: Notice.Status(notice.transmission.status) for notice in notices}
    receipts = Receipt.objects.filter(notice_id__in=ids).values_list(
        "recorded_at", "notice_id", "answer"
    )
    received = {notice: Notice.Status.RECEIVED for _, notice, _ in receipts}
    final = [(at, notice, _FINAL[answer]) for at, notice, answer in receipts if answer in _FINAL]
    objections = Objection.objects.filter(notice_id__in=ids).values_list("recorded_at", "notice_id")
    final += [(at, notice, Notice.Status.OBJECTED) for at, notice in objections]
    newest = {notice: status for _, notice, status in sorted(final)}
    return found | received | newest
