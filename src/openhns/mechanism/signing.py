"""The key that signs a mechanism's notices: a file of its own, for the owner alone."""

import base64
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from openhns.mechanism.errors import SigningKeyUnusable
from openhns.mechanism.models import Mechanism
from openhns.proofs import jws
from openhns.sealing.keys import write_key_file


def key_path(mechanism_id: UUID) -> Path:
    return Path(settings.OPENHNS_DATA) / "keys" / f"notices-{mechanism_id}.key"


def make_notice_key(mechanism_id: UUID) -> bytes:
    """Make the key of a new mechanism; return its raw public key."""
    key = Ed25519PrivateKey.generate()
    write_key_file(key_path(mechanism_id), key.private_bytes_raw())
    return key.public_key().public_bytes_raw()


def notice_key(mechanism: Mechanism) -> tuple[Ed25519PrivateKey, str]:
    """Return the key and its thumbprint; raise SigningKeyUnusable unless it is the recorded one."""
    key, kid = _read(key_path(mechanism.id))
    if kid != mechanism.notice_kid:
        raise SigningKeyUnusable(
            f"The key in {key_path(mechanism.id).name} is not the one that the record names for "
            "this mechanism's notices. Nothing was signed: put the right file back."
        )
    return key, kid


def _read(path: Path) -> tuple[Ed25519PrivateKey, str]:
    try:
        return _parsed(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SigningKeyUnusable(
            f"The key {path.name} cannot be read ({type(error).__name__}): put the file back "
            "into the keys folder. Nothing was signed."
        ) from None


@lru_cache(maxsize=16)
def _parsed(text: bytes) -> tuple[Ed25519PrivateKey, str]:
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(text.strip(), validate=True))
    return key, jws.thumbprint(key.public_key().public_bytes_raw())
