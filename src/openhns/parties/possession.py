"""Proof of possession: a key's holder says, under that key, for which party of which log."""

from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openhns.parties.errors import KeyInvalid, PossessionNotProven
from openhns.proofs import jws
from openhns.record.rows import timestamp
from openhns.tlog import ed25519
from openhns.tlog.errors import PublicKeyError

TYP: Final = "openhns-key-possession"
_VERSION: Final = 1
_MEMBERS: Final = {"v", "log", "party", "key", "signed_at"}


def prove_possession(
    private_key: Ed25519PrivateKey, origin: str, party_id: str, signed_at: datetime
) -> str:
    """Return the JWS that registers a key for a party of the log of that origin."""
    public_key = private_key.public_key().public_bytes_raw()
    payload = {
        "v": _VERSION,
        "log": origin,
        "party": party_id,
        "key": jws.jwk(public_key),
        "signed_at": timestamp(signed_at),
    }
    return jws.sign(private_key, TYP, payload)


def check_possession(public_key: bytes, text: str, origin: str, party_id: str) -> None:
    """Raise KeyInvalid for a key that no strict verifier accepts, PossessionNotProven otherwise."""
    try:
        ed25519.check_public_key(public_key)
    except PublicKeyError as error:
        raise KeyInvalid(f"The key is refused: {error}.") from None
    try:
        payload = jws.verify(text, public_key, TYP)
    except jws.JwsError as error:
        raise PossessionNotProven(f"The proof of possession is refused: {error}") from None
    _check_payload(payload, public_key, origin, party_id)


def _check_payload(payload: Any, public_key: bytes, origin: str, party_id: str) -> None:
    if not isinstance(payload, dict) or payload.keys() != _MEMBERS:
        raise PossessionNotProven("The proof of possession has not the members that it must have.")
    expected = {"v": _VERSION, "log": origin, "party": party_id, "key": jws.jwk(public_key)}
    for member, value in expected.items():
        if payload[member] != value:
            raise PossessionNotProven(
                f"The proof of possession names another {member}: it was made for another log, "
                "party or key."
            )
    if not _is_time(payload["signed_at"]):
        raise PossessionNotProven("The proof of possession does not say when it was signed.")


def _is_time(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False
