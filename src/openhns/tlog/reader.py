"""Reading a log of a known size from its folder (c2sp.org/tlog-tiles).

What is read is checked for its form and width. Only a proof up to a root that is trusted makes it
true; the audit recomputes it all.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from openhns.tlog import merkle
from openhns.tlog.encoding import HASH_SIZE
from openhns.tlog.errors import TileMalformed, TileMissing
from openhns.tlog.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    bundle_path,
    parse_bundle,
    tile_path,
    tile_width,
)

_MOST_TILES = 256
_NAME = re.compile(r"(x?)([0-9]{3})(?:\.p)?", re.ASCII)
_LARGEST_BUNDLE = TILE_WIDTH * (2 + 2**16)


class TileReader:
    """The tree of the first `size` entries of the log in `path`; may be used for many proofs."""

    def __init__(self, path: Path, size: int) -> None:
        self.path = path
        self.size = size
        self._rows: dict[tuple[int, int], list[list[bytes]]] = {}

    def hash(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree of 2**level leaves (a `merkle.HashReader`)."""
        tile_level, row = divmod(level, TILE_HEIGHT)
        tile_index, offset = divmod(index, TILE_WIDTH >> row)
        rows = self._tile_rows(tile_level, tile_index)
        if offset >= len(rows[row]):
            raise TileMissing(f"a tree of {self.size} leaves has no node {index} at level {level}")
        return rows[row][offset]

    def root(self) -> bytes:
        """Return the root of the tree (RFC 6962 section 2.1)."""
        return merkle.range_hash(self.hash, 0, self.size)

    def inclusion_proof(self, index: int) -> tuple[bytes, ...]:
        """Return the path from the leaf `index` to this tree's root."""
        return merkle.inclusion_proof(self.hash, index, self.size)

    def consistency_proof(self, old_size: int) -> tuple[bytes, ...]:
        """Return the proof that this tree extends its first `old_size` leaves."""
        return merkle.consistency_proof(self.hash, old_size, self.size)

    def entry(self, index: int) -> bytes:
        """Return one entry."""
        if not 0 <= index < self.size:
            raise TileMissing(f"a log of {self.size} entries has none at {index}")
        bundle, offset = divmod(index, TILE_WIDTH)
        return self.bundle(bundle)[offset]

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Return the entries from `start` up to and without `end`, one bundle in memory."""
        if not 0 <= start <= end <= self.size:
            raise TileMissing(f"a log of {self.size} entries has none from {start} to {end}")
        for index in range(start // TILE_WIDTH, -(-end // TILE_WIDTH)):
            first = index * TILE_WIDTH
            yield from self.bundle(index)[max(0, start - first) : end - first]

    def tile(self, level: int, index: int) -> bytes:
        """Return a tile's hashes, as many as the size asks for; a full tile serves for a partial.

        Raises TileMissing and TileMalformed.
        """
        width = tile_width(self.size, level, index)
        found, raw = self._read(tile_path(level, index, width), tile_path(level, index), width)
        if len(raw) != found * HASH_SIZE:
            raise TileMalformed(f"tile {index} of level {level} does not hold {found} hashes")
        return raw[: width * HASH_SIZE]

    def hashes(self, level: int, index: int) -> list[bytes]:
        """Return what `tile` does, hash by hash."""
        return merkle.split_hashes(self.tile(level, index))

    def bundle(self, index: int) -> list[bytes]:
        """Return a bundle's entries, as many as the size asks for; raises as `tile`."""
        width = tile_width(self.size, 0, index)
        found, raw = self._read(bundle_path(index, width), bundle_path(index), width)
        entries = parse_bundle(raw)
        if len(entries) != found:
            raise TileMalformed(f"entry bundle {index} does not hold {found} entries")
        return entries[:width]

    def count_tiles(self) -> int:
        """Return one more than the largest index of any bundle or tile of level 0 on the disk."""
        folders = [self.path / bundle_path(0), self.path / tile_path(0, 0)]
        return 1 + max(_largest_index(folder.parent, 0) for folder in folders)

    def _read(self, partial: str, full: str, width: int) -> tuple[int, bytes]:
        """Return the width and bytes of what is there: the partial, or the full in its place."""
        if width == 0:
            raise TileMissing(f"a log of {self.size} entries has no {full}")
        for name, found in ((partial, width), (full, TILE_WIDTH)):
            try:
                with (self.path / name).open("rb") as file:
                    return found, file.read(_LARGEST_BUNDLE + 1)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                raise TileMalformed(f"{name} cannot be read: {error.strerror}") from error
        raise TileMissing(f"{partial} is missing from the log's folder: restore or rewrite it")

    def _tile_rows(self, level: int, index: int) -> list[list[bytes]]:
        """Return a tile's hashes and, row upon row, those of the complete subtrees above them."""
        if (level, index) not in self._rows:
            rows = [self.hashes(level, index)]
            for _ in range(1, TILE_HEIGHT):
                rows.append(merkle.parents(rows[-1]))
            if len(self._rows) >= _MOST_TILES:
                self._rows.clear()
            self._rows[level, index] = rows
        return self._rows[level, index]


def _largest_index(folder: Path, above: int) -> int:
    """Return the largest index below a folder that stands for `above` thousands, -1 if none."""
    largest = -1
    for path in folder.iterdir() if folder.is_dir() else ():
        found = _NAME.fullmatch(path.name)
        if found:
            index = above * 1000 + int(found[2])
            largest = max(largest, _largest_index(path, index) if found[1] else index)
    return largest
