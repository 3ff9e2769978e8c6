"""Objections: recorded with their grounds, and an alarm until they are answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from openhns.jobs.actions import enqueue
from openhns.mechanism.models import Mechanism, Person
from openhns.notices.access import require_answerer, transmitted_to
from openhns.notices.answers import LONGEST_ECHELON, Judge, Judged, require_about
from openhns.notices.due import ALARM
from openhns.notices.errors import (
    NoticeNotFound,
    ObjectionAnswered,
    ObjectionNotFound,
    ReceiptRefused,
    ReceiptTimeImpossible,
    TextMissing,
)
from openhns.notices.events import NoticesEvent
from openhns.notices.inbox import mark_answered
from openhns.notices.models import Notice, Objection, Transmission
from openhns.notices.my_objections import require_objection_answerer
from openhns.notices.objections import judge_objection
from openhns.parties.access import usable_key
from openhns.parties.models import Party
from openhns.proofs.canonical import canonical
from openhns.record.rows import timestamp
from openhns.record.writing import NewEvent, find_log, write_event
from openhns.vault.rings import ring_of

LONGEST_TEXT: Final = 20_000
_UNSIGNED: Final = frozenset("CD")


@dataclass(frozen=True, slots=True)
class _Said:
    """One objection, in whatever way it came; the same again if `same_if` is the same."""

    grounds: str
    warning: bool
    time_limit: datetime | None
    made_at: datetime
    grade: str
    made_by: str
    same_if: Sequence[str]
    signed: Judged | None = None

    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = {"grounds": self.grounds}
        if self.made_by:
            content["made_by"] = self.made_by
        if self.signed:
            content |= {"jws": self.signed.text, "kid": self.signed.key.kid}
        return content


def do_object(
    notice: Notice,
    grounds: str,
    *,
    warning: bool = False,
    time_limit: datetime | None = None,
    made_at: datetime | None = None,
    grade: str = "D",
    made_by: str = "",
    idempotency: str = "",
    acting_user: Person,
) -> Objection:
    """Record that a party objects; the status of the site stays as it is.

    `warning` says that the party gave it as the warning after which protection may cease
    (GC I Art. 21), `time_limit` until when. `grade` is how it came: C a letter, D a call or what
    was typed without a key. What was sent twice under one `idempotency` is recorded once. Raises
    TextMissing, NoticeNotFound for a notice that never left, ReceiptTimeImpossible.
    """
    actor = require_answerer(acting_user, notice.party)
    now = timezone.now()
    if made_at is not None and made_at > now:
        raise ReceiptTimeImpossible("An objection cannot have been made in the future.")
    if grade not in _UNSIGNED:
        raise ReceiptRefused("An objection that nobody signed is of grade C or D.")
    said = _Said(
        grounds=_text(grounds, "grounds"),
        warning=warning,
        time_limit=time_limit,
        made_at=made_at or now,
        grade=grade,
        made_by=made_by,
        same_if=["typed", idempotency or str(uuid4())],
    )
    with transaction.atomic():
        return _write(notice, said, actor)


def do_object_signed(party: Party, text: str, *, acting_user: Person) -> Objection:
    """Record a signed objection, of grade A or B as its key's; the same one again is the first.

    Raises ReceiptRefused and its kinds, KeyRevoked of the parties, TextMissing.
    """
    actor = require_answerer(acting_user, party)
    judge = Judge(party, find_log(party.mechanism_id).origin, timezone.now())
    judged = judge_objection(judge, text)
    signed = judged.signed
    payload, key = signed.payload, signed.key
    if len(payload["made_by"]) > LONGEST_ECHELON:
        raise TextMissing(f"Who objects is said in at most {LONGEST_ECHELON} characters.")
    said = _Said(
        grounds=_text(payload["grounds"], "grounds"),
        warning=payload["warning"],
        time_limit=judged.time_limit,
        made_at=signed.answered_at,
        grade=key.grade,
        made_by=payload["made_by"],
        same_if=["signed", signed.sha256],
        signed=signed,
    )
    with transaction.atomic():
        # As of receipts: the party's row orders revocations and what is recorded.
        Party.objects.select_for_update().get(id=party.id)
        usable_key(party, key.kid, timezone.now())
        notice = transmitted_to(party).filter(id=judged.notice_id).first()
        return _write(require_about(payload, signed.answered_at, notice), said, actor)


def _write(notice: Notice, said: _Said, actor: str) -> Objection:
    if notice.transmission.status != Transmission.Status.TRANSMITTED:
        raise NoticeNotFound("That notice was never transmitted: nobody can object to it.")
    Party.objects.select_for_update().get(id=notice.party_id)
    same = canonical([str(notice.id), *said.same_if]).decode()
    key = ring_of(notice.scope).keyed_hash("objection", same)
    known = Objection.objects.filter(idempotency_key=key).first()
    if known is not None:
        return known
    objection = Objection(
        scope=notice.scope,
        notice=notice,
        warning=said.warning,
        time_limit=said.time_limit,
        made_at=said.made_at,
        recorded_at=timezone.now(),
        grade=said.grade,
        idempotency_key=key,
    )
    objection.seal_content(said.content())
    objection.save(force_insert=True)
    write_event(find_log(notice.scope), _made(objection, said, actor))
    mark_answered([notice.id])
    enqueue(ALARM, objection.id)
    return objection


def _made(objection: Objection, said: _Said, actor: str) -> NewEvent:
    limit, signed = objection.time_limit, said.signed
    body = {
        "notice": str(objection.notice_id),
        "number": objection.notice.number,
        "objection": str(objection.id),
        "warning": objection.warning,
        "time_limit": None if limit is None else timestamp(limit),
        "made_at": timestamp(objection.made_at),
        "grade": objection.grade,
        "jws_sha256": signed.sha256 if signed else None,
        "kid": signed.key.kid if signed else None,
    }
    return NewEvent(
        NoticesEvent.OBJECTION_MADE,
        "objection",
        objection.id,
        body,
        audience=objection.notice.party_id,
        rows=[objection],
        actor=actor,
    )


def do_answer_objection(objection: Objection, answer: str, *, acting_user: Person) -> Objection:
    """Record the answer to an objection, which ends its alarm.

    The operator's people answer, and for a place of its own its organisation. The same answer by
    the same person again is the first. Raises ObjectionAnswered, TextMissing, NotAllowed.
    """
    actor = require_objection_answerer(acting_user, objection)
    text = _text(answer, "answer")
    with transaction.atomic():
        row = Objection.objects.select_for_update(of=("self",)).get(id=objection.id)
        if row.answered_at is not None:
            if (row.content["answer"], row.content["by"]) == (text, acting_user.handle):
                return row
            raise ObjectionAnswered("That objection was answered before; the answer stands.")
        row.answered_at = timezone.now()
        row.seal_content(row.content | {"answer": text, "by": acting_user.handle})
        row.save(update_fields=["answered_at", "sealed"])
        # Without audience: an answer is the organisation's and operator's until it is sent.
        event = NewEvent(
            NoticesEvent.OBJECTION_ANSWERED,
            "objection",
            row.id,
            {"notice": str(row.notice_id), "by": acting_user.handle},
            rows=[row],
            actor=actor,
        )
        write_event(find_log(row.scope), event)
    return row


def _text(text: str, what: str) -> str:
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise TextMissing(f"An objection has {what}, of at most {LONGEST_TEXT} characters.")
    return text.strip()


def find_objection(mechanism: Mechanism, objection_id: UUID) -> Objection:
    """Return an objection of a mechanism; raise ObjectionNotFound."""
    found = (
        Objection.objects.filter(id=objection_id, scope=mechanism.id)
        .select_related("notice__party__mechanism")
        .first()
    )
    if found is None:
        raise ObjectionNotFound("No objection of that identifier was recorded here.")
    return found


def open_objections(mechanism: Mechanism) -> list[Objection]:
    """Return the objections that wait for an answer, warnings with the nearest limit first."""
    waiting = Objection.objects.filter(scope=mechanism.id, answered_at=None).select_related(
        "notice__party", "notice__listing__organisation", "notice__version"
    )
    return sorted(waiting, key=lambda item: (not item.warning, item.time_limit or item.made_at))
