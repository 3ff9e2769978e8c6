"""Step 7 of `verify`: each answer is the one recorded, and a signed one holds."""

from collections.abc import Iterable
from typing import Any, Final

from openhns.proofs import jws, shapes
from openhns.proofs.case import GRADES, AnswerFacts, Case, KnownKey, NoticeFacts
from openhns.proofs.opened import OpenedEvent
from openhns.proofs.proof_file import Role
from openhns.proofs.steps_objections import check_objections
from openhns.proofs.verdict import StepFailed

_SIGNED_GRADES: Final = {"A", "B"}
_ANSWERS: Final = {"received", "acknowledged", "queried"}
_VERSION: Final = 1
_QUERY_VERSION: Final = 2  # A query with its words; those of version 1 had none.
_RECORDED: Final[shapes.Shape] = {
    "answer": (str,),
    "bulk": (bool,),
    "document_sha256": (str, shapes.NONE),
    "grade": (str,),
    "jws_sha256": (str, shapes.NONE),
    "kid": (str, shapes.NONE),
    "machine": (bool,),
    "notice": (str,),
    "number": (int,),
    "receipt": (str,),
}
_RECEIPT: Final[shapes.Shape] = {
    "answer": (str,),
    "answered_at": (str,),
    "bulk": (bool,),
    "echelon": (str,),
    "head": (dict, shapes.NONE),
    "log": (str,),
    "machine": (bool,),
    "mechanism": (str,),
    "notice": (str,),
    "notice_sha256": (str,),
    "number": (int,),
    "party": (str,),
    "v": (int,),
}
_QUERY: Final[shapes.Shape] = {**_RECEIPT, "question": (str,)}


def check_receipts(case: Case) -> str:
    """Step 7."""
    documents = case.documents(Role.RECEIPT)
    texts = {shapes.sha256(document.text): document.text for document in documents}
    used = [_check_receipt(case, event, texts) for event in case.of_role(Role.RECEIPT)]
    signed = [digest for digest in used if digest]
    if sorted(signed) != sorted(texts) or len(documents) != len(texts):
        raise StepFailed("The file holds a signed answer that no event in the log speaks of.")
    words = f"{len(used)} answers, {len(signed)} of them signed by a party's key in the log."
    said = (words, *_revocations(case), check_objections(case))
    return " ".join(filter(None, said))


def _check_receipt(case: Case, event: OpenedEvent, texts: dict[str, str]) -> str | None:
    recorded = shapes.body(event, _RECORDED)
    notice, grade = case.notices.get(recorded["notice"]), recorded["grade"]
    if notice is None or grade not in GRADES:
        raise StepFailed("An answer in the file is to a notice that is not in it.")
    if recorded["number"] != notice.number or recorded["receipt"] != event.subject_id:
        raise StepFailed("An answer names another number or another receipt than its own.")
    if recorded["answer"] not in _ANSWERS:
        raise StepFailed("An answer in the file is none of the answers that there are.")
    if recorded["receipt"] in case.answers:
        raise StepFailed("An answer stands twice in the file.")
    is_signed = grade in _SIGNED_GRADES
    if any((recorded[name] is not None) != is_signed for name in ("jws_sha256", "kid")):
        raise StepFailed(f"An answer of grade {grade} is signed where it may not be, or is not.")
    read = _signed if is_signed else _unsigned
    answer = case.answers[recorded["receipt"]] = read(case, event, notice, texts)
    notice.answers.append(answer)
    return str(recorded["jws_sha256"]) if is_signed else None


def _unsigned(
    _case: Case, event: OpenedEvent, _notice: NoticeFacts, _texts: dict[str, str]
) -> AnswerFacts:
    body = event.body
    return AnswerFacts(
        id=body["receipt"],
        notice=body["notice"],
        answer=body["answer"],
        bulk=body["bulk"],
        machine=body["machine"],
        grade=body["grade"],
        recorded_at=event.time,
    )


def _signed(
    case: Case, event: OpenedEvent, notice: NoticeFacts, texts: dict[str, str]
) -> AnswerFacts:
    body = event.body
    if body["jws_sha256"] not in texts or body["kid"] not in case.party_keys:
        raise StepFailed("A signed answer, or the key that it is signed with, is not in the file.")
    key = case.party_keys[body["kid"]]
    signed = jws.verify(texts[body["jws_sha256"]], key.public_key, "openhns-receipt")
    receipt = shapes.exactly(signed, _shape_of(signed), "A party's signed answer")
    _require_agreement(receipt, _expected(case, event, notice, key))
    if "question" in receipt and receipt["answer"] != "queried":
        raise StepFailed("A party's signed answer asks something, and is no query.")
    if notice.party != key.party:
        raise StepFailed("An answer is signed with the key of another party than was notified.")
    if body["grade"] != key.grade:
        raise StepFailed("An answer has another grade than the key that it is signed with.")
    return AnswerFacts(
        id=body["receipt"],
        notice=body["notice"],
        answer=receipt["answer"],
        bulk=receipt["bulk"],
        machine=receipt["machine"],
        grade=body["grade"],
        recorded_at=event.time,
        kid=body["kid"],
        echelon=receipt["echelon"],
        answered_at=receipt["answered_at"],
        key_revoked_from=key.revoked_from,
        question=receipt.get("question"),
    )


def _shape_of(signed: Any) -> shapes.Shape:
    asks = isinstance(signed, dict) and signed.get("v") == _QUERY_VERSION
    return _QUERY if asks else _RECEIPT


def _expected(case: Case, event: OpenedEvent, notice: NoticeFacts, key: KnownKey) -> dict[str, Any]:
    return {
        "answer": event.body["answer"],
        "bulk": event.body["bulk"],
        "log": case.checkpoint.origin,
        "machine": event.body["machine"],
        "mechanism": notice.signed["mechanism"],
        "notice": notice.id,
        "notice_sha256": notice.sha256,
        "number": notice.number,
        "party": key.party,
    }


def _require_agreement(receipt: dict[str, Any], expected: dict[str, Any]) -> None:
    if receipt["v"] != (_QUERY_VERSION if "question" in receipt else _VERSION):
        raise StepFailed("A party's signed answer is of a version that is not known here.")
    for member, value in expected.items():
        if receipt[member] != value:
            raise StepFailed(f"A party's signed answer and the record disagree on its {member}.")


def _revocations(case: Case) -> Iterable[str]:
    """Say of each key that was revoked on which side of that its answers were recorded."""
    signed: dict[str | None, list[AnswerFacts]] = {}
    for answer in case.answers.values():
        signed.setdefault(answer.kid, []).append(answer)
    for kid, key in case.party_keys.items():
        if key.revoked_from is not None and kid in signed:
            yield _revocation(key.revoked_from, signed[kid])


def _revocation(revoked_from: str, signed: list[AnswerFacts]) -> str:
    if len(signed) == 1:
        side = "after" if signed[0].after_revocation else "before"
        return (
            f"The key was revoked from {revoked_from}; this answer was recorded at "
            f"{signed[0].recorded_at}, {side} that."
        )
    after = sum(answer.after_revocation for answer in signed)
    return (
        f"A key was revoked from {revoked_from}; of its {len(signed)} answers "
        f"{len(signed) - after} were recorded before that and {after} after."
    )
