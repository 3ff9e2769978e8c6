"""Record what a party said back: signed (grade A or B), a letter (C), or a call (D)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from openhns.mechanism.access import require_any_role
from openhns.mechanism.models import Person
from openhns.mechanism.people import OPERATOR_ROLES
from openhns.notices.access import notices_to_answer, require_answerer, transmitted_to
from openhns.notices.answers import LONGEST_ECHELON, Judge, Judged, require_answers
from openhns.notices.errors import (
    NothingToAnswer,
    QueryOfMany,
    ReceiptTimeImpossible,
    TextMissing,
)
from openhns.notices.events import NoticesEvent
from openhns.notices.evidence import Upload, evidence_path, keep_document
from openhns.notices.inbox import FINAL, mark_answered
from openhns.notices.models import Notice, Receipt
from openhns.notices.questions import require_question
from openhns.parties.access import usable_key
from openhns.parties.models import Party, PartyKey
from openhns.proofs.canonical import canonical
from openhns.record.inserting import insert
from openhns.record.writing import NewEvent, find_log, write_events
from openhns.vault.rings import ring_of

LONGEST_WORDS: Final = 10_000
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Recorded:
    """The receipts that were recorded, and how many had been recorded before."""

    receipts: list[Receipt]
    already: int


@dataclass(frozen=True, slots=True)
class _Said:
    """One answer to one notice, in whatever way it came. `content` is sealed with the row."""

    notice: Notice
    grade: str
    answer: str
    bulk: bool
    machine: bool
    answered_at: datetime
    content: Mapping[str, Any]
    same_if: Sequence[Any]
    key: PartyKey | None = None
    jws_sha256: str | None = None
    document_sha256: str | None = None


def do_record_receipts(party: Party, receipts: Sequence[str], *, acting_user: Person) -> Recorded:
    """Record signed receipts: all of them or, if one does not hold, none.

    The same answer by the same key to the same notice is recorded once. Raises ReceiptRefused
    and its kinds, and KeyRevoked of the parties.
    """
    actor = require_answerer(acting_user, party)
    if not receipts:
        raise NothingToAnswer("No receipt was given.")
    log = find_log(party.mechanism_id)
    judge = Judge(party, log.origin, timezone.now())
    judged = [judge.judge(text) for text in receipts]
    with transaction.atomic():
        # Keys may be revoked and receipts recorded at the same time; the party's row orders them,
        # and what was judged before the lock is judged by the keys as they stand under it.
        Party.objects.select_for_update().get(id=party.id)
        _require_usable(party, {item.key.kid for item in judged})
        notices = _notices(party, [item.notice_id for item in judged])
        said = [
            _signed(item, require_answers(item, notices.get(item.notice_id))) for item in judged
        ]
        return _record(party, said, actor)


def _require_usable(party: Party, kids: Iterable[str]) -> None:
    now = timezone.now()
    for kid in sorted(kids):
        usable_key(party, kid, now)


def _notices(party: Party, ids: Sequence[UUID]) -> dict[UUID, Notice]:
    found: dict[UUID, Notice] = {}
    for start in range(0, len(ids), _AT_ONCE):
        rows = transmitted_to(party).filter(id__in=ids[start : start + _AT_ONCE])
        found.update({row.id: row for row in rows.defer("sealed")})
    return found


def _signed(judged: Judged, notice: Notice) -> _Said:
    payload = judged.payload
    return _Said(
        notice=notice,
        grade=judged.key.grade,
        answer=payload["answer"],
        bulk=payload["bulk"],
        machine=payload["machine"],
        answered_at=judged.answered_at,
        content={"jws": judged.text, **_signed_words(payload)},
        same_if=["signed", judged.key.kid, payload["answer"], *_signed_words(payload).values()],
        key=judged.key,
        jws_sha256=judged.sha256,
    )


def _signed_words(payload: Mapping[str, Any]) -> dict[str, str]:
    return {name: payload[name] for name in ("echelon", "question") if name in payload}


def do_record_letter(
    party: Party,
    notice_ids: Sequence[UUID] | None,
    file: Path | Upload,
    *,
    answer: str = Receipt.Answer.ACKNOWLEDGED,
    received_at: datetime | None = None,
    echelon: str = "",
    question: str = "",
    acting_user: Person,
) -> Recorded:
    """Put a letter or an authenticated e-mail on file as grade C; None: it answers all notices.

    A letter that queries says in `question` what it asks, about one notice. Raises
    EvidenceUnusable, NoticeNotFound, NothingToAnswer, QueryOfMany, QuestionMissing,
    TextHasControls.
    """
    actor = require_any_role(acting_user, party.mechanism, sorted(OPERATOR_ROLES))
    notices = _to_answer(party, notice_ids, echelon)
    asked = _asked(answer, question, notices)
    moment = _past(received_at)
    document = keep_document(party.mechanism_id, file)
    content = {"document": document.as_json(), "echelon": echelon, **asked}
    try:
        with transaction.atomic():
            Party.objects.select_for_update().get(id=party.id)
            said = [
                _Said(
                    notice=notice,
                    grade="C",
                    answer=Receipt.Answer(answer),
                    bulk=len(notices) > 1,
                    machine=False,
                    answered_at=moment,
                    content=content,
                    same_if=["letter", document.sha256, answer, *asked.values()],
                    document_sha256=document.sha256,
                )
                for notice in notices
            ]
            recorded = _record(party, said, actor)
    except BaseException:
        evidence_path(document.id).unlink(missing_ok=True)
        raise
    if not recorded.receipts:  # The same letter was put on file before.
        evidence_path(document.id).unlink(missing_ok=True)
    return recorded


def do_log_call(
    party: Party,
    notice_ids: Sequence[UUID] | None,
    words: str,
    who: str,
    at: datetime | None = None,
    *,
    answer: str = Receipt.Answer.ACKNOWLEDGED,
    echelon: str = "",
    acting_user: Person,
) -> Recorded:
    """Log a call or message as grade D: what was said, by whom, when.

    Of a call that queries, what was said is what is asked, about one notice. Raises TextMissing,
    TextHasControls, QueryOfMany.
    """
    actor = require_any_role(acting_user, party.mechanism, sorted(OPERATOR_ROLES))
    for text in (words, who):
        if not text.strip() or len(text) > LONGEST_WORDS:
            raise TextMissing("A call's log says who called and what was said, neither too long.")
    notices = _to_answer(party, notice_ids, echelon)
    _asked(answer, words, notices)
    moment = _past(at)
    with transaction.atomic():
        Party.objects.select_for_update().get(id=party.id)
        said = [
            _Said(
                notice=notice,
                grade="D",
                answer=Receipt.Answer(answer),
                bulk=len(notices) > 1,
                machine=False,
                answered_at=moment,
                content={"words": words, "who": who, "echelon": echelon},
                same_if=["call", words, who, answer, moment.isoformat()],
            )
            for notice in notices
        ]
        return _record(party, said, actor)


def do_query(
    notice: Notice,
    question: str,
    *,
    made_by: str = "",
    idempotency: str = "",
    acting_user: Person,
) -> Recorded:
    """Record a party's query as it was typed: grade D, signed by nobody.

    What was sent twice under one `idempotency` is recorded once. Raises TextMissing,
    TextHasControls, NoticeNotFound for a notice that never left.
    """
    party = notice.party
    actor = require_answerer(acting_user, party)
    notices = _to_answer(party, [notice.id], made_by)
    asked = _asked(Receipt.Answer.QUERIED, question, notices)
    with transaction.atomic():
        Party.objects.select_for_update().get(id=party.id)
        said = _Said(
            notice=notices[0],
            grade="D",
            answer=Receipt.Answer.QUERIED,
            bulk=False,
            machine=False,
            answered_at=timezone.now(),
            content={"echelon": made_by, **asked},
            same_if=["typed", idempotency or str(uuid4())],
        )
        return _record(party, [said], actor)


def _asked(answer: str, question: str, notices: Sequence[Notice]) -> dict[str, str]:
    """Return what is asked, for the content of a query; nothing for another answer."""
    if answer != Receipt.Answer.QUERIED:
        return {}
    if len(notices) > 1:
        raise QueryOfMany("A query is about one notice.")
    return {"question": require_question(question)}


def _to_answer(party: Party, ids: Sequence[UUID] | None, echelon: str) -> list[Notice]:
    if len(echelon) > LONGEST_ECHELON:
        raise TextMissing(f"An echelon has at most {LONGEST_ECHELON} characters.")
    notices = notices_to_answer(party, ids)
    if not notices:
        raise NothingToAnswer(f"Nothing was transmitted to {party.name} that could be answered.")
    return notices


def _past(moment: datetime | None) -> datetime:
    now = timezone.now()
    if moment is not None and moment > now:
        raise ReceiptTimeImpossible("An answer cannot have come in the future.")
    return moment or now


def _record(party: Party, said: Sequence[_Said], actor: str) -> Recorded:
    rows = _rows(party, said)
    known = _known(rows)
    new = [(key, row, item) for key, (row, item) in rows.items() if key not in known]
    log = find_log(party.mechanism_id)
    for start in range(0, len(new), _AT_ONCE):
        some = new[start : start + _AT_ONCE]
        insert([row for _, row, _ in some])
        write_events(log, (_event(party, row, item, actor) for _, row, item in some))
        mark_answered(row.notice_id for _, row, _ in some if row.answer in FINAL)
    return Recorded([row for _, row, _ in new], len(said) - len(new))


def _rows(party: Party, said: Iterable[_Said]) -> dict[bytes, tuple[Receipt, _Said]]:
    ring, now = ring_of(party.mechanism_id), timezone.now()
    rows: dict[bytes, tuple[Receipt, _Said]] = {}
    for item in said:
        same = canonical([str(item.notice.id), *map(str, item.same_if)]).decode()
        row = Receipt(
            scope=party.mechanism_id,
            notice=item.notice,
            grade=item.grade,
            answer=str(item.answer),
            bulk=item.bulk,
            machine=item.machine,
            key=item.key,
            answered_at=item.answered_at,
            recorded_at=now,
            idempotency_key=ring.keyed_hash("receipt", same),
        )
        row.seal_content(dict(item.content))
        rows[bytes(row.idempotency_key)] = row, item
    return rows


def _known(keys: Iterable[bytes]) -> set[bytes]:
    wanted = list(keys)
    known: set[bytes] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        some = Receipt.objects.filter(idempotency_key__in=wanted[start : start + _AT_ONCE])
        known |= {bytes(key) for key in some.values_list("idempotency_key", flat=True)}
    return known


def _event(party: Party, row: Receipt, said: _Said, actor: str) -> NewEvent:
    body = {
        "notice": str(row.notice_id),
        "number": said.notice.number,
        "receipt": str(row.id),
        "grade": row.grade,
        "answer": str(row.answer),
        "bulk": row.bulk,
        "machine": row.machine,
        "jws_sha256": said.jws_sha256,
        "document_sha256": said.document_sha256,
        "kid": said.key.kid if said.key else None,
    }
    return NewEvent(
        NoticesEvent.RECEIPT_RECORDED,
        "receipt",
        row.id,
        body,
        audience=party.id,
        rows=[row],
        actor=actor,
    )
