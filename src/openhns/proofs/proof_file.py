"""The proof file: one canonical JSON object that carries all it needs but a reason for trust.

    format        "openhns-proof/v1"
    kind          what is proved: notice, receipt, incident or withdrawal
    subject       the id of the notice, receipt, incident or party that it is about
    log_key       the verifier key (vkey) of the log that the entries stand in
    witness_keys  vkeys of witnesses whose cosignatures the checkpoints carry; may be empty
    entries       opened events: role, event (canonical text), salt (hexadecimal, null for a
                  public event), log_proof (c2sp.org/tlog-proof@v1, text)
    documents     signed texts that the events speak of: role, text
    timestamps    RFC 3161 tokens over the checkpoint, base64; may be empty

Entries are ordered by role, as `Role` lists them, and then by their text; so are documents. The
bytes of a file are the canonical form of what it holds. A member that is unknown, missing
or doubled, and an order that is another, make it no proof file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, TypeVar

from openhns.proofs.canonical import CanonicalError, canonical, parse

FORMAT = "openhns-proof/v1"
LARGEST_FILE = 16 * 2**20
_MEMBERS = {
    "documents",
    "entries",
    "format",
    "kind",
    "log_key",
    "subject",
    "timestamps",
    "witness_keys",
}
_ENTRY_MEMBERS = {"event", "log_proof", "role", "salt"}
_DOCUMENT_MEMBERS = {"role", "text"}
_Word = TypeVar("_Word", bound=StrEnum)


class ProofFileError(ValueError):
    """The bytes are no proof file of a version that is known here."""

    code = "proof_file_malformed"


class Kind(StrEnum):
    """What a proof file proves."""

    NOTICE = "notice"
    RECEIPT = "receipt"
    INCIDENT = "incident"
    WITHDRAWAL = "withdrawal"


class Role(StrEnum):
    """What an entry or a document is in the proof."""

    MECHANISM = "mechanism"
    NOTICE = "notice"
    TRANSMISSION = "transmission"
    PARTY_KEY = "party-key"
    RECEIPT = "receipt"
    CERTIFICATE = "certificate"
    PARTICIPATION = "participation"
    WITHDRAWAL = "withdrawal"
    KEY_REVOCATION = "key-revocation"
    OBJECTION = "objection"


@dataclass(frozen=True, slots=True)
class Entry:
    """One opened event: canonical text, salt (None for a public event) and its C2SP proof."""

    role: Role
    event: str
    salt: bytes | None
    log_proof: str


@dataclass(frozen=True, slots=True)
class Document:
    """One signed text that an event names by its hash."""

    role: Role
    text: str


def _place(item: Entry | Document) -> tuple[int, str]:
    text = item.event if isinstance(item, Entry) else item.text
    return list(Role).index(item.role), text


def in_order(items: Sequence[Entry | Document]) -> bool:
    """Whether entries or documents are in their one order, none of them twice."""
    places = [_place(item) for item in items]
    return all(one < other for one, other in pairwise(places))


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A proof file whose form is right and of which nothing is verified yet."""

    kind: Kind
    subject: str
    log_key: str
    entries: tuple[Entry, ...]
    documents: tuple[Document, ...]
    witness_keys: tuple[str, ...] = ()
    timestamps: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the file's bytes, entries and documents put in their order.

        Raises ProofFileError where they are more than any reader takes.
        """
        documents = sorted(self.documents, key=_place)
        data = canonical(
            {
                "documents": [{"role": str(d.role), "text": d.text} for d in documents],
                "entries": [_entry_json(entry) for entry in sorted(self.entries, key=_place)],
                "format": FORMAT,
                "kind": str(self.kind),
                "log_key": self.log_key,
                "subject": self.subject,
                "timestamps": list(self.timestamps),
                "witness_keys": list(self.witness_keys),
            }
        )
        if len(data) > LARGEST_FILE:
            raise ProofFileError("the proof would be larger than any reader takes: prove less")
        return data

    @classmethod
    def parse(cls, data: bytes) -> "ProofFile":
        """Read a proof file; raise ProofFileError with what is wrong about its form."""
        if len(data) > LARGEST_FILE:
            raise ProofFileError("the file is larger than a proof can be")
        try:
            value = parse(data)
        except CanonicalError as error:
            raise ProofFileError(str(error)) from None
        members = _object(value, _MEMBERS, "the file")
        if members["format"] != FORMAT:
            raise ProofFileError(f"the file's format is not {FORMAT}, which is known here")
        return cls(
            _word(Kind, members["kind"], "kind"),
            _text(members["subject"], "subject"),
            _text(members["log_key"], "log_key"),
            tuple(map(_entry, _list(members["entries"], "entries"))),
            tuple(map(_document, _list(members["documents"], "documents"))),
            tuple(_text(key, "witness_keys") for key in _list(members["witness_keys"], "keys")),
            tuple(_text(token, "timestamps") for token in _list(members["timestamps"], "tokens")),
        )


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "event": entry.event,
        "log_proof": entry.log_proof,
        "role": str(entry.role),
        "salt": None if entry.salt is None else entry.salt.hex(),
    }


def _entry(value: Any) -> Entry:
    members = _object(value, _ENTRY_MEMBERS, "an entry")
    return Entry(
        _word(Role, members["role"], "role"),
        _text(members["event"], "event"),
        None if members["salt"] is None else _salt(members["salt"]),
        _text(members["log_proof"], "log_proof"),
    )


def _document(value: Any) -> Document:
    members = _object(value, _DOCUMENT_MEMBERS, "a document")
    return Document(_word(Role, members["role"], "role"), _text(members["text"], "text"))


def _object(value: Any, members: set[str], what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ProofFileError(f"{what} is not an object")
    odd = members ^ value.keys()
    if odd:
        raise ProofFileError(f"{what} lacks, or has beyond what is known: {', '.join(sorted(odd))}")
    return value


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise ProofFileError(f"{what} is not a list")
    return value


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise ProofFileError(f"{what} is not a text")
    return value


def _salt(value: Any) -> bytes:
    text = _text(value, "salt")
    try:
        salt = bytes.fromhex(text)
    except ValueError:
        raise ProofFileError("a salt is not hexadecimal") from None
    if salt.hex() != text:
        raise ProofFileError("a salt is not in lower-case hexadecimal")
    return salt


def _word(words: type[_Word], value: Any, what: str) -> _Word:
    try:
        return words(_text(value, what))
    except ValueError:
        raise ProofFileError(f"{what} is a word that is not known here") from None
