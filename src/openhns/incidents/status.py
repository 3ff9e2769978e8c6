"""What had been sent to each party about a place, what came back, and what that proves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from openhns.incidents.matching import Pair
from openhns.notices.models import Notice, Objection, Receipt
from openhns.parties.access import participation_at
from openhns.parties.models import Party
from openhns.proofs import jws
from openhns.record.rows import timestamp

_AT_ONCE: Final = 500
SENT_ONLY: Final = "E"
_GRADES: Final = "ABCDE"


@dataclass(frozen=True, slots=True)
class Span:
    """The time in which the attack lies by all claims together; `start` None where unknown."""

    start: datetime | None
    end: datetime

    def side_of(self, moment: datetime) -> str:
        """Return `before`, `after` or `unclear`: where a moment lies beside the attack."""
        if self.start is not None and moment < self.start:
            return "before"
        return "after" if moment > self.end else "unclear"


def participation_of(party: Party, span: Span) -> dict[str, Any]:
    """Return whether the party took part when the attack began and ended, by what is recorded."""
    began = None if span.start is None else _participation(party, span.start)
    return {"at_begin": began, "at_end": _participation(party, span.end)}


def _participation(party: Party, moment: datetime) -> dict[str, Any]:
    statement = participation_at(party, moment)
    if statement is None:
        return {"status": "not yet participating", "effective_at": None, "recorded_at": None}
    return {
        "status": statement.status,
        "effective_at": timestamp(statement.effective_at),
        "recorded_at": timestamp(statement.recorded_at),
    }


@dataclass(frozen=True, slots=True)
class Answers:
    """Receipts and objections by notice."""

    receipts: Mapping[UUID, Sequence[Receipt]]
    objections: Mapping[UUID, Sequence[Objection]]


def open_notices(ids: Iterable[UUID]) -> dict[UUID, Notice]:
    wanted, found = list(ids), {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Notice.objects.filter(id__in=wanted[start : start + _AT_ONCE])
        found.update({row.id: row for row in rows.select_related("transmission")})
    return found


def answers_to(ids: Iterable[UUID]) -> Answers:
    wanted = list(ids)
    receipts: dict[UUID, list[Receipt]] = {}
    objections: dict[UUID, list[Objection]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        chunk = wanted[start : start + _AT_ONCE]
        rows = Receipt.objects.filter(notice_id__in=chunk).select_related("key")
        for receipt in rows.order_by("answered_at", "id"):
            receipts.setdefault(receipt.notice_id, []).append(receipt)
        for item in Objection.objects.filter(notice_id__in=chunk).order_by("made_at", "id"):
            objections.setdefault(item.notice_id, []).append(item)
    return Answers(receipts, objections)


def notice_status(
    notice: Notice, pairs: Sequence[Pair], answers: Answers, span: Span
) -> dict[str, Any]:
    """Return one notice as the certificate states it; `pairs` are its matches, one per claim."""
    payload = jws.read(notice.jws).payload
    receipts = [_receipt(item, span) for item in answers.receipts.get(notice.id, ())]
    held = pairs[0]
    return {
        "id": str(notice.id),
        "number": notice.number,
        "kind": notice.kind,
        "grade": notice.grade,
        "reference": payload["subject"]["reference"],
        "subject": payload["subject"]["kind"],
        "urgent": notice.urgent,
        "told": payload["content"],
        "valid": payload["valid"],
        "transmitted_at": _stamp(notice.transmitted_at),
        "transmission": notice.transmission.status,
        "held_from": timestamp(held.start),
        "held_until": _stamp(held.end),
        "jws_sha256": notice.jws_sha256,
        "answers": receipts,
        "proved_before": _best(receipts, {"before"}),
        "proved_by_now": _best(receipts, {"before", "unclear", "after"}),
        "objections": [_objection(item, span) for item in answers.objections.get(notice.id, ())],
        "matches": [_pair(pair) for pair in pairs],
    }


def _best(receipts: Sequence[Mapping[str, Any]], sides: set[str]) -> dict[str, Any]:
    """Return the strongest proof of receipt among those answers; E, sent only, without any."""
    fitting = [item for item in receipts if item["beside_attack"] in sides]
    if not fitting:
        nothing = {"answer": None, "bulk": False, "machine": False, "key_revoked_from": None}
        return {"grade": SENT_ONLY, **nothing}
    best = min(fitting, key=_weakness)
    return {name: best[name] for name in ("grade", "answer", "bulk", "machine", "key_revoked_from")}


def _weakness(receipt: Mapping[str, Any]) -> tuple[int, bool, bool]:
    revoked = receipt["key_revoked_from"] is not None
    return _GRADES.index(receipt["grade"]), revoked, receipt["bulk"]


def _receipt(receipt: Receipt, span: Span) -> dict[str, Any]:
    return {
        "id": str(receipt.id),
        "grade": receipt.grade,
        "answer": receipt.answer,
        "bulk": receipt.bulk,
        "machine": receipt.machine,
        "echelon": receipt.content.get("echelon") or None,
        "answered_at": timestamp(receipt.answered_at),
        "recorded_at": timestamp(receipt.recorded_at),
        "key_revoked_from": _revoked_from(receipt),
        "beside_attack": span.side_of(receipt.answered_at),
    }


def _revoked_from(receipt: Receipt) -> str | None:
    """Return from when the key was revoked, where the answer was recorded only then or later.

    The time inside a receipt is its signer's own word, so the time of recording counts.
    """
    revoked = receipt.key.revoked_at if receipt.key is not None else None
    return _stamp(revoked) if revoked is not None and revoked <= receipt.recorded_at else None


def _objection(objection: Objection, span: Span) -> dict[str, Any]:
    return {
        "id": str(objection.id),
        "grade": objection.grade,
        "grounds": objection.content.get("grounds"),
        "warning": objection.warning,
        "time_limit": _stamp(objection.time_limit),
        "made_at": timestamp(objection.made_at),
        "answered_at": _stamp(objection.answered_at),
        "beside_attack": span.side_of(objection.made_at),
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "claim": str(pair.claim_id),
        "verdict": pair.verdict,
        "distance_m": pair.distance_m,
        "reasons": list(pair.reasons),
    }


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)
