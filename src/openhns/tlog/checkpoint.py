"""Checkpoints: the size and root that a log stands by (c2sp.org/tlog-checkpoint).

<origin>
<tree size, decimal>
<root hash, base64>
[<extension lines>]
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from openhns.tlog.encoding import HASH_SIZE, LARGEST, decode_decimal, decode_hash, encode_base64
from openhns.tlog.errors import CheckpointError
from openhns.tlog.note import (
    NoteSignature,
    NoteSigner,
    NoteVerifier,
    OpenedNote,
    open_note,
    parse_note,
    sign_note,
)

_MANDATORY_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's origin, tree size (leaves) and RFC 6962 root of 32 bytes; extensions are opaque."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size <= LARGEST or len(self.root) != HASH_SIZE:
            raise CheckpointError("a checkpoint has a size from 0 to 2^63 - 1 and a 32-byte root")
        for line in (self.origin, *self.extensions):
            if not line or any(c < " " for c in line):
                raise CheckpointError("a checkpoint's lines are not empty and hold no controls")

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read a note's text as a checkpoint ("Note text"); raises CheckpointError."""
        if not text.endswith("\n"):
            raise CheckpointError("a checkpoint's text ends in a newline")
        lines = text[:-1].split("\n")
        if len(lines) < _MANDATORY_LINES:
            raise CheckpointError("a checkpoint has at least three lines: origin, size and root")
        size = decode_decimal(lines[1], "the checkpoint's size", CheckpointError)
        root = decode_hash(lines[2], "the checkpoint's root", CheckpointError)
        return cls(lines[0], size, root, tuple(lines[_MANDATORY_LINES:]))

    def __str__(self) -> str:
        lines = (self.origin, str(self.size), encode_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class OpenedCheckpoint:
    """A checkpoint and its note, signed by a log key that carries the origin's name."""

    checkpoint: Checkpoint
    note: OpenedNote


def sign_checkpoint(
    checkpoint: Checkpoint, signers: Iterable[NoteSigner], also: Sequence[NoteSignature] = ()
) -> str:
    """Return the checkpoint as a signed note; `also` are cosignatures, taken over unverified."""
    return sign_note(str(checkpoint), signers, also)


def open_checkpoint(raw: bytes | str, log_keys: Iterable[NoteVerifier]) -> OpenedCheckpoint:
    """Return the checkpoint if a log key that is named as its origin signed it.

    Raises NoteError for the note and CheckpointError for what it says ("Signatures").
    """
    note = open_note(raw, log_keys)
    checkpoint = Checkpoint.parse(note.text)
    if all(signature.name != checkpoint.origin for signature in note.verified):
        raise CheckpointError("no key that is named as the checkpoint's origin signed it")
    return OpenedCheckpoint(checkpoint, note)


@lru_cache(maxsize=16)  # Thousands of proofs rest on one checkpoint.
def read_checkpoint(raw: bytes | str) -> Checkpoint:
    """Return what a checkpoint says, its signatures left unverified; raises as `open_checkpoint`.

    It may be used for looking things up, never as a reason to believe them.
    """
    return Checkpoint.parse(parse_note(raw).text)
