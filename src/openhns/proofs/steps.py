"""The steps of `verify`, one function each; they raise StepFailed with words a lawyer reads."""

import hashlib
from typing import Any

from openhns.proofs import jws
from openhns.proofs.case import Case
from openhns.proofs.opened import OpenedEvent, open_event
from openhns.proofs.proof_file import Kind, ProofFile, Role, in_order
from openhns.proofs.verdict import StepFailed
from openhns.tlog.checkpoint import open_checkpoint
from openhns.tlog.cosignature import CosignatureVerifier
from openhns.tlog.ed25519 import PUBLIC_KEY_SIZE
from openhns.tlog.merkle import verify_inclusion
from openhns.tlog.note import NoteVerifier, Verifier
from openhns.tlog.policy import Policy

NAMES = {
    Role.MECHANISM: "mechanism:set-up",
    Role.NOTICE: "notice:prepared",
    Role.TRANSMISSION: "transmission:transmitted",
    Role.PARTY_KEY: "party-key:registered",
    Role.RECEIPT: "receipt:recorded",
    Role.CERTIFICATE: "certificate:issued",
    Role.PARTICIPATION: "participation:stated",
    Role.WITHDRAWAL: "party:withdrawn",
}
PUBLIC = {Role.MECHANISM, Role.PARTY_KEY, Role.PARTICIPATION}
GRADES = {
    "A": "signed by the party's own tool",
    "B": "signed by a key in the mechanism's web page",
    "C": "an authenticated e-mail or a letter on the operator's file",
    "D": "a call or message that the operator logged",
}
_SIGNED_GRADES = {"A", "B"}
_NOTICE_SHAPE = {"grade": str, "id": str, "kind": str, "log": str, "number": int, "party": dict}


def check_form(case: Case) -> str:
    """Step 1."""
    case.file = ProofFile.parse(case.data)
    case.events = [open_event(entry) for entry in case.file.entries]
    if not case.events:
        raise StepFailed("The file holds no entry of a log.")
    for event in case.events:
        if event.name != NAMES[event.role]:
            raise StepFailed(f"An entry is said to be a {event.role} and is a {event.name}.")
        if event.public != (event.role in PUBLIC):
            raise StepFailed(f"An entry for {event.role} hides what is public, or the reverse.")
    if not in_order(case.file.entries) or not in_order(case.file.documents):
        raise StepFailed("The file's entries or documents are not in their one order.")
    return f"A {case.file.kind} proof with {len(case.events)} entries of the log."


def check_checkpoint(case: Case) -> str:
    """Step 2."""
    log_key = Verifier.parse(case.file.log_key)
    witnesses = [CosignatureVerifier.parse(key) for key in case.file.witness_keys]
    texts = {event.proof.checkpoint for event in case.events}
    if len(texts) != 1:
        raise StepFailed("The entries rest on more than one checkpoint.")
    verifiers: list[NoteVerifier] = [log_key, *witnesses]
    opened = open_checkpoint(texts.pop(), verifiers)
    if opened.note.unknown:
        raise StepFailed("The checkpoint carries a signature by a key that the file does not name.")
    if len(opened.note.verified) != len(verifiers):
        raise StepFailed("The file names a key that did not sign its checkpoint.")
    case.checkpoint = opened.checkpoint
    if any(event.origin != case.checkpoint.origin for event in case.events):
        raise StepFailed("An event says that it stands in another log than the checkpoint's.")
    case.fingerprints["log_key"] = hashlib.sha256(log_key.key.public_key).hexdigest()
    case.fingerprints["log_origin"] = case.checkpoint.origin
    return f"Signed by the log {case.checkpoint.origin} at {case.checkpoint.size} entries."


def check_inclusion(case: Case) -> str:
    """Step 3."""
    indexes = [event.proof.index for event in case.events]
    if len(set(indexes)) != len(indexes):
        raise StepFailed("Two entries of the file claim one place in the log.")
    for event in case.events:
        size, root = case.checkpoint.size, case.checkpoint.root
        verify_inclusion(event.leaf, event.proof.index, size, event.proof.path, root)
    return f"All {len(indexes)} events stand in the log, word for word."


def check_keys(case: Case) -> str:
    """Step 4."""
    for event in case.of_role(Role.MECHANISM):
        case.mechanism_key = _key(event.body.get("key"))
        case.fingerprints["mechanism_key"] = jws.thumbprint(case.mechanism_key)
    if len(case.of_role(Role.MECHANISM)) > 1:
        raise StepFailed("The file names two keys of the mechanism.")
    for event in case.of_role(Role.PARTY_KEY):
        _check_party_key(case, event)
    return f"The mechanism's key and {len(case.party_keys)} keys of parties stand in the log."


def _check_party_key(case: Case, event: OpenedEvent) -> None:
    key = _key(event.body.get("key"))
    kid, party = jws.thumbprint(key), _text(event, "party")
    claim = _shaped(jws.verify(_text(event, "possession"), key, "openhns-key-possession"), {})
    expected = {"key": jws.jwk(key), "log": case.checkpoint.origin, "party": party}
    if any(claim.get(member) != value for member, value in expected.items()):
        raise StepFailed("A party's proof of possession speaks of another key, log or party.")
    if _text(event, "kid") != kid or kid in case.party_keys:
        raise StepFailed("A party's key is named wrongly, or stands twice in the file.")
    case.party_keys[kid] = (party, key)
    case.fingerprints[f"party_key {kid}"] = party


def check_notices(case: Case) -> str:
    """Step 5."""
    texts = {_sha256(document.text): document.text for document in case.documents(Role.NOTICE)}
    events = case.of_role(Role.NOTICE)
    if len(texts) != len(events) or len(case.documents(Role.NOTICE)) != len(events):
        raise StepFailed("The file does not hold one signed text for each notice in the log.")
    for event in events:
        _check_notice(case, event, texts)
    return f"{len(events)} notices, each the text that the log holds, signed by the mechanism."


def _check_notice(case: Case, event: OpenedEvent, texts: dict[str, str]) -> None:
    digest = _text(event, "jws_sha256")
    if digest not in texts or case.mechanism_key is None:
        raise StepFailed("A notice's signed text, or the key of the mechanism, is not in the file.")
    signed = jws.verify(texts[digest], case.mechanism_key, "openhns-notice")
    notice = _shaped(signed, _NOTICE_SHAPE)
    _shaped(notice["party"], {"id": str, "name": str})
    if notice.get("log") != case.checkpoint.origin or notice.get("id") in case.notices:
        raise StepFailed("A notice belongs to another log, or stands twice in the file.")
    for member, said in (("notice", "id"), ("number", "number"), ("kind", "kind")):
        if event.body.get(member) != notice.get(said):
            raise StepFailed(f"A notice and the log disagree on its {said}.")
    if event.body.get("grade") != notice.get("grade"):
        raise StepFailed("A notice and the log disagree on its grade.")
    case.notices[notice["id"]] = {**notice, "sha256": digest}


def check_transmissions(case: Case) -> str:
    """Step 6."""
    sent: set[str] = set()
    for event in case.of_role(Role.TRANSMISSION):
        covered = [n["id"] for n in case.notices.values() if _covers(event, n)]
        if not covered:
            raise StepFailed("A transmission in the file speaks of none of its notices.")
        for notice in covered:
            if notice in sent:
                raise StepFailed("Two transmissions in the file claim one notice.")
            sent.add(notice)
            case.notices[notice]["transmitted_at"] = event.time
    left = len(case.notices) - len(sent)
    return f"{len(sent)} notices were recorded as transmitted" + (
        f"; for {left} the file shows no transmission." if left else "."
    )


def _covers(event: OpenedEvent, notice: dict[str, Any]) -> bool:
    numbers = event.body.get("numbers")
    if event.body.get("party") != notice["party"]["id"]:
        return False
    match numbers:
        case [int(first), int(last)]:
            return bool(first <= notice["number"] <= last)
    raise StepFailed("A transmission does not say which numbers it carried.")


def check_receipts(case: Case) -> str:
    """Step 7."""
    texts = {_sha256(document.text): document.text for document in case.documents(Role.RECEIPT)}
    used = [_check_receipt(case, event, texts) for event in case.of_role(Role.RECEIPT)]
    signed = [digest for digest in used if digest]
    if sorted(signed) != sorted(texts) or len(case.documents(Role.RECEIPT)) != len(texts):
        raise StepFailed("The file holds a signed answer that no event in the log speaks of.")
    return f"{len(used)} answers, {len(signed)} of them signed by a party's key in the log."


def _check_receipt(case: Case, event: OpenedEvent, texts: dict[str, str]) -> str | None:
    notice = case.notices.get(_text(event, "notice"))
    grade = _text(event, "grade")
    if notice is None or grade not in GRADES:
        raise StepFailed("An answer in the file is to a notice that is not in it.")
    digest = event.body.get("jws_sha256")
    if (grade in _SIGNED_GRADES) != (digest is not None):
        raise StepFailed(f"An answer of grade {grade} is signed where it may not be, or is not.")
    if digest is not None:
        _check_signed(case, event, notice, texts)
    notice.setdefault("answers", []).append(_answer(event, grade))
    return digest


def _check_signed(
    case: Case, event: OpenedEvent, notice: dict[str, Any], texts: dict[str, str]
) -> None:
    digest, kid = _text(event, "jws_sha256"), _text(event, "kid")
    if digest not in texts or kid not in case.party_keys:
        raise StepFailed("A signed answer, or the key that it is signed with, is not in the file.")
    party, key = case.party_keys[kid]
    receipt = _shaped(jws.verify(texts[digest], key, "openhns-receipt"), {})
    expected = {
        "answer": event.body.get("answer"),
        "bulk": event.body.get("bulk"),
        "log": case.checkpoint.origin,
        "notice": notice["id"],
        "notice_sha256": notice["sha256"],
        "number": notice["number"],
        "party": party,
    }
    for member, value in expected.items():
        if receipt.get(member) != value:
            raise StepFailed(f"A party's signed answer and the record disagree on its {member}.")
    if notice["party"]["id"] != party:
        raise StepFailed("An answer is signed with the key of another party than was notified.")


def _answer(event: OpenedEvent, grade: str) -> dict[str, Any]:
    return {
        "answer": event.body.get("answer"),
        "bulk": event.body.get("bulk"),
        "grade": grade,
        "proves": GRADES[grade],
        "recorded_at": event.time,
    }


def check_subject(case: Case) -> str:
    """Step 8."""
    kind, subject = case.file.kind, case.file.subject
    held = {role for role in Role if case.of_role(role)}
    if case.of_role(Role.MECHANISM) == [] and kind != Kind.WITHDRAWAL:
        raise StepFailed("The file does not hold the event that names the mechanism's key.")
    words = _SUBJECTS[kind](case, subject, held)
    case.facts |= {"kind": str(kind), "subject": subject, "notices": _notice_facts(case)}
    used = {event.body.get("kid") for event in case.of_role(Role.RECEIPT)}
    if not case.party_keys.keys() <= used:
        raise StepFailed("The file holds a party's key that signed nothing in it.")
    return words


def _only(held: set[Role], allowed: set[Role]) -> None:
    if held - allowed:
        raise StepFailed(f"The file holds entries beside its subject: {', '.join(held - allowed)}.")


_NOTIFYING = {Role.MECHANISM, Role.NOTICE, Role.TRANSMISSION, Role.PARTY_KEY, Role.RECEIPT}


def _about_notice(case: Case, subject: str, held: set[Role]) -> str:
    _only(held, _NOTIFYING)
    _require_documents(case, {Role.NOTICE, Role.RECEIPT})
    if list(case.notices) != [subject]:
        raise StepFailed("The file is about another notice than it says.")
    notice = case.notices[subject]
    return f"Notice {notice['number']} to {notice['party']['name']}, grade {notice['grade']}."


def _about_receipt(case: Case, subject: str, held: set[Role]) -> str:
    _only(held, _NOTIFYING)
    _require_documents(case, {Role.NOTICE, Role.RECEIPT})
    if case.the_one(Role.RECEIPT).body.get("receipt") != subject or len(case.notices) != 1:
        raise StepFailed("The file is about another receipt than it says.")
    return "One answer of a party to one notice."


def _about_incident(case: Case, subject: str, held: set[Role]) -> str:
    _only(held, _NOTIFYING | {Role.CERTIFICATE})
    _require_documents(case, {Role.NOTICE, Role.RECEIPT, Role.CERTIFICATE})
    event = case.the_one(Role.CERTIFICATE)
    texts = case.documents(Role.CERTIFICATE)
    if len(texts) != 1 or _sha256(texts[0].text) != _text(event, "jws_sha256"):
        raise StepFailed("The certificate in the file is not the one whose hash the log holds.")
    if case.mechanism_key is None:
        raise StepFailed("The file does not hold the mechanism's key.")
    signed = jws.verify(texts[0].text, case.mechanism_key, "openhns-certificate")
    certificate = _shaped(signed, {"incident": str})
    if certificate["incident"] != subject:
        raise StepFailed("The certificate is about another incident than the file says.")
    case.facts["certificate"] = certificate
    return "A status-at-strike certificate, signed by the mechanism and recorded in the log."


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


_SUBJECTS = {
    Kind.NOTICE: _about_notice,
    Kind.RECEIPT: _about_receipt,
    Kind.INCIDENT: _about_incident,
    Kind.WITHDRAWAL: _about_withdrawal,
}


def check_time(case: Case) -> str:
    """Step 9."""
    newest = max(event.time for event in case.events)
    case.facts["not_before"] = newest
    if case.file.timestamps:
        raise StepFailed("The file holds time-stamps, which this version does not judge.")
    return f"Not before {newest}, by the operator's clock; the file holds no upper bound on time."


def check_anchor(case: Case, policy: Policy) -> str:
    """Step 10."""
    accepted = policy.accept(case.events[0].proof.checkpoint)
    return f"The policy accepts the log {accepted.checkpoint.origin} and this checkpoint."


def _require_documents(case: Case, roles: set[Role]) -> None:
    odd = {document.role for document in case.file.documents} - roles
    if odd:
        raise StepFailed(f"The file holds documents beside its subject: {', '.join(odd)}.")


def _notice_facts(case: Case) -> list[dict[str, Any]]:
    return [dict(sorted(notice.items())) for notice in case.notices.values()]


def _key(value: Any) -> bytes:
    if not isinstance(value, dict) or not isinstance(value.get("x"), str):
        raise StepFailed("An event that should name a key does not.")
    key = jws.decode(value["x"])
    if len(key) != PUBLIC_KEY_SIZE or value != jws.jwk(key):
        raise StepFailed("A key in the file is not an Ed25519 key in its one form.")
    return key


def _shaped(value: Any, shape: dict[str, type]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise StepFailed("A signed text is not an object.")
    for member, kind in shape.items():
        if type(value.get(member)) is not kind:
            raise StepFailed(f"A signed text does not say its {member}.")
    return value


def _text(event: OpenedEvent, member: str) -> str:
    value = event.body.get(member)
    if not isinstance(value, str):
        raise StepFailed(f"An entry for {event.role} does not say its {member}.")
    return value


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
