"""Steps 1 to 6, 9 and 10 of `verify`; they raise StepFailed with words a lawyer reads."""

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, Final

from openhns.proofs import jws, shapes
from openhns.proofs.case import Case, KnownKey, NoticeFacts
from openhns.proofs.opened import OpenedEvent, open_event
from openhns.proofs.proof_file import ProofFile, Role, in_order
from openhns.proofs.verdict import StepFailed
from openhns.tlog.checkpoint import open_checkpoint
from openhns.tlog.cosignature import CosignatureVerifier
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
    Role.KEY_REVOCATION: "party-key:revoked",
    Role.OBJECTION: "objection:made",
}
PUBLIC = {Role.MECHANISM, Role.PARTY_KEY, Role.PARTICIPATION, Role.KEY_REVOCATION}
_KINDS: Final = {"alert", "update", "cancel"}
_TELLING: Final = {"exact", "vicinity", "presence"}
_VERSION: Final = 1
_NOTICE: Final[shapes.Shape] = {
    "content": (dict,),
    "grade": (str,),
    "id": (str,),
    "issued": (str,),
    "kind": (str,),
    "legal": (dict,),
    "log": (str,),
    "mechanism": (str,),
    "number": (int,),
    "party": (dict,),
    "previous": (str, shapes.NONE),
    "subject": (dict,),
    "urgent": (bool,),
    "v": (int,),
    "valid": (dict,),
    "verification": (dict,),
}


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
    return f"A proof of kind {case.file.kind}, with entries of the log: {len(case.events)}."


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
        case.mechanism_key = shapes.public_key(event.body.get("key"))
        case.fingerprints["mechanism_key"] = jws.thumbprint(case.mechanism_key)
    if len(case.of_role(Role.MECHANISM)) > 1:
        raise StepFailed("The file names two keys of the mechanism.")
    for event in case.of_role(Role.PARTY_KEY):
        _check_party_key(case, event)
    revocations = case.of_role(Role.KEY_REVOCATION)
    for event in revocations:
        _check_revocation(case, event)
    words = f"The mechanism's key and {len(case.party_keys)} keys of parties stand in the log"
    return words + (f"; {len(revocations)} of these were revoked." if revocations else ".")


def _check_party_key(case: Case, event: OpenedEvent) -> None:
    key = shapes.public_key(event.body.get("key"))
    kid, party = jws.thumbprint(key), shapes.text(event, "party")
    possession = jws.verify(shapes.text(event, "possession"), key, "openhns-key-possession")
    claim = shapes.has_form(possession, {}, "A party's proof of possession")
    expected = {"key": jws.jwk(key), "log": case.checkpoint.origin, "party": party}
    if any(claim.get(member) != value for member, value in expected.items()):
        raise StepFailed("A party's proof of possession speaks of another key, log or party.")
    if shapes.text(event, "kid") != kid or kid in case.party_keys:
        raise StepFailed("A party's key is named wrongly, or stands twice in the file.")
    case.party_keys[kid] = KnownKey(party, key, shapes.text(event, "grade"))
    case.fingerprints[f"party_key {kid}"] = party


def _check_revocation(case: Case, event: OpenedEvent) -> None:
    known = case.party_keys.get(shapes.text(event, "kid"))
    if known is None or known.revoked_from is not None:
        raise StepFailed("A key that was revoked is not in the file, or was revoked twice in it.")
    key = shapes.public_key(event.body.get("key"))
    if key != known.public_key or shapes.text(event, "party") != known.party:
        raise StepFailed("A revocation speaks of another key or party than it names.")
    known.revoked_from = shapes.time(event.body.get("from"), "The time of a revocation")


def check_notices(case: Case) -> str:
    """Step 5."""
    documents = case.documents(Role.NOTICE)
    texts = {shapes.sha256(document.text): document.text for document in documents}
    events = case.of_role(Role.NOTICE)
    if len(texts) != len(events) or len(documents) != len(events):
        raise StepFailed("The file does not hold one signed text for each notice in the log.")
    for event in events:
        _check_notice(case, event, texts)
    places = {(notice.party, notice.number) for notice in case.notices.values()}
    if len(places) != len(events):
        raise StepFailed("Two notices in the file have one party and one number.")
    return f"{len(events)} notices, each the text that the log holds, signed by the mechanism."


def _check_notice(case: Case, event: OpenedEvent, texts: dict[str, str]) -> None:
    digest = shapes.text(event, "jws_sha256")
    if digest not in texts or case.mechanism_key is None:
        raise StepFailed("A notice's signed text, or the key of the mechanism, is not in the file.")
    notice = _notice(jws.verify(texts[digest], case.mechanism_key, "openhns-notice"))
    if notice["log"] != case.checkpoint.origin or notice["id"] in case.notices:
        raise StepFailed("A notice belongs to another log, or stands twice in the file.")
    said = {name: (type(notice[name]),) for name in ("number", "kind", "grade")}
    recorded = shapes.body(event, {"notice": (str,), **said})
    if event.subject_id != notice["id"] or recorded["notice"] != notice["id"]:
        raise StepFailed("A notice and the log disagree on its id.")
    for member in said:
        if recorded[member] != notice[member]:
            raise StepFailed(f"A notice and the log disagree on its {member}.")
    case.notices[notice["id"]] = NoticeFacts(notice, digest)


def _notice(signed: Any) -> dict[str, Any]:
    """Return a notice's payload, which has exactly the members of a notice."""
    notice = shapes.exactly(signed, _NOTICE, "A notice")
    shapes.exactly(notice["party"], {"id": (str,), "name": (str,)}, "A notice's party")
    subject = {"kind": (str,), "reference": (str, shapes.NONE)}
    shapes.exactly(notice["subject"], subject, "A notice's subject")
    valid = {"from": (str,), "until": (str, shapes.NONE)}
    ends = shapes.exactly(notice["valid"], valid, "A notice's validity")
    for moment in (notice["issued"], ends["from"], ends["until"]):
        if moment is not None:
            shapes.time(moment, "A time in a notice")
    if notice["v"] != _VERSION or notice["number"] < 1:
        raise StepFailed("A notice is of a version that is not known here, or has no number.")
    if notice["kind"] not in _KINDS or notice["grade"] not in _TELLING:
        raise StepFailed("A notice is of a kind or grade that is not known here.")
    return notice


def check_transmissions(case: Case) -> str:
    """Step 6."""
    by_party: dict[str, list[NoticeFacts]] = {}
    for notice in sorted(case.notices.values(), key=lambda notice: notice.number):
        by_party.setdefault(notice.party, []).append(notice)
    for event in case.of_role(Role.TRANSMISSION):
        _check_transmission(event, by_party)
    left = sum(notice.transmitted_at is None for notice in case.notices.values())
    return f"{len(case.notices) - left} notices were recorded as transmitted" + (
        f"; for {left} the file shows no transmission." if left else "."
    )


def _check_transmission(event: OpenedEvent, by_party: dict[str, list[NoticeFacts]]) -> None:
    first, last = _numbers(event)
    covered = _between(by_party.get(shapes.text(event, "party"), []), first, last)
    if not covered:
        raise StepFailed("A transmission in the file speaks of none of its notices.")
    for notice in covered:
        if notice.transmitted_at is not None:
            raise StepFailed("Two transmissions in the file claim one notice.")
        if event.time < notice.signed["issued"]:
            raise StepFailed(f"Notice {notice.number} is said to have left before it was issued.")
        notice.transmitted_at = event.time


def _numbers(event: OpenedEvent) -> tuple[int, int]:
    numbers = event.body.get("numbers")
    if isinstance(numbers, list) and [type(number) for number in numbers] == [int, int]:
        first, last = numbers
        if first <= last:
            return first, last
    raise StepFailed("A transmission does not say which numbers it carried.")


def _between(notices: Sequence[NoticeFacts], first: int, last: int) -> Sequence[NoticeFacts]:
    start = bisect_left(notices, first, key=lambda notice: notice.number)
    end = bisect_left(notices, last + 1, key=lambda notice: notice.number)
    return notices[start:end]


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
