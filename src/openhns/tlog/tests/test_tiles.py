"""Tiles and bundles, to the letter of c2sp.org/tlog-tiles."""

import random
import shutil
from pathlib import Path

import pytest

from openhns.tlog import merkle, tiles
from openhns.tlog.checkpoint import Checkpoint, sign_checkpoint
from openhns.tlog.errors import (
    EntryTooLarge,
    TileConflict,
    TileMalformed,
    TileMissing,
    TlogError,
)
from openhns.tlog.folder import Removed, TileFolder
from openhns.tlog.tests.logs import ALICE, ORIGIN, entries_from, entry, files_of, new_log, publish


def test_paths_are_those_of_the_specification() -> None:
    assert tiles.tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tiles.tile_path(2, 0, 1) == "tile/2/000.p/1"
    assert tiles.tile_path(1, 999, 17) == "tile/1/999.p/17"
    assert tiles.bundle_path(1000) == "tile/entries/x001/000"
    assert tiles.bundle_path(273, 112) == "tile/entries/273.p/112"


def test_a_log_of_70000_has_the_tiles_that_the_specification_counts() -> None:
    widths = {
        level: [tiles.tile_width(70_000, level, index) for index in range(275)]
        for level in range(4)
    }
    assert widths[0].count(256) == 273
    assert widths[0][273:] == [112, 0]
    assert widths[1][:3] == [256, 17, 0]
    assert widths[2][:2] == [1, 0]
    assert widths[3][0] == 0


def test_a_log_of_256_has_a_full_tile_and_a_partial_one_above_it(tmp_path: Path) -> None:
    assert set(files_of(new_log(tmp_path, 256).path)) == {
        "checkpoint",
        "tile/0/000",
        "tile/1/000.p/1",
        "tile/entries/000",
    }


def test_tiles_hold_the_hashes_that_the_specification_defines(tmp_path: Path) -> None:
    files = files_of(new_log(tmp_path, 600).path)
    leaves = [merkle.leaf_hash(entry(index)) for index in range(600)]
    assert files["tile/0/001"] == b"".join(leaves[256:512])
    assert files["tile/0/002.p/88"] == b"".join(leaves[512:])
    full = [merkle.Frontier(), merkle.Frontier()]
    full[0].extend(leaves[:256])
    full[1].extend(leaves[256:512])
    assert files["tile/1/000.p/2"] == full[0].root() + full[1].root()


def test_a_bundle_holds_each_entry_after_its_length() -> None:
    raw = tiles.encode_bundle([b"", b"ab", bytes(65_535)])
    assert raw == b"\x00\x00" + b"\x00\x02ab" + b"\xff\xff" + bytes(65_535)
    assert tiles.parse_bundle(raw) == [b"", b"ab", bytes(65_535)]


def test_an_entry_that_no_bundle_can_hold_is_refused() -> None:
    with pytest.raises(EntryTooLarge):
        tiles.encode_bundle([bytes(65_536)])


@pytest.mark.parametrize("raw", [b"\x00", b"\x00\x01", b"\x00\x02a", b"\x00\x01a\x00"])
def test_a_bundle_that_is_cut_short_is_refused(raw: bytes) -> None:
    with pytest.raises(TileMalformed):
        tiles.parse_bundle(raw)


@pytest.mark.parametrize("seed", range(8))
def test_the_log_is_the_same_in_whatever_steps_it_grew(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    folder = TileFolder(tmp_path / "tiles")
    size = 0
    while size < 1200:
        step = dice.choice([1, 2, 64, 255, 256, 257])
        publish(folder, size, size + step)
        size += step
    grown, at_once = files_of(folder.path), files_of(new_log(tmp_path / "at-once", size).path)
    assert {name: grown[name] for name in at_once} == at_once
    assert list(folder.reader().entries(0, size)) == list(entries_from(0, size))


def test_a_log_grows_over_the_end_of_a_level_1_tile(tmp_path: Path) -> None:
    folder = new_log(tmp_path, 65_400)
    publish(folder, 65_400, 65_800)
    files = files_of(folder.path)
    assert len(files["tile/1/000"]) == 256 * 32
    assert len(files["tile/1/001.p/1"]) == 32
    assert len(files["tile/2/000.p/1"]) == 32


def test_every_size_s_root_and_proofs_are_read_from_the_tiles(tmp_path: Path) -> None:
    folder = new_log(tmp_path, 700)
    leaves = [merkle.leaf_hash(entry(index)) for index in range(700)]
    for size in (1, 2, 255, 256, 257, 511, 512, 513, 700):
        frontier = merkle.Frontier()
        frontier.extend(leaves[:size])
        folder.write(entries_from, 0, size)
        reader = folder.reader(size)
        assert reader.root() == frontier.root()
        for index in range(0, size, 37):
            proof = reader.inclusion_proof(index)
            merkle.verify_inclusion(leaves[index], index, size, proof, frontier.root())


def test_an_empty_log_can_be_published(tmp_path: Path) -> None:
    folder = TileFolder(tmp_path / "tiles")
    (tmp_path / "tiles").mkdir()
    assert (folder.read_checkpoint(), folder.published_size()) == (None, 0)
    publish(folder, 0, 0)
    assert folder.reader().root() == merkle.EMPTY_ROOT
    assert list(folder.reader().entries(0, 0)) == []


def test_readers_fall_back_from_a_partial_tile_to_the_full_one(tmp_path: Path) -> None:
    folder = new_log(tmp_path, 100)
    root = folder.reader(100).root()
    publish(folder, 100, 300)
    before = files_of(folder.path)
    removed = folder.remove_superseded()
    gone = [data for name, data in before.items() if name not in files_of(folder.path)]
    assert (removed.files, removed.bytes) == (len(gone), sum(map(len, gone))) == (2, removed.bytes)
    assert folder.remove_superseded() == Removed()
    assert not (folder.path / "tile/0/000.p").exists()
    assert not (folder.path / "tile/entries/000.p").exists()
    assert (folder.path / "tile/0/001.p").exists()
    assert folder.reader(100).root() == root
    assert list(folder.reader(100).entries(98, 100)) == [entry(98), entry(99)]
    publish(folder, 300, 320)


def test_another_story_is_refused_where_one_is_published(tmp_path: Path) -> None:
    """A database restored to an earlier state must stop, not fork."""
    folder = new_log(tmp_path, 300)
    before = files_of(folder.path)
    for old_size, new_size in ((0, 320), (256, 320), (300, 320)):
        with pytest.raises(TileConflict):
            folder.write(
                lambda start, end: (b"other" for _ in range(start, end)), old_size, new_size
            )
    with pytest.raises(TileConflict):
        folder.write(
            lambda start, end: (entry(n + (n == 299)) for n in range(start, end)), 256, 300
        )
    assert {name: files_of(folder.path)[name] for name in before} == before


def test_a_full_tile_is_never_overwritten(tmp_path: Path) -> None:
    folder = new_log(tmp_path, 256)
    (folder.path / "tile/0/000").write_bytes(bytes(8192))
    (folder.path / "checkpoint").unlink()
    with pytest.raises(TileConflict, match="tile/0/000"):
        folder.write(entries_from, 0, 300)
    assert (folder.path / "tile/0/000").read_bytes() == bytes(8192)


def test_tiles_may_be_written_ahead_of_the_checkpoint_in_several_steps(tmp_path: Path) -> None:
    folder = new_log(tmp_path, 250)
    for old_size, new_size in ((250, 300), (300, 700), (700, 701)):
        folder.write(entries_from, old_size, new_size)
    publish(folder, 701, 701)
    assert list(folder.reader().entries(0, 701)) == list(entries_from(0, 701))


@pytest.mark.parametrize(("old_size", "new_size"), [(3, 2), (-1, 2)])
def test_a_log_never_shrinks(tmp_path: Path, old_size: int, new_size: int) -> None:
    with pytest.raises(ValueError, match="grows"):
        TileFolder(tmp_path).write(entries_from, old_size, new_size)


def test_a_source_that_ends_early_publishes_nothing(tmp_path: Path) -> None:
    folder = new_log(tmp_path, 10)
    with pytest.raises(TileMissing, match="source"):
        folder.write(lambda start, end: entries_from(start, end - 1), 10, 20)
    assert folder.published_size() == 10


@pytest.mark.parametrize("name", ["tile/0/000", "tile/1/000.p/1", "tile/0/001.p/44"])
def test_a_log_whose_tiles_are_lost_says_so_and_is_rewritten_from_0(
    tmp_path: Path, name: str
) -> None:
    folder = new_log(tmp_path, 300)
    before = files_of(folder.path)
    shutil.rmtree(folder.path / "tile")
    with pytest.raises(TileMissing):
        folder.write(entries_from, 300, 301)
    folder.write(entries_from, 0, 300)
    assert files_of(folder.path)[name] == before[name]
    assert files_of(folder.path) == before


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("tile/0/000", bytes(8191)),
        ("tile/0/000", bytes(8193)),
        ("tile/0/001.p/44", bytes(45 * 32)),
        ("tile/entries/000", b""),
        ("tile/entries/001.p/44", b"\x00\x00" * 45),
    ],
)
def test_a_tile_of_another_width_is_malformed(tmp_path: Path, name: str, raw: bytes) -> None:
    folder = new_log(tmp_path, 300)
    (folder.path / name).write_bytes(raw)
    with pytest.raises(TileMalformed):
        _ = [*folder.reader().entries(0, 300), *folder.reader().inclusion_proof(0)]


def test_what_is_not_in_the_log_is_missing(tmp_path: Path) -> None:
    reader = new_log(tmp_path, 300).reader()
    assert reader.entry(299) == entry(299)
    for index in (-1, 300):
        with pytest.raises(TileMissing):
            reader.entry(index)
    with pytest.raises(TileMissing):
        list(reader.entries(0, 301))
    with pytest.raises(TileMissing):
        reader.hash(0, 300)
    with pytest.raises(TileMissing):
        reader.hash(9, 0)


def signed(size: int, root: bytes, origin: str = ORIGIN) -> str:
    return sign_checkpoint(Checkpoint(origin, size, root), [ALICE])


def test_a_checkpoint_goes_only_forward_and_only_over_its_tiles(tmp_path: Path) -> None:
    folder = new_log(tmp_path, 300)
    published = folder.read_checkpoint()
    roots = {size: folder_root(tmp_path, size) for size in (299, 300, 301)}
    folder.write(entries_from, 300, 301)
    for text in (
        signed(299, roots[299]),
        signed(300, roots[299]),
        signed(301, roots[300]),
        signed(302, roots[301]),
        signed(301, roots[301], "outsider.example"),
        "not a note",
    ):
        with pytest.raises(TlogError):
            folder.write_checkpoint(text)
        assert folder.read_checkpoint() == published
    folder.write_checkpoint(signed(301, roots[301]))
    assert folder.published_size() == 301


def folder_root(tmp_path: Path, size: int) -> bytes:
    return new_log(tmp_path / str(size), size).reader().root()


def test_a_checkpoint_may_gain_cosignatures_at_the_same_size(tmp_path: Path) -> None:
    folder = new_log(tmp_path, 5)
    published = folder.read_checkpoint() or ""
    folder.write_checkpoint(
        published + published.rpartition("\n\n")[2].replace(ORIGIN, "w.example")
    )
    assert folder.published_size() == 5


def test_a_checkpoint_that_is_no_text_is_malformed(tmp_path: Path) -> None:
    folder = new_log(tmp_path, 5)
    (folder.path / "checkpoint").write_bytes(b"\xff\xfe")
    with pytest.raises(TileMalformed):
        folder.read_checkpoint()
