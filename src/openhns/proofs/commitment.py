r"""What stands in the log: commitments, public entries, fillings, and heads per party.

Every entry begins with a line that names its form and version, so that a reader in ten years
knows what the rest is. Hashes are SHA-256; each is taken over a prefix of its own.

    sealed entry   b"openhns/v1 commitment\n" + SHA-256(COMMITMENT + salt + canonical event)
    filling        b"openhns/v1 commitment\n" + SHA-256(FILLING + tick salt + number): to anyone
                   without the salt it looks like a sealed entry
    public entry   b"openhns/v1 public\n" + canonical event
"""

import hashlib
import struct
from typing import Any, Final

from openhns.proofs.canonical import canonical

SALT_BYTES: Final = 32
HASH_BYTES: Final = 32
LARGEST_ENTRY: Final = 65_535  # C2SP tlog-tiles: an entry's length is a 16-bit number.
SEALED_LINE: Final = b"openhns/v1 commitment\n"
PUBLIC_LINE: Final = b"openhns/v1 public\n"
_COMMITMENT: Final = b"openhns-commitment/v1\n"
_FILLING: Final = b"openhns-filling/v1\n"
_CHAIN: Final = b"openhns-chain/v1\n"
_HEAD: Final = b"openhns-head/v1\n"
CHAIN_START: Final = bytes(HASH_BYTES)


class EntryError(ValueError):
    """An event cannot stand in the log."""

    code = "entry_unfit"


def sealed_entry(salt: bytes, event: bytes) -> bytes:
    """Return the entry of a sealed event: `salt` is 32 bytes, `event` its canonical form."""
    if len(salt) != SALT_BYTES:
        raise EntryError("A salt has 32 bytes.")
    return SEALED_LINE + hashlib.sha256(_COMMITMENT + salt + event).digest()


def filling_entry(tick_salt: bytes, number: int) -> bytes:
    return SEALED_LINE + hashlib.sha256(_FILLING + tick_salt + struct.pack(">Q", number)).digest()


def public_entry(event: bytes) -> bytes:
    entry = PUBLIC_LINE + event
    if len(entry) > LARGEST_ENTRY:
        raise EntryError("A public event is larger than an entry of the log may be.")
    return entry


def chain_step(chain: bytes, entry: bytes) -> bytes:
    """Return the party's chain after one more entry that was written for that party."""
    return hashlib.sha256(_CHAIN + chain + hashlib.sha256(entry).digest()).digest()


def head_hash(salt: bytes, party: str, count: int, chain: bytes) -> bytes:
    """Return the salted head of a party's chain: `count` entries, of which `chain` is the sum."""
    body = canonical({"chain": chain.hex(), "count": count, "party": party})
    return hashlib.sha256(_HEAD + salt + body).digest()


def content_digest(value: Any) -> str:
    """Return the hexadecimal SHA-256 of a value's canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()
