"""Reading notices: one and the same answer for what is absent and what is another party's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from openhns.mechanism.access import has_role, require_any_role
from openhns.mechanism.models import Mechanism, Person, Role
from openhns.mechanism.people import OPERATOR_ROLES
from openhns.notices.errors import NoticeNotFound
from openhns.notices.models import Notice, Objection, Receipt, Transmission
from openhns.parties.models import Party

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


def require_answerer(person: Person, party: Party) -> str:
    """Return the actor; raise NotAllowed unless the person acts for the party or the operator."""
    if has_role(person, party.mechanism, Role.Name.LIAISON, party_id=party.id):
        return "party"
    return require_any_role(person, party.mechanism, sorted(OPERATOR_ROLES))


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
