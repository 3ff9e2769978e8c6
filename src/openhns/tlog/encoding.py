"""The two encodings that every C2SP text shares, each accepted in one spelling only.

RFC 4648 section 4 base64 without any liberty, and ASCII decimals without leading zeros: a text in
which one byte has changed must never decode to the same value.
"""

import base64
import binascii
import re

from openhns.tlog.errors import TlogError

HASH_SIZE = 32
LARGEST = 2**63 - 1
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def encode_base64(data: bytes) -> str:
    """Return RFC 4648 section 4 base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str, what: str, error: type[TlogError]) -> bytes:
    """Decode canonical base64; raise `error`, which names `what`, for any other spelling."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise error(f"{what} is not base64 (RFC 4648 section 4)") from None
    if encode_base64(data) != text:
        raise error(f"{what} is base64, but not in its one canonical spelling")
    return data


def decode_hash(text: str, what: str, error: type[TlogError]) -> bytes:
    """Decode the base64 of one SHA-256 hash."""
    data = decode_base64(text, what, error)
    if len(data) != HASH_SIZE:
        raise error(f"{what} is {len(data)} bytes long, a SHA-256 hash has {HASH_SIZE}")
    return data


def decode_decimal(text: str, what: str, error: type[TlogError]) -> int:
    """Decode an ASCII decimal between 0 and 2**63 - 1 without leading zeros."""
    if not _DECIMAL.fullmatch(text) or int(text) > LARGEST:
        raise error(f"{what} is not a decimal from 0 to 2^63 - 1 without leading zeros")
    return int(text)


def decode_utf8(raw: bytes | str, what: str, error: type[TlogError]) -> str:
    """Return the text of `raw`, which must be (or be encodable as) valid UTF-8."""
    try:
        return raw.decode() if isinstance(raw, bytes) else raw.encode().decode()
    except UnicodeError:
        raise error(f"{what} is not valid UTF-8") from None
