"""Ed25519 signatures (RFC 8032) under one strict rule, the same in every language.

Libraries disagree on signatures that RFC 8032 leaves open, so every signature of this system is
judged by this rule, of which 1 to 4 are checked here before any library is called:

1. The public key A is 32 bytes, the signature R || S is 64 bytes.
2. A and R are canonical: the low 255 bits, little-endian, are a y below p = 2^255 - 19.
3. A and R are not of small order: y is none of the five y-coordinates of the eight points whose
   order divides 8, whatever the sign bit says. Two of them, y = 1 and y = p - 1, are also the only
   ones with x = 0, so a set sign bit on x = 0 ("negative zero") is refused by the same test.
4. S, little-endian, is below the group order L.
5. A decodes to a point on the curve, and the equation *without* the cofactor, S*B = R + k*A with
   k = SHA-512(R || A || M) mod L, holds, R being compared as bytes (RFC 8032 section 5.1.7).

A key with a component of small order beside its large one passes 2 and 3 and is then bound by
5 alone; whatever 5 accepts, a verifier that multiplies by the cofactor accepts as well, so nothing
that is valid here is invalid elsewhere.
"""

import secrets
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from openhns.tlog.errors import PublicKeyError, SignatureError

PUBLIC_KEY_SIZE: Final = 32
SIGNATURE_SIZE: Final = 64
SEED_SIZE: Final = 32

_P: Final = 2**255 - 19
_L: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = 37095705934669439343138083508754565189542113879843219016388785533085940283555
_LOW_255_BITS: Final = 2**255 - 1
_Y_OF_ORDER_8: Final = 2707385501144840649318225287225658788936804267575313519463743609750303402022
# y = 1 has order 1, p - 1 order 2, 0 order 4, and y and -y of the last pair order 8.
_SMALL_ORDER_Y: Final = frozenset({1, _P - 1, 0, _Y_OF_ORDER_8, _P - _Y_OF_ORDER_8})


def verify(public_key: bytes, signature: bytes, message: bytes) -> None:
    """Return only if `signature` by `public_key` over `message` holds under the rule above.

    Raises SignatureError, or its subclass PublicKeyError where the key itself is refused.
    """
    _check_point(public_key, "the public key", PublicKeyError)
    if len(signature) != SIGNATURE_SIZE:
        raise SignatureError(f"the signature is {len(signature)} bytes long, not {SIGNATURE_SIZE}")
    _check_point(signature[:32], "the signature's R", SignatureError)
    if int.from_bytes(signature[32:], "little") >= _L:
        raise SignatureError("the signature's S is not below the group order")
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        raise SignatureError("the signature does not belong to this key and message") from None


def check_public_key(raw: bytes) -> None:
    """Raise PublicKeyError unless `raw` is a key that `verify` could ever accept (rule 1 to 5)."""
    _check_point(raw, "the public key", PublicKeyError)
    if not _is_on_curve(_y(raw)):
        raise PublicKeyError("the public key is not a point on the curve")


def generate_seed() -> bytes:
    """Return a fresh private key: 32 random bytes (RFC 8032 section 5.1.5)."""
    return secrets.token_bytes(SEED_SIZE)


def public_key_of(seed: bytes) -> bytes:
    """Return the 32-byte public key of a 32-byte private key."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, message: bytes) -> bytes:
    """Return the 64-byte signature over `message` (RFC 8032 section 5.1.6)."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def _check_point(raw: bytes, what: str, error: type[SignatureError]) -> None:
    if len(raw) != PUBLIC_KEY_SIZE:
        raise error(f"{what} is {len(raw)} bytes long, not {PUBLIC_KEY_SIZE}")
    y = _y(raw)
    if y >= _P:
        raise error(f"{what} is not canonically encoded")
    if y in _SMALL_ORDER_Y:
        raise error(f"{what} is a point of small order")


def _y(raw: bytes) -> int:
    return int.from_bytes(raw, "little") & _LOW_255_BITS


def _is_on_curve(y: int) -> bool:
    """Whether x^2 = (y^2 - 1) / (d y^2 + 1) has a root modulo p (RFC 8032 section 5.1.3)."""
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    root = u * v**3 * pow(u * v**7, (_P - 5) // 8, _P) % _P
    return v * root * root % _P in {u, _P - u}
