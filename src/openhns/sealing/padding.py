"""Pad contents so that their size tells a bucket and no more.

The scheme is Padmé (Nikitin and others, "Reducing Metadata Leakage from Encrypted Files and
Communication with PURBs", 2019, section 4): a length keeps only its leading bits, so that an
observer learns O(log log n) bits of it and padding costs at most 12 %. Short contents, which
are most of ours, all share the smallest bucket.
"""

import struct

SMALLEST_BUCKET = 256
_LENGTH = struct.Struct(">I")


class PaddingError(ValueError):
    """The opened content does not carry the padding that sealing writes."""

    code = "padding_broken"


def bucket(length: int) -> int:
    """Return the padded size in bytes for a content of `length` bytes."""
    if length <= SMALLEST_BUCKET:
        return SMALLEST_BUCKET
    exponent = length.bit_length() - 1
    kept_bits = exponent.bit_length()
    step_mask = (1 << (exponent - kept_bits)) - 1
    return (length + step_mask) & ~step_mask


def pad(content: bytes) -> bytes:
    """Return length (4 bytes, big-endian), content and zeros, `bucket` bytes in all."""
    framed = _LENGTH.pack(len(content)) + content
    return framed.ljust(bucket(len(framed)), b"\0")


def unpad(padded: bytes) -> bytes:
    """Return the content; raise PaddingError unless `padded` is what `pad` writes."""
    if len(padded) < _LENGTH.size:
        raise PaddingError("The sealed content is shorter than its own length field.")
    (length,) = _LENGTH.unpack_from(padded)
    content = padded[_LENGTH.size : _LENGTH.size + length]
    if len(content) != length or pad(content) != padded:
        raise PaddingError("The sealed content's padding is not what was written.")
    return content
