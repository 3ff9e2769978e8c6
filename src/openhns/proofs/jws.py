"""Notices and receipts are JWS: compact form, EdDSA, one key (RFC 7515, RFC 8037 section 3.1).

The header is fixed: `alg` EdDSA, `kid` the key's thumbprint (RFC 7638 as RFC 8037 section 2
and appendix A.3 apply it), `typ`. A header with anything else is refused, so that no verifier
can be led to another algorithm or to a key that the message brings along.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openhns.proofs.canonical import CanonicalError, canonical, parse
from openhns.tlog import ed25519
from openhns.tlog.errors import SignatureError

_PARTS = 3


class JwsError(ValueError):
    """A message is not a JWS of ours, or its signature does not hold."""

    code = "jws_refused"


@dataclass(frozen=True, slots=True)
class Message:
    """A parsed JWS: its type, the key that it names, its payload and the signed bytes."""

    typ: str
    kid: str
    payload: Any
    signing_input: bytes
    signature: bytes


def encode(data: bytes) -> str:
    """Return base64url without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes of base64url text; raise JwsError unless it is their one encoding."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise JwsError("A part of the message is not base64url.") from None
    if encode(data) != text:
        raise JwsError("A part of the message is not in the one form that base64url gives it.")
    return data


def jwk(public_key: bytes) -> dict[str, str]:
    """Return the public JWK of a raw Ed25519 key (RFC 8037 section 2)."""
    return {"crv": "Ed25519", "kty": "OKP", "x": encode(public_key)}


def thumbprint(public_key: bytes) -> str:
    """Return the JWK thumbprint (RFC 7638), by which people and files name a key."""
    return encode(hashlib.sha256(canonical(jwk(public_key))).digest())


def sign(private_key: Ed25519PrivateKey, typ: str, payload: Any) -> str:
    """Return the compact JWS of a payload in canonical form."""
    kid = thumbprint(private_key.public_key().public_bytes_raw())
    return sign_as(private_key, kid, typ, payload)


def sign_as(private_key: Ed25519PrivateKey, kid: str, typ: str, payload: Any) -> str:
    """Return the JWS where the caller already knows the key's thumbprint."""
    return sign_canonical(private_key, kid, typ, canonical(payload))


def sign_canonical(private_key: Ed25519PrivateKey, kid: str, typ: str, payload: bytes) -> str:
    """Return the JWS of a payload that is in canonical form already; `read` would refuse others."""
    signed = f"{_header(kid, typ)}.{encode(payload)}"
    return f"{signed}.{encode(private_key.sign(signed.encode('ascii')))}"


@lru_cache(maxsize=64)
def _header(kid: str, typ: str) -> str:
    return encode(canonical({"alg": "EdDSA", "kid": kid, "typ": typ}))


def read(text: str) -> Message:
    """Return the parts of a JWS without judging its signature; raise JwsError if misshapen."""
    parts = text.split(".")
    if len(parts) != _PARTS or not text.isascii():
        raise JwsError("The message does not have the three parts of a compact JWS.")
    try:
        header, payload = parse(decode(parts[0])), parse(decode(parts[1]))
    except CanonicalError as error:
        raise JwsError(f"The message's header or payload: {error}") from None
    if not isinstance(header, dict) or header.keys() != {"alg", "kid", "typ"}:
        raise JwsError("The message's header has other members than alg, kid and typ.")
    if header["alg"] != "EdDSA" or not all(isinstance(item, str) for item in header.values()):
        raise JwsError("The message's header names another algorithm than EdDSA.")
    signing_input = f"{parts[0]}.{parts[1]}".encode("ascii")
    return Message(header["typ"], header["kid"], payload, signing_input, decode(parts[2]))


def verify(text: str, public_key: bytes, typ: str) -> Any:
    """Return the payload of a JWS that `public_key` signed as `typ`; raise JwsError if not."""
    message = read(text)
    if message.typ != typ:
        raise JwsError(f"The message is a {message.typ!r}, not a {typ!r}.")
    if message.kid != thumbprint(public_key):
        raise JwsError("The message names another key than the one it is checked with.")
    try:
        ed25519.verify(public_key, message.signature, message.signing_input)
    except SignatureError as error:
        raise JwsError(f"The signature does not hold: {error}") from None
    return message.payload
