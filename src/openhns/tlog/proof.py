"""Proofs of logging that a stranger can check offline (c2sp.org/tlog-proof).

c2sp.org/tlog-proof@v1
[extra <base64>]
index <decimal>
<inclusion proof, one base64 hash a line, the leaf's sibling first>
<empty line>
<the signed checkpoint, verbatim>
"""

from dataclasses import dataclass

from openhns.tlog.checkpoint import Checkpoint, read_checkpoint
from openhns.tlog.encoding import (
    decode_base64,
    decode_decimal,
    decode_hash,
    decode_utf8,
    encode_base64,
)
from openhns.tlog.errors import ProofFormatError
from openhns.tlog.merkle import verify_inclusion
from openhns.tlog.note import LARGEST_NOTE
from openhns.tlog.policy import Accepted, Policy
from openhns.tlog.reader import TileReader

HEADER = "c2sp.org/tlog-proof@v1"
_MOST_HASHES = 63
_LARGEST_PROOF = 2 * LARGEST_NOTE


@dataclass(frozen=True, slots=True)
class Proof:
    """The place of one entry in a checkpointed tree; `checkpoint` is the signed note verbatim.

    `extra` is opaque and unauthenticated.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def __str__(self) -> str:
        lines = [HEADER]
        if self.extra:
            lines.append(f"extra {encode_base64(self.extra)}")
        lines.append(f"index {self.index}")
        lines.extend(map(encode_base64, self.path))
        return "\n".join(lines) + "\n\n" + self.checkpoint

    @classmethod
    def parse(cls, raw: bytes | str) -> "Proof":
        """Read a proof in its one spelling ("Format"), its checkpoint included.

        Raises ProofFormatError, and NoteError or CheckpointError for the checkpoint.
        """
        if len(raw) > _LARGEST_PROOF:
            raise ProofFormatError("the proof is longer than any proof can be")
        text = decode_utf8(raw, "the proof", ProofFormatError)
        head, separator, checkpoint = text.partition("\n\n")
        if not separator:
            raise ProofFormatError("the proof has no empty line before its checkpoint")
        header, *lines = head.split("\n")
        if header != HEADER:
            raise ProofFormatError(f"the proof does not begin with {HEADER}")
        extra = _parse_extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else None
        if not lines or not lines[0].startswith("index "):
            raise ProofFormatError("the proof has no index line where one is due")
        index = decode_decimal(lines.pop(0)[6:], "the proof's index", ProofFormatError)
        if len(lines) > _MOST_HASHES:
            raise ProofFormatError("the inclusion proof is longer than any tree is high")
        path = [decode_hash(line, "a line of the proof", ProofFormatError) for line in lines]
        read_checkpoint(checkpoint)
        return cls(index, tuple(path), checkpoint, extra)

    def check_inclusion(self, leaf: bytes) -> Checkpoint:
        """Return the checkpoint to whose root the leaf hash leads; no signature is verified.

        Raises ProofError. This shows that the proof agrees with itself, and no more.
        """
        checkpoint = read_checkpoint(self.checkpoint)
        verify_inclusion(leaf, self.index, checkpoint.size, self.path, checkpoint.root)
        return checkpoint

    def verify(self, leaf: bytes, policy: Policy) -> Accepted:
        """Return what the policy accepted the proof under ("Verifying a tlog proof").

        `leaf` is step 1's leaf hash. Raises PolicyNotMet and ProofError.
        """
        accepted = policy.accept(self.checkpoint)  # Steps 2 and 3.
        self.check_inclusion(leaf)  # Step 4.
        return accepted


def make_proof(
    reader: TileReader, index: int, checkpoint: str, extra: bytes | None = None
) -> Proof:
    """Return the proof of an entry under a signed checkpoint of the reader's size.

    `checkpoint` is the signed note. The proof is verified against the checkpoint's root before it
    is returned; raises ProofError where the tiles do not support it.
    """
    proof = Proof(index, reader.inclusion_proof(index), checkpoint, extra)
    proof.check_inclusion(reader.hash(0, index))
    return proof


def _parse_extra(line: str) -> bytes:
    extra = decode_base64(line[6:], "the proof's extra data", ProofFormatError)
    if not extra:
        raise ProofFormatError("the proof has an extra line without data")
    return extra
