"""Of step 7: each objection is the one recorded, and a signed one holds under the party's key."""

from typing import Any, Final

from openhns.proofs import jws, shapes
from openhns.proofs.case import GRADES, Case, KnownKey, NoticeFacts, ObjectionFacts
from openhns.proofs.opened import OpenedEvent
from openhns.proofs.proof_file import Role
from openhns.proofs.verdict import StepFailed

_SIGNED_GRADES: Final = {"A", "B"}
_VERSION: Final = 1
_RECORDED: Final[shapes.Shape] = {
    "grade": (str,),
    "jws_sha256": (str, shapes.NONE),
    "kid": (str, shapes.NONE),
    "notice": (str,),
    "number": (int,),
    "objection": (str,),
    "time_limit": (str, shapes.NONE),
    "warning": (bool,),
}
_OBJECTION: Final[shapes.Shape] = {
    "grounds": (str,),
    "head": (dict, shapes.NONE),
    "log": (str,),
    "made_at": (str,),
    "made_by": (str,),
    "mechanism": (str,),
    "notice": (str,),
    "notice_sha256": (str,),
    "number": (int,),
    "party": (str,),
    "time_limit": (str, shapes.NONE),
    "v": (int,),
    "warning": (bool,),
}


def check_objections(case: Case) -> str:
    """Return what is said of the objections in a file; raise StepFailed."""
    documents = case.documents(Role.OBJECTION)
    texts = {shapes.sha256(document.text): document.text for document in documents}
    used = [_check(case, event, texts) for event in case.of_role(Role.OBJECTION)]
    signed = [digest for digest in used if digest]
    if sorted(signed) != sorted(texts) or len(documents) != len(texts):
        raise StepFailed("The file holds a signed objection that no event in the log speaks of.")
    if not used:
        return ""
    return f"{len(used)} objections, {len(signed)} of them signed by a party's key in the log."


def _check(case: Case, event: OpenedEvent, texts: dict[str, str]) -> str | None:
    recorded = shapes.body(event, _RECORDED)
    notice, grade = case.notices.get(recorded["notice"]), recorded["grade"]
    if notice is None or grade not in GRADES:
        raise StepFailed("An objection in the file is to a notice that is not in it.")
    if recorded["number"] != notice.number or recorded["objection"] != event.subject_id:
        raise StepFailed("An objection names another number or another objection than its own.")
    if recorded["objection"] in {item.id for item in notice.objections}:
        raise StepFailed("An objection stands twice in the file.")
    is_signed = grade in _SIGNED_GRADES
    if any((recorded[name] is not None) != is_signed for name in ("jws_sha256", "kid")):
        raise StepFailed(f"An objection of grade {grade} is signed where it may not be, or is not.")
    key, said = _signed(case, event, notice, texts) if is_signed else (None, {})
    notice.objections.append(
        ObjectionFacts(
            id=recorded["objection"],
            grade=grade,
            warning=recorded["warning"],
            time_limit=recorded["time_limit"],
            recorded_at=event.time,
            kid=recorded["kid"],
            grounds=said.get("grounds"),
            made_by=said.get("made_by"),
            made_at=said.get("made_at"),
            key_revoked_from=key.revoked_from if key else None,
        )
    )
    return str(recorded["jws_sha256"]) if is_signed else None


def _signed(
    case: Case, event: OpenedEvent, notice: NoticeFacts, texts: dict[str, str]
) -> tuple[KnownKey, dict[str, Any]]:
    body = event.body
    if body["jws_sha256"] not in texts or body["kid"] not in case.party_keys:
        raise StepFailed("A signed objection, or the key it is signed with, is not in the file.")
    key = case.party_keys[body["kid"]]
    signed = jws.verify(texts[body["jws_sha256"]], key.public_key, "openhns-objection")
    said = shapes.exactly(signed, _OBJECTION, "A party's signed objection")
    expected = {
        "log": case.checkpoint.origin,
        "mechanism": notice.signed["mechanism"],
        "notice": notice.id,
        "notice_sha256": notice.sha256,
        "number": notice.number,
        "party": key.party,
        "time_limit": body["time_limit"],
        "v": _VERSION,
        "warning": body["warning"],
    }
    for member, value in expected.items():
        if said[member] != value:
            raise StepFailed(f"A party's signed objection and the record disagree on its {member}.")
    if notice.party != key.party or body["grade"] != key.grade:
        raise StepFailed("An objection is signed with a key of another party or another grade.")
    return key, said
