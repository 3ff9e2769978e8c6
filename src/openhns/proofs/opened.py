"""An event as an entry of a proof file opens it, its form checked and its leaf computed."""

from dataclasses import dataclass
from typing import Any

from openhns.proofs.canonical import CanonicalError, parse
from openhns.proofs.commitment import LARGEST_ENTRY, SALT_BYTES, public_entry, sealed_entry
from openhns.proofs.proof_file import Entry, Role
from openhns.tlog.merkle import leaf_hash
from openhns.tlog.proof import Proof

_EVENT_MEMBERS = {"actor", "body", "event", "id", "log", "subject", "time", "v"}
_EVENT_VERSION = 1


class EventMalformed(ValueError):
    """A text is not an event of a version that is known here."""

    code = "event_malformed"


@dataclass(frozen=True, slots=True)
class OpenedEvent:
    """An opened event: its role in the proof, its members, its place and its leaf's hash."""

    role: Role
    name: str
    body: dict[str, Any]
    subject_type: str
    subject_id: str
    time: str
    origin: str
    public: bool
    leaf: bytes
    proof: Proof


def open_event(entry: Entry) -> OpenedEvent:
    """Return the event of an entry; raise EventMalformed, or what C2SP's parser raises."""
    text = entry.event.encode("utf-8", "strict")
    members = _members(text)
    proof = Proof.parse(entry.log_proof)
    if proof.extra is not None:
        raise EventMalformed("an entry's log_proof carries extra data, which nothing vouches for")
    return OpenedEvent(
        role=entry.role,
        name=members["event"],
        body=members["body"],
        subject_type=members["subject"]["type"],
        subject_id=members["subject"]["id"],
        time=members["time"],
        origin=members["log"],
        public=entry.salt is None,
        leaf=_leaf(text, entry.salt),
        proof=proof,
    )


def _members(text: bytes) -> dict[str, Any]:
    try:
        value = parse(text)
    except CanonicalError as error:
        raise EventMalformed(f"an event is not canonical: {error}") from None
    if not isinstance(value, dict) or value.keys() != _EVENT_MEMBERS:
        raise EventMalformed("an event lacks members, or has some that are not known")
    if value["v"] != _EVENT_VERSION or not isinstance(value["body"], dict):
        raise EventMalformed("an event is of a version that is not known here")
    subject = value["subject"]
    if not isinstance(subject, dict) or subject.keys() != {"id", "type"}:
        raise EventMalformed("an event does not say what it is about")
    words = [value["event"], value["log"], value["time"], subject["id"], subject["type"]]
    if not all(isinstance(word, str) for word in words):
        raise EventMalformed("an event's name, log, time or subject is not a text")
    return value


def _leaf(text: bytes, salt: bytes | None) -> bytes:
    if salt is None:
        if len(text) > LARGEST_ENTRY:
            raise EventMalformed("a public event is larger than an entry of the log may be")
        return leaf_hash(public_entry(text))
    if len(salt) != SALT_BYTES:
        raise EventMalformed(f"a salt does not have {SALT_BYTES} bytes")
    return leaf_hash(sealed_entry(salt, text))
