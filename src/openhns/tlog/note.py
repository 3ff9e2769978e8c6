"""Signed notes: a text and the signatures of those who stand by it (c2sp.org/signed-note).

<text, ending in a newline>
<empty line>
— <key name> base64(32-bit key ID || signature)
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from openhns.tlog import ed25519
from openhns.tlog.encoding import decode_base64, decode_utf8, encode_base64
from openhns.tlog.errors import NoteError, PublicKeyError, SignatureError, VerifierKeyError

TYPE_ED25519 = 0x01
TYPE_COSIGNATURE = 0x04
LARGEST_NOTE = 1_000_000
MOST_SIGNATURES = 100
_KEY_ID_SIZE = 4
_FIRST_PRINTABLE = " "
_PREFIX = "\u2014 "


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A vkey: key name, signature type and public key (signed-note, "Verifier keys")."""

    name: str
    kind: int
    public_key: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise VerifierKeyError("a key name is empty or holds a space, a plus or a control")
        try:
            ed25519.check_public_key(self.public_key)
        except PublicKeyError as error:
            raise VerifierKeyError(f"{error} in the verifier key of {self.name}") from None

    @property
    def key_id(self) -> bytes:
        """SHA-256(key name || 0x0A || signature type || public key)[:4]."""
        material = bytes([self.kind]) + self.public_key
        return hashlib.sha256(self.name.encode() + b"\n" + material).digest()[:_KEY_ID_SIZE]

    @classmethod
    def parse(cls, vkey: str) -> "VerifierKey":
        """Read `<key name>+hex(key ID)+base64(type || public key)`; raises VerifierKeyError."""
        parts = decode_utf8(vkey, "the verifier key", VerifierKeyError).split("+", 2)
        if len(parts) != 3:  # noqa: PLR2004 - name, key ID and material.
            raise VerifierKeyError("a verifier key has the form name+keyid+base64")
        name, key_id, material = parts
        raw = decode_base64(material, "the verifier key's third part", VerifierKeyError)
        if not raw or raw[0] not in {TYPE_ED25519, TYPE_COSIGNATURE}:
            raise VerifierKeyError("the verifier key is neither of type 0x01 nor of type 0x04")
        key = cls(name, raw[0], raw[1:])
        if key.key_id.hex() != key_id:
            raise VerifierKeyError("the verifier key's ID does not belong to its name and key")
        return key

    def __str__(self) -> str:
        material = encode_base64(bytes([self.kind]) + self.public_key)
        return f"{self.name}+{self.key_id.hex()}+{material}"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: who is said to have signed, and the bytes (signed-note, "Format")."""

    name: str
    key_id: bytes
    payload: bytes

    def __str__(self) -> str:
        return f"{_PREFIX}{self.name} {encode_base64(self.key_id + self.payload)}\n"

    def is_by(self, key: VerifierKey) -> bool:
        """Whether the line claims to be by `key`; name and key ID identify a key together."""
        return self.name == key.name and self.key_id == key.key_id


@dataclass(frozen=True, slots=True)
class Note:
    """A note whose form is right and whose signatures nobody has verified yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """A note signed by at least one known key; the signatures of unknown keys are kept apart."""

    text: str
    verified: tuple[NoteSignature, ...]
    unknown: tuple[NoteSignature, ...]


class NoteVerifier(Protocol):
    """What can verify one key's signatures of one type."""

    @property
    def key(self) -> VerifierKey: ...

    def verify(self, text: str, payload: bytes) -> None:
        """Raise SignatureError unless `payload` is this key's signature of the note's text."""


class NoteSigner(Protocol):
    """What can sign with one key."""

    @property
    def key(self) -> VerifierKey: ...

    def sign(self, text: str) -> bytes:
        """Return the payload of a signature line: what follows the key ID."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Verifies signatures of type 0x01 (signed-note, "Ed25519 signatures")."""

    key: VerifierKey

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """Read a vkey of type 0x01; raises VerifierKeyError."""
        key = VerifierKey.parse(vkey)
        if key.kind != TYPE_ED25519:
            raise VerifierKeyError("the verifier key is not of type 0x01 (Ed25519)")
        return cls(key)

    def verify(self, text: str, payload: bytes) -> None:
        """Raise SignatureError unless `payload` is this key's signature of `text`."""
        ed25519.verify(self.key.public_key, payload, text.encode())


class Signer:
    """Signs notes with type 0x01; holds the private key and never shows it."""

    __slots__ = ("_seed", "key")

    def __init__(self, name: str, seed: bytes) -> None:
        self._seed = seed
        self.key = VerifierKey(name, TYPE_ED25519, ed25519.public_key_of(seed))

    @classmethod
    def generate(cls, name: str) -> "Signer":
        return cls(name, ed25519.generate_seed())

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.key)

    def sign(self, text: str) -> bytes:
        return ed25519.sign(self._seed, text.encode())

    def __repr__(self) -> str:
        return f"Signer({self.key})"


def is_key_name(name: str) -> bool:
    """Whether `name` is non-empty, without Unicode spaces, controls and plus (U+002B)."""
    return bool(name) and not any(c.isspace() or c == "+" or c < _FIRST_PRINTABLE for c in name)


def sign_note(text: str, signers: Iterable[NoteSigner], also: Sequence[NoteSignature] = ()) -> str:
    """Return the signed note of `text`; `also` are further signatures, taken over unverified.

    Raises NoteError where the text cannot be a note's text or nobody signs.
    """
    _check_text(text)
    made = [NoteSignature(s.key.name, s.key.key_id, s.sign(text)) for s in signers]
    note = str(Note(text, (*made, *also)))
    parse_note(note)
    return note


def open_note(raw: bytes | str, verifiers: Iterable[NoteVerifier]) -> OpenedNote:
    """Return the note if a known key signed it and no known key's signature is wrong.

    Signatures of unknown keys are ignored, and kept. A key that signs twice is refused: one of two
    lines would be the sender's choice. Raises NoteError (signed-note, "Signatures").
    """
    note = parse_note(raw)
    known = list(verifiers)
    verified: list[NoteSignature] = []
    unknown: list[NoteSignature] = []
    for signature in note.signatures:
        is_known = _verify_line(note.text, signature, known)
        (verified if is_known else unknown).append(signature)
    if not verified:
        raise NoteError("the note is not signed by any key that is known here")
    if len({(s.name, s.key_id) for s in verified}) != len(verified):
        raise NoteError("the note carries two signatures by one known key")
    return OpenedNote(note.text, tuple(verified), tuple(unknown))


def _verify_line(text: str, signature: NoteSignature, known: Sequence[NoteVerifier]) -> bool:
    """Whether the line is by a known key; raises NoteError where such a key's line is wrong."""
    matching = [verifier for verifier in known if signature.is_by(verifier.key)]
    for verifier in matching:
        try:
            verifier.verify(text, signature.payload)
        except SignatureError as error:
            raise NoteError(f"the signature by {signature.name} is wrong: {error}") from None
    return bool(matching)


def parse_note(raw: bytes | str) -> Note:
    """Read a note's form (signed-note, "Format"); verifies nothing. Raises NoteError."""
    if len(raw) > LARGEST_NOTE:
        raise NoteError(f"the note is longer than {LARGEST_NOTE} bytes")
    whole = decode_utf8(raw, "the note", NoteError)
    body, separator, tail = whole.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise NoteError("a note is a text, an empty line, and lines of signatures")
    text = body + "\n"
    _check_text(text)
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteError(f"the note carries more than {MOST_SIGNATURES} signatures")
    return Note(text, tuple(_parse_line(line) for line in lines))


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteError("a note's text ends in a newline")
    if any(c < _FIRST_PRINTABLE and c != "\n" for c in text):
        raise NoteError("a note holds no control characters other than newline")


def _parse_line(line: str) -> NoteSignature:
    name, _, blob = line.removeprefix(_PREFIX).partition(" ")
    if not line.startswith(_PREFIX) or not is_key_name(name):
        raise NoteError("a signature line is an em dash, a key name and base64")
    raw = decode_base64(blob, "a signature line's last part", NoteError)
    if len(raw) <= _KEY_ID_SIZE:
        raise NoteError("a signature line holds a key ID of four bytes and a signature")
    return NoteSignature(name, raw[:_KEY_ID_SIZE], raw[_KEY_ID_SIZE:])
