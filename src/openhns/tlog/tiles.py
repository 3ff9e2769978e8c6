"""Where a log's tiles and entry bundles lie, and what is in them (c2sp.org/tlog-tiles).

checkpoint                      the signed checkpoint
tile/<L>/<N>[.p/<W>]            up to 256 hashes of level L
tile/entries/<N>[.p/<W>]        up to 256 entries
"""

import struct
from collections.abc import Sequence

from openhns.tlog.encoding import HASH_SIZE
from openhns.tlog.errors import EntryTooLarge, TileMalformed

CHECKPOINT_PATH = "checkpoint"
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
FULL_TILE_SIZE = TILE_WIDTH * HASH_SIZE
LARGEST_ENTRY = 2**16 - 1
_LENGTH = struct.Struct(">H")
_PER_FOLDER = 1000


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Return the path of a Merkle tile below the log's prefix ("Merkle Tree")."""
    return f"tile/{level}/{_index_path(index, width)}"


def bundle_path(index: int, width: int = TILE_WIDTH) -> str:
    """Return the path of an entry bundle below the log's prefix ("Log entries")."""
    return f"tile/entries/{_index_path(index, width)}"


def level_size(size: int, level: int) -> int:
    """Return how many hashes a tree of `size` leaves has at a tile level."""
    return size >> (TILE_HEIGHT * level)


def tile_width(size: int, level: int, index: int) -> int:
    """Return how many hashes a tile holds at that size, 0 to 256 ("Partial Tiles")."""
    return max(0, min(TILE_WIDTH, level_size(size, level) - index * TILE_WIDTH))


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries, each after its length as a big-endian uint16; raises EntryTooLarge."""
    if any(len(entry) > LARGEST_ENTRY for entry in entries):
        raise EntryTooLarge(f"an entry of the log has at most {LARGEST_ENTRY} bytes")
    pack = _LENGTH.pack
    return b"".join([pack(len(entry)) + entry for entry in entries])


def parse_bundle(raw: bytes) -> list[bytes]:
    """Return the entries of a bundle; raises TileMalformed where the last one is cut short."""
    entries = []
    at, end = 0, len(raw)
    unpack = _LENGTH.unpack_from
    while at + 2 <= end:
        (length,) = unpack(raw, at)
        at += 2 + length
        entries.append(raw[at - length : at])
    if at != end:
        raise TileMalformed("an entry bundle ends in the middle of an entry")
    return entries


def _index_path(index: int, width: int) -> str:
    """Return e.g. x001/x234/067 for 1234067, with `.p/<W>` where the tile is partial."""
    path = f"{index % _PER_FOLDER:03d}"
    while index >= _PER_FOLDER:
        index //= _PER_FOLDER
        path = f"x{index % _PER_FOLDER:03d}/{path}"
    return path if width == TILE_WIDTH else f"{path}.p/{width}"
