"""Witnesses' cosignatures, timestamped and of Ed25519 (c2sp.org/tlog-cosignature, type 0x04).

A cosignature states that, at its time, the checkpoint was the largest consistent one that the
witness had seen of this log. The ML-DSA-44 type (0x06) is not spoken here; its lines are kept in
a note as those of unknown keys.
"""

import struct
from dataclasses import dataclass

from openhns.tlog import ed25519
from openhns.tlog.checkpoint import Checkpoint
from openhns.tlog.encoding import LARGEST
from openhns.tlog.errors import CosignatureError, SignatureError, VerifierKeyError
from openhns.tlog.note import TYPE_COSIGNATURE, NoteSignature, VerifierKey

_TIMESTAMP = struct.Struct(">Q")
_PAYLOAD_SIZE = _TIMESTAMP.size + ed25519.SIGNATURE_SIZE


def signed_message(text: str, timestamp: int) -> bytes:
    """Return what a witness signs for a checkpoint's text ("Ed25519 signed message")."""
    if not 0 <= timestamp <= LARGEST:
        raise CosignatureError("a cosignature's time lies between 0 and 2^63 - 1 seconds")
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def timestamp_of(payload: bytes) -> int:
    """Return the POSIX time in seconds that a cosignature's payload carries ("Format")."""
    if len(payload) != _PAYLOAD_SIZE:
        raise CosignatureError(f"a cosignature has {_PAYLOAD_SIZE} bytes, this has {len(payload)}")
    (timestamp,) = _TIMESTAMP.unpack_from(payload)
    if timestamp > LARGEST:
        raise CosignatureError("a cosignature's time lies between 0 and 2^63 - 1 seconds")
    return int(timestamp)


@dataclass(frozen=True, slots=True)
class CosignatureVerifier:
    """Verifies one witness's cosignatures of type 0x04."""

    key: VerifierKey

    @classmethod
    def parse(cls, vkey: str) -> "CosignatureVerifier":
        """Read a vkey of type 0x04; raises VerifierKeyError."""
        key = VerifierKey.parse(vkey)
        if key.kind != TYPE_COSIGNATURE:
            raise VerifierKeyError("the verifier key is not of type 0x04 (cosignature/v1)")
        return cls(key)

    def verify(self, text: str, payload: bytes) -> None:
        """Raise SignatureError unless `payload` cosigns the checkpoint's text."""
        try:
            message = signed_message(text, timestamp_of(payload))
        except CosignatureError as error:
            raise SignatureError(str(error)) from None
        ed25519.verify(self.key.public_key, payload[_TIMESTAMP.size :], message)


class Cosigner:
    """Cosigns checkpoints as a witness does; whether it may is the witness's own decision."""

    __slots__ = ("_seed", "key")

    def __init__(self, name: str, seed: bytes) -> None:
        self._seed = seed
        self.key = VerifierKey(name, TYPE_COSIGNATURE, ed25519.public_key_of(seed))

    @classmethod
    def generate(cls, name: str) -> "Cosigner":
        return cls(name, ed25519.generate_seed())

    @property
    def verifier(self) -> CosignatureVerifier:
        return CosignatureVerifier(self.key)

    def cosign(self, text: str, timestamp: int) -> NoteSignature:
        """Return the signature line for a checkpoint's text at a POSIX time in seconds."""
        Checkpoint.parse(text)
        signature = ed25519.sign(self._seed, signed_message(text, timestamp))
        payload = _TIMESTAMP.pack(timestamp) + signature
        return NoteSignature(self.key.name, self.key.key_id, payload)

    def __repr__(self) -> str:
        return f"Cosigner({self.key})"
