"""Replay a log from its folder alone: every entry, every hash, the root and its signature.

Each stored hash is recomputed from what is stored one level below it, so that a change shows where
it is and not in everything above as well. The root is recomputed from the entries themselves.
Memory does not grow with the log: one tile of each level is held at a time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from openhns.tlog import durable
from openhns.tlog.checkpoint import Checkpoint, open_checkpoint, read_checkpoint
from openhns.tlog.differences import Difference, Differences, Kind
from openhns.tlog.errors import TileError, TileMissing, TlogError
from openhns.tlog.folder import TileFolder
from openhns.tlog.merkle import Frontier, subtree_root
from openhns.tlog.note import NoteVerifier
from openhns.tlog.reader import TileReader
from openhns.tlog.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    bundle_path,
    encode_bundle,
    tile_path,
    tile_width,
)

Visitor = Callable[[int, list[bytes]], None]

_MESSAGES = {
    Kind.ENTRY: "the entry does not hash to the leaf hash that level 0 holds for it",
    Kind.HASH: "the hash is not that of the tile below it",
    Kind.PARTIAL: "a partial file of another size tells something else than the log",
    Kind.ROOT: "the entries do not have the root that the checkpoint states",
}


@dataclass(frozen=True, slots=True)
class LogReplay:
    """What the folder says of itself.

    `checkpoint` is None where none can be read; `root`, recomputed, is None where entries are lost
    together with their hashes. `untold` counts differences beyond `differences.MOST_DIFFERENCES`.
    `reader` gives access to the entries by index.
    """

    checkpoint: Checkpoint | None
    root: bytes | None
    differences: tuple[Difference, ...]
    untold: int
    reader: TileReader

    @property
    def is_intact(self) -> bool:
        """Whether a known key signed the checkpoint and everything is as it states."""
        return self.checkpoint is not None and not self.differences


def replay(
    folder: TileFolder | Path, verifiers: Iterable[NoteVerifier], visit: Visitor | None = None
) -> LogReplay:
    """Recompute a whole log; the result names every place that differs.

    `visit(start, entries)` is called with each readable bundle in turn, so that a caller can look
    at every entry in the same pass. What a crash left beyond the checkpoint is not judged.
    """
    folder = folder if isinstance(folder, TileFolder) else TileFolder(folder)
    found = Differences()
    checkpoint = _read_signed(folder, list(verifiers), found)
    reader = folder.reader(checkpoint.size if checkpoint else 0)
    root = _Replay(reader, found, visit).run()
    if checkpoint and root != checkpoint.root:
        found.add(Difference(Kind.ROOT, 0, reader.size, None, _MESSAGES[Kind.ROOT]))
    return LogReplay(checkpoint, root, found.all(), found.untold, reader)


def _read_signed(
    folder: TileFolder, verifiers: Sequence[NoteVerifier], found: Differences
) -> Checkpoint | None:
    """Return what the checkpoint says, even where nobody known signed it."""
    checkpoint = None
    try:
        text = folder.read_checkpoint()
        if text is None:
            raise TileMissing("the log's folder holds no checkpoint")
        checkpoint = read_checkpoint(text)
        open_checkpoint(text, verifiers)
    except TlogError as error:
        size = checkpoint.size if checkpoint else 0
        found.add(Difference(Kind.CHECKPOINT, 0, size, None, str(error)))
    return checkpoint


@dataclass(slots=True)
class _Row:
    """The recomputed hashes of a level's last tile so far; None for one that is lost."""

    tile: int = 0
    hashes: list[bytes | None] = field(default_factory=list)


class _Replay:
    """One pass over a log from the first entry to the last."""

    def __init__(self, reader: TileReader, found: Differences, visit: Visitor | None) -> None:
        self.reader = reader
        self.found = found
        self.visit = visit
        self.tree: Frontier | None = Frontier()
        self.rows: list[_Row] = []

    def run(self) -> bytes | None:
        """Return the root of the entries, None where some are lost with their hashes."""
        needed = -(-self.reader.size // TILE_WIDTH)
        present = min(needed, self.reader.count_tiles())
        for index in range(present):
            self._replay_tile(index)
        if present < needed:
            self._report_rest(present * TILE_WIDTH)
        for level, row in enumerate(self.rows, start=1):
            if row.hashes:
                self._compare_row(level, row)
        return None if self.tree is None else self.tree.root()

    def _report_rest(self, start: int) -> None:
        """Report a missing end in one piece, however far the checkpoint claims to reach."""
        self.tree = None
        message = "all entry bundles and tiles from here on are missing"
        self.found.add(Difference(Kind.BUNDLE, start, self.reader.size, None, message))
        self.found.add(Difference(Kind.TILE, start, self.reader.size, 0, message))

    def _replay_tile(self, index: int) -> None:
        """Replay one bundle and its tile of level 0."""
        entries = self._read_bundle(index)
        stored = self._read_tile(0, index)
        computed = None
        if entries is not None:
            computed = [sha256(b"\x00" + entry).digest() for entry in entries]
            if self.visit:
                self.visit(index * TILE_WIDTH, entries)
        if computed and stored:
            for place in _differing(computed, stored):
                self._report(Kind.ENTRY, None, index * TILE_WIDTH + place, 1)
        self._grow(index, computed or stored, stored or computed)

    def _grow(self, index: int, told: list[bytes] | None, held: list[bytes] | None) -> None:
        """Add leaf hashes as entries tell them to the tree, and as tiles hold them to level 1."""
        is_full = tile_width(self.reader.size, 0, index) == TILE_WIDTH
        if told is None or held is None:
            self.tree = None
            if is_full:
                self._push(1, None)
        elif is_full:
            root = subtree_root(told)
            self._extend_tree([root], TILE_HEIGHT)
            self._push(1, root if told == held else subtree_root(held))
        else:
            self._extend_tree(told, 0)

    def _extend_tree(self, nodes: list[bytes], level: int) -> None:
        if self.tree is not None:
            self.tree.extend(nodes, level)

    def _push(self, level: int, computed: bytes | None) -> None:
        """Add a hash to a level's row; a row that is complete goes up as one hash."""
        if len(self.rows) < level:
            self.rows.append(_Row())
        row = self.rows[level - 1]
        row.hashes.append(computed)
        if len(row.hashes) < TILE_WIDTH:
            return
        held = self._compare_row(level, row)
        self.rows[level - 1] = _Row(row.tile + 1)
        self._push(level + 1, subtree_root(held) if held else None)

    def _compare_row(self, level: int, row: _Row) -> list[bytes] | None:
        """Compare recomputed hashes with a tile; return what is held, None where it is lost."""
        stored = self._read_tile(level, row.tile)
        span = TILE_WIDTH**level
        for place in _differing(row.hashes, stored or []):
            self._report(Kind.HASH, level, (row.tile * TILE_WIDTH + place) * span, span)
        return stored or _complete(row.hashes)

    def _read_bundle(self, index: int) -> list[bytes] | None:
        name, start = bundle_path(index), index * TILE_WIDTH
        try:
            entries = self.reader.bundle(index)
        except TileError as error:
            self._report(Kind.BUNDLE, None, start, TILE_WIDTH, str(error))
            return None
        if not self._agrees(name, lambda width: encode_bundle(entries[:width])):
            self._report(Kind.PARTIAL, None, start, TILE_WIDTH)
        return entries

    def _read_tile(self, level: int, index: int) -> list[bytes] | None:
        name, span = tile_path(level, index), TILE_WIDTH ** (level + 1)
        try:
            hashes = self.reader.hashes(level, index)
        except TileError as error:
            self._report(Kind.TILE, level, index * span, span, str(error))
            return None
        if not self._agrees(name, lambda width: b"".join(hashes[:width])):
            self._report(Kind.PARTIAL, level, index * span, span)
        return hashes

    def _agrees(self, name: str, begin: Callable[[int], bytes]) -> bool:
        """Whether the partial files beside a tile or bundle begin as it does.

        One that is wider than the checkpoint asks for belongs to a publication that is under way;
        it is compared as far as it is published.
        """
        folder = self.reader.path / f"{name}.p"
        if not folder.is_dir():
            return True
        files = [path for path in folder.iterdir() if not durable.is_leftover(path)]
        return all(_begins(path, begin) for path in files)

    def _report(
        self, kind: Kind, level: int | None, start: int, count: int, message: str = ""
    ) -> None:
        end = min(start + count, self.reader.size)
        self.found.add(Difference(kind, start, end, level, message or _MESSAGES[kind]))


def _begins(path: Path, begin: Callable[[int], bytes]) -> bool:
    try:
        width = int(path.name)
        raw = path.read_bytes()
    except (ValueError, OSError):
        return False
    known = begin(width)
    return raw == known or (begin(width - 1) == known and raw.startswith(known))


def _differing(computed: Sequence[bytes | None], stored: Sequence[bytes]) -> Iterator[int]:
    if computed == stored:
        return
    for place, (one, other) in enumerate(zip(computed, stored, strict=False)):
        if one is not None and one != other:
            yield place


def _complete(hashes: Sequence[bytes | None]) -> list[bytes] | None:
    known = [one for one in hashes if one is not None]
    return known if len(known) == len(hashes) else None
