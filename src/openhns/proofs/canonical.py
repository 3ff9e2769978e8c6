"""Canonical JSON: RFC 8785 over NFC strings, and no number that is not a safe integer.

What is hashed or signed today must give the same bytes in ten years and in another language.
RFC 8785 leaves one hard part, the writing of floats (section 3.2.2.3); nothing here is a float,
so that part never arises. Times are RFC 3339 strings, positions integers of 1e-7 degree.
"""

import json
import unicodedata
from typing import Any, NoReturn

SAFE_INTEGER = 2**53 - 1
DEEPEST = 32
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
)


class CanonicalError(ValueError):
    """A value has no canonical form, or bytes are not the canonical form of what they hold."""

    code = "not_canonical"


def _checked(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind is str:
        return _checked_text(value)
    if value is None or kind is bool:
        return value
    if kind is int:
        if -SAFE_INTEGER <= value <= SAFE_INTEGER:
            return value
        raise CanonicalError("An integer is larger than JSON readers keep exactly.")
    if depth >= DEEPEST:
        raise CanonicalError(f"The value is nested more than {DEEPEST} deep.")
    if kind is dict:
        return _checked_object(value, depth + 1)
    if kind in (list, tuple):
        return [_checked(item, depth + 1) for item in value]
    raise CanonicalError(f"A {kind.__name__} has no place in a canonical form.")


def _checked_text(text: str) -> str:
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        raise CanonicalError("A string holds half of a surrogate pair.") from None
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _checked_object(value: dict[Any, Any], depth: int) -> dict[str, Any]:
    checked = {}
    for key, item in value.items():
        # Keys are ours and ASCII, so that sorting by code point is sorting by UTF-16 code unit.
        if type(key) is not str or not (key.isascii() and key.isprintable()):
            raise CanonicalError("A member's name is not printable ASCII.")
        # Most members are short ASCII texts: a call for each would be half of the work.
        is_plain = type(item) is str and item.isascii()
        checked[key] = item if is_plain else _checked(item, depth)
    return checked


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of a JSON value; raise CanonicalError if it has none."""
    return _ENCODER.encode(_checked(value, 0)).encode()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise CanonicalError("A member stands twice in one object.")
    return members


def _no_float(_text: str) -> NoReturn:
    raise CanonicalError("A number is not an integer.")


def parse(data: bytes) -> Any:
    """Return the value of canonical bytes; raise CanonicalError unless they are byte-equal."""
    try:
        value = json.loads(
            data.decode("utf-8", "strict"),
            object_pairs_hook=_once,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except CanonicalError:
        raise
    except (ValueError, RecursionError) as error:
        raise CanonicalError(f"The bytes are not JSON ({type(error).__name__}).") from None
    if canonical(value) != data:
        raise CanonicalError("The bytes are not in canonical form.")
    return value
