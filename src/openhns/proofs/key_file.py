"""A party's key in a file: the private half under a passphrase, the rest readable by all.

The file is canonical JSON:

    type       "openhns-party-key", or "openhns-party-public-key" without the last three
    v          1
    log        origin of the log for which the key was made
    party      {id, name}
    key, kid   public JWK (RFC 8037) and its thumbprint (RFC 7638)
    possession JWS by which the holder proved to have the private half
    kdf        {name "PBKDF2", hash "SHA-256", rounds, salt}        (RFC 8018)
    cipher     {name "AES-256-GCM", iv}                             (NIST SP 800-38D)
    sealed     the 32-byte private key (RFC 8032) and the tag

Salt, iv and sealed are base64url without padding. The passphrase is NFC, UTF-8. Associated data
is the canonical JSON of all members but `sealed`, so that nobody changes what stands beside the
key. Everything here is within what a browser's WebCrypto does, which can so write the same file.
"""

import hashlib
import os
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openhns.proofs import jws
from openhns.proofs.canonical import CanonicalError, canonical, parse
from openhns.tlog import ed25519
from openhns.tlog.errors import PublicKeyError

TYPE: Final = "openhns-party-key"
PUBLIC_TYPE: Final = "openhns-party-public-key"
ROUNDS: Final = 600_000  # OWASP Password Storage Cheat Sheet, PBKDF2-HMAC-SHA256.
_MOST_ROUNDS: Final = 10_000_000
_VERSION: Final = 1
_SALT_BYTES: Final = 16
_IV_BYTES: Final = 12
_KEY_BYTES: Final = 32
_LARGEST_FILE: Final = 64 * 1024
_SHORTEST: Final = 8
_SHORTEST_OF_DIGITS: Final = 16
_PUBLIC: Final = {"type", "v", "log", "party", "key", "kid", "possession"}
_PRIVATE: Final = _PUBLIC | {"kdf", "cipher", "sealed"}


class KeyFileError(Exception):
    """A key file cannot be written or used."""

    code = "key_file_refused"


class KeyFileExists(KeyFileError):
    """A file of that name exists: a key is never overwritten."""

    code = "key_file_exists"


class WrongPassphrase(KeyFileError):
    """The passphrase is another one, or the file was changed."""

    code = "key_passphrase_wrong"


class WeakPassphrase(KeyFileError):
    """The passphrase falls to guessing within minutes."""

    code = "key_passphrase_weak"


@dataclass(frozen=True, slots=True)
class PublicPart:
    """What anybody may read of a key file; `public_key` is 32 raw bytes."""

    log: str
    party_id: str
    party_name: str
    public_key: bytes
    kid: str
    possession: str

    def members(self) -> dict[str, Any]:
        return {
            "v": _VERSION,
            "log": self.log,
            "party": {"id": self.party_id, "name": self.party_name},
            "key": jws.jwk(self.public_key),
            "kid": self.kid,
            "possession": self.possession,
        }


def check_passphrase(passphrase: str) -> None:
    """Raise WeakPassphrase for one that is short, or a number such as a PIN."""
    if len(passphrase) < _SHORTEST or (
        passphrase.isdigit() and len(passphrase) < _SHORTEST_OF_DIGITS
    ):
        raise WeakPassphrase(
            f"The passphrase needs at least {_SHORTEST} characters, and more than digits alone: "
            "a short number is guessed within minutes. Several words are best."
        )


def write_key_file(
    path: Path, private_key: Ed25519PrivateKey, public: PublicPart, passphrase: str
) -> None:
    """Write a new key file for its owner alone; raise KeyFileExists, never overwrite."""
    head = public.members() | {
        "type": TYPE,
        "kdf": {
            "name": "PBKDF2",
            "hash": "SHA-256",
            "rounds": ROUNDS,
            "salt": jws.encode(secrets.token_bytes(_SALT_BYTES)),
        },
        "cipher": {"name": "AES-256-GCM", "iv": jws.encode(secrets.token_bytes(_IV_BYTES))},
    }
    cipher, iv = _cipher(head, passphrase)
    sealed = cipher.encrypt(iv, private_key.private_bytes_raw(), canonical(head))
    _write_new(path, canonical(head | {"sealed": jws.encode(sealed)}), mode=0o600)


def write_public_file(path: Path, public: PublicPart) -> None:
    """Write what a party hands to the operator: no private half."""
    _write_new(path, canonical(public.members() | {"type": PUBLIC_TYPE}), mode=0o644)


def read_public_part(path: Path) -> PublicPart:
    """Read what needs no passphrase, of either kind of file; raise KeyFileError."""
    return _public_part(_members(path))


def read_key_file(path: Path, passphrase: str) -> tuple[Ed25519PrivateKey, PublicPart]:
    """Open a key file; raise WrongPassphrase, KeyFileError."""
    members = _members(path)
    public = _public_part(members)
    if members["type"] != TYPE:
        raise KeyFileError("The file holds the public half of a key and no private one.")
    key = Ed25519PrivateKey.from_private_bytes(_opened(members, passphrase))
    if key.public_key().public_bytes_raw() != public.public_key:
        raise KeyFileError("The private half of the key does not belong to its public half.")
    return key, public


def _opened(members: dict[str, Any], passphrase: str) -> bytes:
    head = {name: value for name, value in members.items() if name != "sealed"}
    try:
        cipher, iv = _cipher(head, passphrase)
        opened = cipher.decrypt(iv, jws.decode(members["sealed"]), canonical(head))
    except (TypeError, KeyError, AttributeError, jws.JwsError):
        raise KeyFileError("The key file is damaged: how it was sealed cannot be read.") from None
    except InvalidTag:
        raise WrongPassphrase(
            "The key does not open: the passphrase is another one, or the file was changed."
        ) from None
    if len(opened) != _KEY_BYTES:
        raise KeyFileError("The key file does not hold a private key of 32 bytes.")
    return opened


def _cipher(head: dict[str, Any], passphrase: str) -> tuple[AESGCM, bytes]:
    kdf, cipher = head["kdf"], head["cipher"]
    names = (kdf["name"], kdf["hash"], cipher["name"])
    if names != ("PBKDF2", "SHA-256", "AES-256-GCM"):
        raise KeyFileError("The key file was sealed in a way that this program does not know.")
    rounds, iv = kdf["rounds"], jws.decode(cipher["iv"])
    if type(rounds) is not int or not ROUNDS <= rounds <= _MOST_ROUNDS or len(iv) != _IV_BYTES:
        raise KeyFileError("The key file's rounds or iv lie outside what is safe.")
    secret = unicodedata.normalize("NFC", passphrase).encode()
    salt = jws.decode(kdf["salt"])
    return AESGCM(hashlib.pbkdf2_hmac("sha256", secret, salt, rounds, _KEY_BYTES)), iv


def _members(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise KeyFileError(f"The key file cannot be read: {error.strerror}.") from None
    try:
        members = parse(data[:_LARGEST_FILE].removesuffix(b"\n"))
    except CanonicalError:
        raise KeyFileError("This is no key file, or it was changed.") from None
    known = {TYPE: _PRIVATE, PUBLIC_TYPE: _PUBLIC}
    kind = members.get("type") if isinstance(members, dict) else None
    if not isinstance(kind, str) or members.keys() != known.get(kind):
        raise KeyFileError("This is no key file of a party.")
    return dict(members)


def _public_part(members: dict[str, Any]) -> PublicPart:
    try:
        public = PublicPart(
            log=members["log"],
            party_id=members["party"]["id"],
            party_name=members["party"]["name"],
            public_key=jws.decode(members["key"]["x"]),
            kid=members["kid"],
            possession=members["possession"],
        )
        ed25519.check_public_key(public.public_key)
        agrees = all(members[name] == value for name, value in public.members().items())
        agrees = agrees and public.kid == jws.thumbprint(public.public_key)
    except (TypeError, KeyError, AttributeError, jws.JwsError, PublicKeyError, CanonicalError):
        agrees = False
    if agrees and not all(isinstance(text, str) for text in _texts(public)):
        raise KeyFileError("The key file's log, party or possession is not a text.")
    if not agrees:
        raise KeyFileError("The key file's members do not agree with one another.")
    return public


def _texts(public: PublicPart) -> tuple[Any, ...]:
    return public.log, public.party_id, public.party_name, public.possession


def _write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a file that is wholly there or not at all, and never in place of another."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)  # Fails where the name is taken; a rename would replace it.
    except FileExistsError:
        raise KeyFileExists(
            f"{path.name} exists already and is not overwritten: choose another name."
        ) from None
    except OSError as error:
        raise KeyFileError(f"The key file cannot be written: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
