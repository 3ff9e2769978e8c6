"""Step 8 of `verify`: the file proves what it says it proves, and holds nothing beside it."""

from collections.abc import Iterator
from typing import Any, Final

from openhns.proofs import jws, shapes
from openhns.proofs.case import AnswerFacts, Case
from openhns.proofs.proof_file import Kind, Role
from openhns.proofs.verdict import StepFailed

_NOTIFYING: Final = {
    Role.MECHANISM,
    Role.NOTICE,
    Role.TRANSMISSION,
    Role.PARTY_KEY,
    Role.RECEIPT,
    Role.KEY_REVOCATION,
}
_GROUPS: Final = ("held", "ended_before", "sent_later")
_CERTIFICATE: Final[shapes.Shape] = {
    "id": (str,),
    "incident": (str,),
    "log": (str,),
    "parties": (list,),
    "v": (int,),
}
_NAMED_NOTICE: Final[shapes.Shape] = {
    "answers": (list,),
    "grade": (str,),
    "id": (str,),
    "jws_sha256": (str,),
    "number": (int,),
    "transmitted_at": (str, shapes.NONE),
}
_NAMED_ANSWER: Final[shapes.Shape] = {
    "answer": (str,),
    "bulk": (bool,),
    "grade": (str,),
    "id": (str,),
    "machine": (bool,),
}
_ABSENCE: Final = (
    "That nothing else was sent, and that nothing else came back, is the operator's statement: "
    "no log shows by itself what was not sent."
)


def check_subject(case: Case) -> str:
    """Step 8."""
    kind, subject = case.file.kind, case.file.subject
    held = {event.role for event in case.events}
    if Role.MECHANISM not in held and kind != Kind.WITHDRAWAL:
        raise StepFailed("The file does not hold the event that names the mechanism's key.")
    words = _SUBJECTS[kind](case, subject, held)
    notices = [notice.as_json() for notice in case.notices.values()]
    case.facts |= {"kind": str(kind), "subject": subject, "notices": notices}
    used = {answer.kid for answer in case.answers.values()}
    used |= {item.kid for notice in case.notices.values() for item in notice.objections}
    if not case.party_keys.keys() <= used:
        raise StepFailed("The file holds a party's key that signed nothing in it.")
    return words


def _only(held: set[Role], allowed: set[Role]) -> None:
    odd = sorted(held - allowed)
    if odd:
        raise StepFailed(f"The file holds entries beside its subject: {', '.join(odd)}.")


def _require_documents(case: Case, roles: set[Role]) -> None:
    odd = sorted({document.role for document in case.file.documents} - roles)
    if odd:
        raise StepFailed(f"The file holds documents beside its subject: {', '.join(odd)}.")


def _about_notice(case: Case, subject: str, held: set[Role]) -> str:
    _only(held, _NOTIFYING | {Role.OBJECTION})
    _require_documents(case, {Role.NOTICE, Role.RECEIPT, Role.OBJECTION})
    if list(case.notices) != [subject]:
        raise StepFailed("The file is about another notice than it says.")
    notice = case.notices[subject]
    party, grade = notice.signed["party"]["name"], notice.signed["grade"]
    return f"Notice {notice.number} to {party}, grade {grade}."


def _about_receipt(case: Case, subject: str, held: set[Role]) -> str:
    _only(held, _NOTIFYING)
    _require_documents(case, {Role.NOTICE, Role.RECEIPT})
    if list(case.answers) != [subject] or len(case.notices) != 1:
        raise StepFailed("The file is about another receipt than it says.")
    return "One answer of a party to one notice."


def _about_incident(case: Case, subject: str, held: set[Role]) -> str:
    _only(held, _NOTIFYING | {Role.CERTIFICATE})
    _require_documents(case, {Role.NOTICE, Role.RECEIPT, Role.CERTIFICATE})
    certificate = _certificate(case)
    if certificate["incident"] != subject:
        raise StepFailed("The certificate is about another incident than the file says.")
    named: set[str] = set()
    for party, notice in _named_notices(certificate):
        named.add(notice["id"])
        _require_notice(case, party, notice)
    if case.notices.keys() - named:
        raise StepFailed("The file holds a notice that its certificate does not name.")
    case.facts |= {"certificate": certificate, "statement_of_absence": _ABSENCE}
    return (
        "A status-at-strike certificate, signed by the mechanism and recorded in the log; each of "
        f"the {len(named)} notices and each answer that it names is in the file. {_ABSENCE}"
    )


def _certificate(case: Case) -> dict[str, Any]:
    event, documents = case.the_one(Role.CERTIFICATE), case.documents(Role.CERTIFICATE)
    if len(documents) != 1 or shapes.sha256(documents[0].text) != shapes.text(event, "jws_sha256"):
        raise StepFailed("The certificate in the file is not the one whose hash the log holds.")
    if case.mechanism_key is None:
        raise StepFailed("The file does not hold the mechanism's key.")
    signed = jws.verify(documents[0].text, case.mechanism_key, "openhns-certificate")
    certificate = shapes.has_form(signed, _CERTIFICATE, "The certificate")
    if certificate["v"] != 1 or certificate["log"] != case.checkpoint.origin:
        raise StepFailed("The certificate is of a version not known here, or of another log.")
    if certificate["incident"] != event.subject_id:
        raise StepFailed("The certificate and the log disagree on its incident.")
    if certificate["id"] != shapes.text(event, "certificate"):
        raise StepFailed("The certificate and the log disagree on its id.")
    return certificate


def _named_notices(certificate: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each notice that the certificate names, with the id of the party it was sent to."""
    shape: shapes.Shape = {"id": (str,), **dict.fromkeys(_GROUPS, (list,))}
    for party in certificate["parties"]:
        groups = shapes.has_form(party, shape, "A party in the certificate")
        for group in _GROUPS:
            for notice in groups[group]:
                what = "A notice in the certificate"
                yield groups["id"], shapes.has_form(notice, _NAMED_NOTICE, what)


def _require_notice(case: Case, party: str, named: dict[str, Any]) -> None:
    notice = case.notices.get(named["id"])
    if notice is None:
        raise StepFailed(f"The certificate names notice {named['id']}, which is not in the file.")
    said = (named["jws_sha256"], named["number"], named["grade"], party)
    if said != (notice.sha256, notice.number, notice.signed["grade"], notice.party):
        raise StepFailed(f"Notice {notice.id} in the file is not as the certificate says.")
    # A notice of which the certificate could not say that it left may have left since.
    if named["transmitted_at"] not in {None, notice.transmitted_at}:
        raise StepFailed(
            f"The certificate and the file disagree on whether or when notice {notice.id} left."
        )
    for answer in named["answers"]:
        said_answer = shapes.has_form(answer, _NAMED_ANSWER, "An answer in the certificate")
        _require_answer(case.answers.get(said_answer["id"]), notice.id, said_answer)


def _require_answer(recorded: AnswerFacts | None, notice: str, named: dict[str, Any]) -> None:
    if recorded is None or recorded.notice != notice:
        raise StepFailed(
            f"The certificate names answer {named['id']} to notice {notice}, which is not in the "
            "file."
        )
    for member in ("grade", "answer", "bulk", "machine"):
        if named[member] != getattr(recorded, member):
            raise StepFailed(
                f"The certificate and answer {recorded.id} in the file disagree on its {member}."
            )


def _about_withdrawal(case: Case, subject: str, held: set[Role]) -> str:
    _only(held, {Role.PARTICIPATION, Role.WITHDRAWAL})
    _require_documents(case, set())
    stated, event = case.the_one(Role.PARTICIPATION), case.the_one(Role.WITHDRAWAL)
    if {stated.subject_id, event.subject_id} != {subject}:
        raise StepFailed("The file is about the withdrawal of another party than it says.")
    if stated.body.get("status") != "withdrawn":
        raise StepFailed("The participation in the file is not a withdrawal.")
    body = {member: value for member, value in event.body.items() if member != "rows"}
    case.facts["withdrawal"] = {**body, "recorded_at": event.time}
    return "A party's withdrawal, and what it held when it was recorded."


_SUBJECTS: Final = {
    Kind.NOTICE: _about_notice,
    Kind.RECEIPT: _about_receipt,
    Kind.INCIDENT: _about_incident,
    Kind.WITHDRAWAL: _about_withdrawal,
}
