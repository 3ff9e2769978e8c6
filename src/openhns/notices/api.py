"""Notices, for programs: transmit, read what a party was told, answer."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from openhns.mechanism.access import NotFound
from openhns.mechanism.calls import MOST_ROWS, PROBLEMS, Caller, caller_of, open_to
from openhns.mechanism.models import Role
from openhns.notices.access import answers_to, read_notices, statuses_of, transmitted_to
from openhns.notices.actions import do_object_signed, do_record_receipts, do_transmit
from openhns.notices.answers import LONGEST_RECEIPT
from openhns.notices.models import Notice, Receipt, Reply
from openhns.parties.access import find_party
from openhns.parties.models import Party

router = Router(tags=["notices"])
_LONGEST_JWS: Final = 200_000
_MOST_RECEIPTS: Final = 5_000
_QUERIED: Final = Receipt.Answer.QUERIED


class QueryOut(Schema):
    """What the party asked about a notice, and the operator's reply once there is one."""

    id: UUID
    grade: str
    question: str
    asked_at: datetime
    reply: str | None
    replied_at: datetime | None


class NoticeOut(Schema):
    """A notice as its party got it; `jws`, the signed text, and queries are left out of lists."""

    id: UUID
    number: int
    kind: str
    grade: str
    urgent: bool
    status: str
    transmitted_at: datetime | None
    jws: str | None = None
    queries: list[QueryOut] | None = None


class Notices(Schema):
    """One page, by number; `next` is the number to go on after, if there are more."""

    items: list[NoticeOut]
    next: int | None


class AfterIn(Schema):
    """Which page of a party's notices."""

    after: int = Field(0, ge=0, le=2**53)
    limit: int = Field(50, ge=1, le=MOST_ROWS)


class Failed(Schema):
    """What did not work; the transmission concerned leaves with the next run."""

    code: str
    message: str


class Transmitted(Schema):
    """What left in this run."""

    notices: list[UUID]
    failures: list[Failed]


class TransmissionIn(Schema):
    """For one party by its identifier, or for all; urgent warnings alone where asked for."""

    party: UUID | None = None
    urgent: bool = False


class ReceiptsIn(Schema):
    """Signed answers (JWS, typ openhns-receipt); a query is of version 2, with its `question`."""

    receipts: list[Annotated[str, Field(max_length=LONGEST_RECEIPT)]] = Field(
        min_length=1, max_length=_MOST_RECEIPTS
    )


class RecordedOut(Schema):
    """How many answers were recorded now, and how many had been before."""

    recorded: int
    already: int


class ObjectionIn(Schema):
    """A signed objection (JWS, typ openhns-objection)."""

    jws: str = Field(max_length=_LONGEST_JWS)


class ObjectionOut(Schema):
    """The objection as it was recorded."""

    id: UUID
    grade: str
    recorded_at: datetime


def _party(caller: Caller) -> Party:
    found = Party.objects.filter(id=caller.party_id, mechanism=caller.mechanism).first()
    if found is None:
        raise NotFound
    return found


def _out(notice: Notice, status: str, jws: str | None = None) -> NoticeOut:
    return NoticeOut(
        id=notice.id,
        number=notice.number,
        kind=notice.kind,
        grade=notice.grade,
        urgent=notice.urgent,
        status=status,
        transmitted_at=notice.transmitted_at,
        jws=jws,
    )


@router.get("/notices", response={200: Notices, **PROBLEMS}, summary="What the party was sent")
@open_to(Role.Name.LIAISON)
def list_notices(request: HttpRequest, page: Query[AfterIn]) -> Notices:
    party = _party(caller_of(request))
    rows = transmitted_to(party).filter(number__gt=page.after).select_related("transmission")
    found = list(rows[: page.limit + 1])
    shown = found[: page.limit]
    known = statuses_of(shown)
    following = shown[-1].number if len(found) > page.limit else None
    return Notices(items=[_out(each, known[each.id]) for each in shown], next=following)


@router.get("/notices/{number}", response={200: NoticeOut, **PROBLEMS}, summary="One, in full")
@open_to(Role.Name.LIAISON)
def read_notice(request: HttpRequest, number: int) -> NoticeOut:
    """Give the signed text as it was sent; the reading of an exact place is journalled."""
    caller = caller_of(request)
    if not 0 < number <= 2**53:
        raise NotFound
    (read,) = read_notices(caller.person, _party(caller), [number], "read by the HTTP API")
    found = _out(read.notice, statuses_of([read.notice])[read.notice.id], read.notice.jws)
    found.queries = [_query(row) for row in answers_to(read.notice) if row.answer == _QUERIED]
    return found


def _query(row: Receipt) -> QueryOut:
    reply: Reply | None = getattr(row, "reply", None)
    return QueryOut(
        id=row.id,
        grade=row.grade,
        question=row.question,
        asked_at=row.answered_at,
        reply=reply.content["words"] if reply else None,
        replied_at=reply.replied_at if reply else None,
    )


@router.post("/receipts", response={200: RecordedOut, **PROBLEMS}, summary="Answer, signed")
@open_to(Role.Name.LIAISON)
def record_receipts(request: HttpRequest, given: ReceiptsIn) -> RecordedOut:
    """Record each answer once, however often it comes: this needs no idempotency key."""
    caller = caller_of(request)
    done = do_record_receipts(_party(caller), given.receipts, acting_user=caller.person)
    return RecordedOut(recorded=len(done.receipts), already=done.already)


@router.post("/objections", response={201: ObjectionOut, **PROBLEMS}, summary="Object, signed")
@open_to(Role.Name.LIAISON)
def object_to(request: HttpRequest, given: ObjectionIn) -> Status[ObjectionOut]:
    caller = caller_of(request)
    row = do_object_signed(_party(caller), given.jws, acting_user=caller.person)
    return Status(201, ObjectionOut(id=row.id, grade=row.grade, recorded_at=row.recorded_at))


@router.post("/transmissions", response={200: Transmitted, **PROBLEMS}, summary="Send what is due")
@open_to(Role.Name.TRANSMITTER)
def transmit(request: HttpRequest, given: TransmissionIn) -> Transmitted:
    """Send nothing twice that has left: this needs no idempotency key."""
    caller = caller_of(request)
    party = find_party(caller.mechanism, str(given.party)) if given.party else None
    done = do_transmit(caller.mechanism, party, given.urgent, acting_user=caller.person)
    failures = [
        Failed(code=str(getattr(each, "code", "fault")), message=str(each))
        for each in done.failures
    ]
    return Transmitted(notices=done.notice_ids, failures=failures)
