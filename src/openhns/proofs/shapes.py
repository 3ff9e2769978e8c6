"""The forms that signed texts and events must have before anything is read from them."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from openhns.proofs import jws
from openhns.proofs.opened import OpenedEvent, is_time
from openhns.proofs.verdict import StepFailed
from openhns.tlog.ed25519 import PUBLIC_KEY_SIZE

Shape = Mapping[str, tuple[type, ...]]
NONE: Final = type(None)


def exactly(value: Any, shape: Shape, what: str) -> dict[str, Any]:
    """Return an object that has these members, of these types, and no others."""
    has_form(value, shape, what)
    if value.keys() != shape.keys():
        raise StepFailed(f"{what} has other members than it must have.")
    return dict(value)


def has_form(value: Any, shape: Shape, what: str) -> dict[str, Any]:
    """Return an object that has at least these members, of these types; True is no integer."""
    if not isinstance(value, dict):
        raise StepFailed(f"{what} is not an object.")
    for member, kinds in shape.items():
        if member not in value or type(value[member]) not in kinds:
            raise StepFailed(f"{what} does not say its {member}, or not in its form.")
    return value


def body(event: OpenedEvent, shape: Shape) -> dict[str, Any]:
    return has_form(event.body, shape, f"An entry for {event.role}")


def text(event: OpenedEvent, member: str) -> str:
    return str(body(event, {member: (str,)})[member])


def time(value: Any, what: str) -> str:
    """Return a time in the one form; these compare as texts as they do as times."""
    if not isinstance(value, str) or not is_time(value):
        raise StepFailed(f"{what} is not a time in RFC 3339 with microseconds in UTC.")
    return value


def public_key(value: Any) -> bytes:
    """Return the raw key of a public JWK in its one form."""
    if not isinstance(value, dict) or not isinstance(value.get("x"), str):
        raise StepFailed("An event that should name a key does not.")
    key = jws.decode(value["x"])
    if len(key) != PUBLIC_KEY_SIZE or value != jws.jwk(key):
        raise StepFailed("A key in the file is not an Ed25519 key in its one form.")
    return key


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
