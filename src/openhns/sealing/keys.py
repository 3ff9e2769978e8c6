"""The key outside the database, the data keys that it wraps, and keyed hashes.

The master key is 32 random bytes in a file of its own, base64 in one line. It seals nothing but
data keys: AES-256-GCM with the scope and number as associated data. A keyed hash finds exact
identifiers without telling them; its key is derived from the scope's hash key (HKDF, RFC 5869).
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import struct
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from openhns.sealing.sealed import (
    KEY_BYTES,
    NONCE_BYTES,
    Place,
    SealingError,
    key_number_of,
    open_bytes,
    seal_bytes,
)


class MasterKeyError(SealingError):
    """The file of the master key is missing, unreadable or holds no key."""

    code = "master_key_unusable"


class UnknownKey(SealingError):
    """A sealed value names a data key that is not there."""

    code = "data_key_unknown"


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def read_master_key(path: Path) -> bytes:
    """Return the 32 bytes of the master key; raise MasterKeyError with what to do."""
    try:
        key = base64.b64decode(path.read_text("ascii").strip(), validate=True)
    except (OSError, UnicodeError, binascii.Error) as error:
        raise MasterKeyError(
            f"The master key in {path} cannot be read ({type(error).__name__}). Without it no "
            "sealed value opens: put the file back from where the keys are kept."
        ) from None
    if len(key) != KEY_BYTES:
        raise MasterKeyError(f"The master key in {path} has {len(key)} bytes and needs 32.")
    return key


def write_key_file(path: Path, key: bytes) -> None:
    """Write a key for its owner alone, durably; an existing file is never overwritten."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(key) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _wrapping_data(scope: UUID, number: int) -> bytes:
    return b"openhns-data-key/v1" + scope.bytes + struct.pack(">I", number)


def wrap(master: bytes, scope: UUID, number: int, key: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(master).encrypt(nonce, key, _wrapping_data(scope, number))


def unwrap(master: bytes, scope: UUID, number: int, wrapped: bytes) -> bytes:
    """Return a data key; raise UnknownKey if the master key is not the one that wrapped it."""
    nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    try:
        return AESGCM(master).decrypt(nonce, sealed, _wrapping_data(scope, number))
    except InvalidTag:
        raise UnknownKey(
            f"Data key {number} does not open under this master key: the key file belongs to "
            "another installation, or to a time before the last change of the master key."
        ) from None


def derive(key: bytes, purpose: str) -> bytes:
    """Return 32 bytes bound to a purpose (RFC 5869, HKDF with SHA-256)."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"openhns/" + purpose.encode()).derive(key)


@dataclass
class KeyRing:
    """The data keys of one scope; the highest number seals, every number opens."""

    scope: UUID
    keys: dict[int, bytes]
    hash_key: bytes
    _ciphers: dict[int, AESGCM] = field(default_factory=dict)

    @property
    def newest(self) -> int:
        return max(self.keys)

    def _cipher(self, number: int) -> AESGCM:
        if number not in self._ciphers:
            if number not in self.keys:
                raise UnknownKey(f"A sealed value names data key {number}, which is not there.")
            self._ciphers[number] = AESGCM(self.keys[number])
        return self._ciphers[number]

    def seal(self, name: str, row: UUID, content: bytes) -> bytes:
        number = self.newest
        return seal_bytes(self._cipher(number), number, Place(self.scope, name, row), content)

    def open(self, name: str, row: UUID, blob: bytes) -> bytes:
        cipher = self._cipher(key_number_of(blob))
        return open_bytes(cipher, Place(self.scope, name, row), blob)

    def keyed_hash(self, purpose: str, value: str) -> bytes:
        """Return 32 bytes by which an exact identifier is found and not read."""
        key = derive(self.hash_key, purpose)
        return hmac.new(key, value.encode(), hashlib.sha256).digest()
