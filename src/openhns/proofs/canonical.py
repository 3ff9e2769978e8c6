"""Canonical JSON: RFC 8785 over NFC strings, and no number that is not a safe integer.

What is hashed or signed today must give the same bytes in ten years and in another language.
RFC 8785 leaves one hard part, the writing of floats (section 3.2.2.3); nothing here is a float,
so that part never arises. Times are RFC 3339 strings, positions integers of 1e-7 degree.
"""

import json
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from json.encoder import encode_basestring as _quoted
from typing import Any, NoReturn

from openhns.proofs.marks import MOST_MARKS, has_long_run

SAFE_INTEGER = 2**53 - 1
DEEPEST = 32
_MOST_NAMES = 4_096  # Ours are some hundreds; what strangers send must not fill the memory.


class CanonicalError(ValueError):
    """A value has no canonical form, or bytes are not the canonical form of what they hold."""

    code = "not_canonical"


def _written(value: Any, depth: int) -> str:
    """Check a value and write it in one pass: events, notices and digests are all made here."""
    kind = type(value)
    if kind is str:
        return _quoted(_checked_text(value))
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return _written_integer(value)
    if depth >= DEEPEST:
        raise CanonicalError(f"The value is nested more than {DEEPEST} deep.")
    if kind is dict:
        return _written_object(value, depth + 1)
    if kind in (list, tuple):
        return _written_list(value, depth + 1)
    raise CanonicalError(f"A {kind.__name__} has no place in a canonical form.")


def _checked_text(text: str) -> str:
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        raise CanonicalError("A string holds half of a surrogate pair.") from None
    if has_long_run(text):
        raise CanonicalError(f"A string holds more than {MOST_MARKS} combining marks in a row.")
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _written_integer(value: int) -> str:
    if -SAFE_INTEGER <= value <= SAFE_INTEGER:
        return str(value)
    raise CanonicalError("An integer is larger than JSON readers keep exactly.")


def _written_list(values: Sequence[Any], depth: int) -> str:
    # Outlines are long lists of integers.
    return (
        "["
        + ",".join(
            [
                str(item)
                if type(item) is int and -SAFE_INTEGER <= item <= SAFE_INTEGER
                else _written(item, depth)
                for item in values
            ]
        )
        + "]"
    )


def _written_object(value: dict[Any, Any], depth: int) -> str:
    for key in value:
        if type(key) is not str:
            raise CanonicalError("A member's name is not printable ASCII.")
    members = []
    # Names are ASCII, so that sorting by code point is sorting by UTF-16 code unit.
    for key in sorted(value):
        item = value[key]
        # Most members are short ASCII texts: a call for each would be half of the work.
        is_plain = type(item) is str and item.isascii()
        members.append(_name(key) + (_quoted(item) if is_plain else _written(item, depth)))
    return "{" + ",".join(members) + "}"


@lru_cache(maxsize=_MOST_NAMES)
def _name(key: str) -> str:
    """Return a member's name as it is written, with its colon."""
    if not (key.isascii() and key.isprintable()):
        raise CanonicalError("A member's name is not printable ASCII.")
    return _quoted(key) + ":"


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of a JSON value; raise CanonicalError if it has none."""
    return _written(value, 0).encode()


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
