"""Seal one field of one row: AES-256-GCM with row, field and key number bound.

A sealed value is

    version (1 byte, 0x01) | key number (4 bytes, big-endian) | nonce (12) | ciphertext and tag

and its associated data is `openhns-seal/v1`, the version, the key number, the scope, the field
and the row, each with its length before it, so that a blob moved to another row, field or
mechanism does not open. AES-GCM is NIST SP 800-38D; a data key seals fewer than 2**32 values
with random nonces (section 8.3), which `KeyRing` leaves to rotation and `openhns keys` shows.
"""

import os
import struct
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openhns.sealing.padding import PaddingError, pad, unpad

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
_HEADER = struct.Struct(">BI")
_DOMAIN = b"openhns-seal/v1"


class SealingError(Exception):
    """A value could not be sealed or opened."""

    code = "sealing_failed"


class NotOpened(SealingError):
    """The blob is damaged, stands in another row or field, or its key is another."""

    code = "sealed_value_not_opened"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands: scope (a mechanism), field (`room.table.column`), row."""

    scope: UUID
    field: str
    row: UUID

    def associated_data(self, key_number: int) -> bytes:
        return _before_row(key_number, self.scope, self.field) + self.row.bytes


@lru_cache(maxsize=1_024)  # Rows are many, their fields few.
def _before_row(key_number: int, scope: UUID, field: str) -> bytes:
    name = field.encode()
    header = _HEADER.pack(VERSION, key_number)
    return b"".join((_DOMAIN, header, scope.bytes, struct.pack(">H", len(name)), name))


def seal_bytes(key: AESGCM, key_number: int, place: Place, content: bytes) -> bytes:
    """Return the sealed value of `content` for its place."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = key.encrypt(nonce, pad(content), place.associated_data(key_number))
    return _HEADER.pack(VERSION, key_number) + nonce + sealed


def key_number_of(blob: bytes) -> int:
    """Return the number of the data key that a sealed value names."""
    if len(blob) < _HEADER.size + NONCE_BYTES + TAG_BYTES:
        raise NotOpened("A sealed value is cut short.")
    version, number = _HEADER.unpack_from(blob)
    if version != VERSION:
        raise NotOpened(f"A sealed value names version {version}; this program knows {VERSION}.")
    return int(number)


def open_bytes(key: AESGCM, place: Place, blob: bytes) -> bytes:
    """Return the content of a sealed value; raise NotOpened if anything about it changed."""
    number = key_number_of(blob)
    nonce = blob[_HEADER.size : _HEADER.size + NONCE_BYTES]
    try:
        padded = key.decrypt(
            nonce, blob[_HEADER.size + NONCE_BYTES :], place.associated_data(number)
        )
        return unpad(padded)
    except (InvalidTag, PaddingError):
        raise NotOpened(
            f"A sealed value of {place.field} does not open in row {place.row}: it was changed, "
            "moved, or sealed under another key."
        ) from None
