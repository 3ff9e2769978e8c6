"""An event as an entry of a proof file opens it, its form checked and its leaf computed."""

import re
from dataclasses import dataclass
from typing import Any, Final

from openhns.proofs.canonical import CanonicalError, parse
from openhns.proofs.commitment import LARGEST_ENTRY, SALT_BYTES, public_entry, sealed_entry
from openhns.proofs.proof_file import Entry, Role
from openhns.tlog.merkle import leaf_hash
from openhns.tlog.proof import Proof

_EVENT_MEMBERS = {"actor", "body", "event", "id", "log", "subject", "time", "v"}
_EVENT_VERSION = 1
_TIME: Final = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z", re.ASCII
)


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


def is_time(text: str) -> bool:
    """Whether a text is RFC 3339 with microseconds in UTC, the one form of a time in the record."""
    return _TIME.fullmatch(text) is not None


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
    version = value["v"]
    if type(version) is not int or version != _EVENT_VERSION or type(value["body"]) is not dict:
        raise EventMalformed("an event is of a version that is not known here")
    subject = value["subject"]
    if not isinstance(subject, dict) or subject.keys() != {"id", "type"}:
        raise EventMalformed("an event does not say what it is about")
    words = [value[name] for name in ("actor", "event", "id", "log", "time")]
    if not all(isinstance(word, str) for word in (*words, subject["id"], subject["type"])):
        raise EventMalformed("an event's actor, name, id, log, time or subject is not a text")
    if not is_time(value["time"]):
        raise EventMalformed("an event's time is not RFC 3339 with microseconds in UTC")
    return value


def _leaf(text: bytes, salt: bytes | None) -> bytes:
    if salt is None:
        if len(text) > LARGEST_ENTRY:
            raise EventMalformed("a public event is larger than an entry of the log may be")
        return leaf_hash(public_entry(text))
    if len(salt) != SALT_BYTES:
        raise EventMalformed(f"a salt does not have {SALT_BYTES} bytes")
    return leaf_hash(sealed_entry(salt, text))
