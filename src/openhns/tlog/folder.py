"""A log's folder: tiles and entry bundles written so that no instant shows a half-done log.

The checkpoint alone says how far the log goes. Tiles are put in place first, in any order, each
whole or absent; they are a function of the entries, so writing the same range again yields the
same bytes and finishes what a killed writer began.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

from openhns.tlog import durable
from openhns.tlog.checkpoint import read_checkpoint
from openhns.tlog.errors import TileConflict, TileMalformed, TileMissing, TilesNotWritten
from openhns.tlog.merkle import split_hashes, subtree_root
from openhns.tlog.reader import TileReader
from openhns.tlog.tiles import (
    CHECKPOINT_PATH,
    TILE_WIDTH,
    bundle_path,
    encode_bundle,
    level_size,
    tile_path,
    tile_width,
)

EntrySource = Callable[[int, int], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Removed:
    """How many files were removed, and their bytes."""

    files: int = 0
    bytes: int = 0

    def __add__(self, other: "Removed") -> "Removed":
        return Removed(self.files + other.files, self.bytes + other.bytes)


class TileFolder:
    """The folder that is served below a log's prefix; one writer at a time, any number of readers.

    Two writers of the same entries do no harm to each other. Who may write which entries is
    decided elsewhere, before anything reaches this folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def reader(self, size: int | None = None) -> TileReader:
        """Return a reader of the first `size` entries, by default those of the checkpoint."""
        return TileReader(self.path, self.published_size() if size is None else size)

    def write(self, entries_from: EntrySource, old_size: int, new_size: int) -> None:
        """Write every tile and bundle that a log of `new_size` entries needs beyond `old_size`.

        `entries_from(start, end)` is called once, for a range that begins at the last full bundle
        before `old_size`. Safe to repeat after a crash at any instant. Raises TileConflict where
        the folder holds other bytes (a fork: stop), TileMissing where tiles of the first
        `old_size` entries are lost (write from 0 instead), and TilesNotWritten with its cause
        where the system refuses; the published log stays readable then.
        """
        if not 0 <= old_size <= new_size:
            raise ValueError("a log grows from old_size to new_size")
        if old_size == new_size:
            return
        writer = _Writer(self.reader(old_size), self.reader(), new_size)
        try:
            writer.write(entries_from)
        except OSError as error:
            raise TilesNotWritten(
                f"the log's tiles could not be written ({error.strerror}): make room or repair "
                "the disk, then write the same range again"
            ) from error
        finally:
            writer.batch.abandon()

    def read_checkpoint(self) -> str | None:
        """Return the published checkpoint's signed note, None before the first."""
        try:
            return (self.path / CHECKPOINT_PATH).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            raise TileMalformed("the published checkpoint is not valid UTF-8") from None

    def published_size(self) -> int:
        """Return the size that the published checkpoint states, 0 before the first."""
        published = self.read_checkpoint()
        return 0 if published is None else read_checkpoint(published).size

    def write_checkpoint(self, text: str) -> None:
        """Publish a signed checkpoint in one instant, once its tiles are in place.

        Raises TileConflict where it would take the log back, contradict the published one, or
        state another root than the tiles have; TilesNotWritten where the system refuses.
        """
        new = read_checkpoint(text)
        published = self.read_checkpoint()
        old = None if published is None else read_checkpoint(published)
        if old and (new.origin != old.origin or new.size < old.size):
            raise TileConflict("the new checkpoint is of another log or smaller than the published")
        if old and new.size == old.size and new.root != old.root:
            raise TileConflict("the published checkpoint states another root at the same size")
        if self.reader(new.size).root() != new.root:
            raise TileConflict("the checkpoint states another root than the tiles have")
        try:
            durable.write_file(self.path / CHECKPOINT_PATH, text.encode())
        except OSError as error:
            raise TilesNotWritten(
                f"the checkpoint could not be written ({error.strerror}): the one before stands"
            ) from error

    def remove_superseded(self) -> Removed:
        """Remove partial tiles of which the full one is published ("Partial Tiles").

        Readers fall back to the full tile. A killed call leaves the rest to the next one. Raises
        TilesNotWritten where the system refuses.
        """
        removed, size, level = Removed(), self.published_size(), 0
        while full := level_size(size, level) // TILE_WIDTH:
            for index in range(full):
                for path in [tile_path(level, index)] + [bundle_path(index)] * (level == 0):
                    partial = self.path / f"{path}.p"
                    if (self.path / path).is_file() and partial.is_dir():
                        removed += _remove([*partial.iterdir()], [partial])
            level += 1
        return removed

    def remove_leftovers(self) -> Removed:
        """Remove the temporary files of writers that were killed; call it while none is at work."""
        return _remove([path for path in self.path.rglob(".*") if durable.is_leftover(path)], [])


def _remove(files: list[Path], folders: list[Path]) -> Removed:
    """Remove files, then folders that are empty by then."""
    sizes = [path.stat().st_size for path in files]
    try:
        for path in files:
            path.unlink()
        for folder in folders:
            folder.rmdir()
    except OSError as error:
        raise TilesNotWritten(
            f"a superseded file could not be removed ({error.strerror}); the log is whole"
        ) from error
    return Removed(len(files), sum(sizes))


class _Writer:
    """One growth of the log, from what `old` reads to `new_size`."""

    def __init__(self, old: TileReader, published: TileReader, new_size: int) -> None:
        self.root = old.path
        self.old = old
        self.published = published
        self.new_size = new_size
        self.batch = durable.Batch(old.path)

    def write(self, entries_from: EntrySource) -> None:
        """Write the bundles and level 0, then each level from the full tiles of the one below."""
        hashes = list(self._write_entries(entries_from))
        level = 1
        while hashes:
            hashes = self._write_level(level, hashes)
            level += 1
        self.batch.finish()

    def _write_entries(self, entries_from: EntrySource) -> Iterator[bytes]:
        """Write bundles and level 0; yield the hash of each tile that is full now."""
        first = self.old.size // TILE_WIDTH
        entries = iter(entries_from(first * TILE_WIDTH, self.new_size))
        for index in range(first, -(-self.new_size // TILE_WIDTH)):
            width = min(TILE_WIDTH, self.new_size - index * TILE_WIDTH)
            bundle = list(islice(entries, width))
            if len(bundle) != width:
                raise TileMissing("the source of entries ended before the log's new size")
            hashes = [sha256(b"\x00" + entry).digest() for entry in bundle]
            self._check_published(index, hashes)
            self._put(bundle_path(index, width), encode_bundle(bundle))
            self._put(tile_path(0, index, width), b"".join(hashes))
            if width == TILE_WIDTH:
                yield subtree_root(hashes)

    def _check_published(self, index: int, hashes: list[bytes]) -> None:
        """Raise TileConflict where a tile of level 0 is not how the published one goes."""
        is_beyond = tile_width(self.published.size, 0, index) == 0
        is_rewritten = index * TILE_WIDTH >= self.old.size
        try:
            published = [] if is_beyond else self.published.hashes(0, index)
        except TileMissing:
            if not is_rewritten:
                raise
            published = []
        common = min(len(published), len(hashes))
        if published[:common] != hashes[:common]:
            raise TileConflict(
                f"entries from {index * TILE_WIDTH} on differ from the published log: stop, and "
                "find out which of the two was restored or changed"
            )

    def _write_level(self, level: int, new: list[bytes]) -> list[bytes]:
        """Write a level's tiles from its new hashes; return the hash of each tile that is full."""
        index, known = divmod(level_size(self.old.size, level), TILE_WIDTH)
        hashes = split_hashes(self.old.tile(level, index)) + new if known else new
        full = []
        for at in range(0, len(hashes), TILE_WIDTH):
            tile = hashes[at : at + TILE_WIDTH]
            self._put(tile_path(level, index, len(tile)), b"".join(tile))
            if len(tile) == TILE_WIDTH:
                full.append(subtree_root(tile))
            index += 1
        return full

    def _put(self, name: str, data: bytes) -> None:
        """Put a file in place, unless it is there already; raises TileConflict for other bytes."""
        path = self.root / name
        try:
            found = path.read_bytes()
        except FileNotFoundError:
            self.batch.put(path, data)
            return
        if found != data:
            raise TileConflict(f"{name} is in place with other bytes: the log would fork; stop")
        self.batch.keep(path)
