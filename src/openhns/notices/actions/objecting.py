"""Objections: recorded with their grounds, and an alarm until they are answered."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from openhns.jobs.actions import enqueue
from openhns.mechanism.access import require_any_role
from openhns.mechanism.models import Mechanism, Person
from openhns.mechanism.people import OPERATOR_ROLES
from openhns.notices.access import require_answerer
from openhns.notices.due import ALARM
from openhns.notices.errors import (
    NoticeNotFound,
    ObjectionAnswered,
    ObjectionNotFound,
    ReceiptTimeImpossible,
    TextMissing,
)
from openhns.notices.events import NoticesEvent
from openhns.notices.models import Notice, Objection, Transmission
from openhns.record.rows import timestamp
from openhns.record.writing import NewEvent, find_log, write_event

LONGEST_TEXT: Final = 20_000


def do_object(
    notice: Notice,
    grounds: str,
    *,
    warning: bool = False,
    time_limit: datetime | None = None,
    made_at: datetime | None = None,
    grade: str = "D",
    acting_user: Person,
) -> Objection:
    """Record that a party objects; the status of the site stays as it is.

    `warning` says that the party gave it as the warning after which protection may cease
    (GC I Art. 21), `time_limit` until when. `grade` is how it came: C a letter, D a call. Raises
    TextMissing, NoticeNotFound for a notice that never left, ReceiptTimeImpossible.
    """
    actor = require_answerer(acting_user, notice.party)
    now = timezone.now()
    made = made_at or now
    if made > now:
        raise ReceiptTimeImpossible("An objection cannot have been made in the future.")
    if notice.transmission.status != Transmission.Status.TRANSMITTED:
        raise NoticeNotFound("That notice was never transmitted: nobody can object to it.")
    with transaction.atomic():
        objection = Objection(
            scope=notice.scope,
            notice=notice,
            warning=warning,
            time_limit=time_limit,
            made_at=made,
            recorded_at=now,
            grade=grade,
        )
        objection.seal_content({"grounds": _text(grounds, "grounds")})
        objection.save(force_insert=True)
        write_event(find_log(notice.scope), _made(objection, actor))
        enqueue(ALARM, objection.id)
    return objection


def _made(objection: Objection, actor: str) -> NewEvent:
    limit = objection.time_limit
    body = {
        "notice": str(objection.notice_id),
        "number": objection.notice.number,
        "objection": str(objection.id),
        "warning": objection.warning,
        "time_limit": None if limit is None else timestamp(limit),
        "made_at": timestamp(objection.made_at),
        "grade": objection.grade,
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
    """Record the answer to an objection, which ends its alarm. Raises ObjectionAnswered."""
    require_any_role(acting_user, objection.notice.party.mechanism, sorted(OPERATOR_ROLES))
    text = _text(answer, "answer")
    with transaction.atomic():
        row = Objection.objects.select_for_update().get(id=objection.id)
        if row.answered_at is not None:
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
