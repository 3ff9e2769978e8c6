"""The audit names every place where a log is not what it must be, and only those."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from openhns.tlog import merkle
from openhns.tlog.audit import LogReplay, replay
from openhns.tlog.differences import Kind
from openhns.tlog.folder import TileFolder
from openhns.tlog.note import Signer
from openhns.tlog.tests.logs import ALICE, entries_from, entry, new_log, publish
from openhns.tlog.tiles import encode_bundle

SIZE = 1_500  # Five full tiles and one of 220.
TALL = 66_000  # A full tile of level 1, and three levels in all.
Place = tuple[Kind, int, int, int | None]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> TileFolder:
    return new_log(tmp_path_factory.mktemp("log"), SIZE)


@pytest.fixture(scope="module")
def tall(tmp_path_factory: pytest.TempPathFactory) -> TileFolder:
    return new_log(tmp_path_factory.mktemp("tall"), TALL)


@pytest.fixture
def folder(whole: TileFolder, tmp_path: Path) -> TileFolder:
    shutil.copytree(whole.path, tmp_path / "tiles")
    return TileFolder(tmp_path / "tiles")


def audit(folder: TileFolder) -> LogReplay:
    return replay(folder, [ALICE.verifier])


def places(folder: TileFolder) -> list[Place]:
    return [(one.kind, one.start, one.end, one.level) for one in audit(folder).differences]


def change(folder: TileFolder, name: str, at: int) -> None:
    raw = bytearray((folder.path / name).read_bytes())
    raw[at] ^= 1
    (folder.path / name).write_bytes(raw)


ROOT = (Kind.ROOT, 0, SIZE, None)


def test_an_intact_log_is_replayed_entry_by_entry(whole: TileFolder) -> None:
    seen: list[bytes] = []
    found = replay(whole.path, [ALICE.verifier], lambda _, entries: seen.extend(entries))
    assert found.is_intact
    assert found.checkpoint
    assert found.root == found.checkpoint.root
    assert seen == list(entries_from(0, SIZE))
    assert found.reader.entry(SIZE - 1) == entry(SIZE - 1)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 700])
def test_logs_of_every_shape_are_intact(tmp_path: Path, size: int) -> None:
    (tmp_path / "tiles").mkdir()
    assert audit(new_log(tmp_path, size)).is_intact


def test_a_changed_entry_is_named(folder: TileFolder) -> None:
    change(folder, "tile/entries/003", 2)
    assert places(folder) == [ROOT, (Kind.ENTRY, 768, 769, None)]


def test_every_changed_entry_is_named_not_the_first_alone(folder: TileFolder) -> None:
    entries = list(entries_from(1024, 1280))
    for index in (0, 1, 2, 100, 255):
        entries[index] = b"changed"
    (folder.path / "tile/entries/004").write_bytes(encode_bundle(entries))
    change(folder, "tile/entries/001", 2)
    assert places(folder) == [
        ROOT,
        (Kind.ENTRY, 256, 257, None),
        (Kind.ENTRY, 1024, 1027, None),
        (Kind.ENTRY, 1124, 1125, None),
        (Kind.ENTRY, 1279, 1280, None),
    ]


def test_a_changed_leaf_hash_is_named_and_the_entries_keep_their_root(folder: TileFolder) -> None:
    change(folder, "tile/0/003", 32 * 7)
    found = audit(folder)
    assert found.checkpoint
    assert found.root == found.checkpoint.root
    assert places(folder) == [(Kind.HASH, 768, 1024, 1), (Kind.ENTRY, 775, 776, None)]


def test_an_entry_changed_together_with_its_hash_is_named_by_the_level_above(
    folder: TileFolder,
) -> None:
    entries = [b"changed", *entries_from(769, 1024)]
    hashes = b"".join(merkle.leaf_hash(one) for one in entries)
    (folder.path / "tile/entries/003").write_bytes(encode_bundle(entries))
    (folder.path / "tile/0/003").write_bytes(hashes)
    assert places(folder) == [ROOT, (Kind.HASH, 768, 1024, 1)]


def test_a_log_rewritten_to_the_top_has_another_root(folder: TileFolder) -> None:
    checkpoint = folder.read_checkpoint()
    shutil.rmtree(folder.path / "tile")
    folder.write(lambda a, b: (entry(n + (n == 768)) for n in range(a, b)), 0, SIZE)
    assert folder.read_checkpoint() == checkpoint
    assert places(folder) == [ROOT]


@pytest.mark.parametrize(
    ("name", "at", "expected"),
    [
        ("tile/1/000", 32 * 9, [(Kind.HASH, 0, 65_536, 2), (Kind.HASH, 2304, 2560, 1)]),
        ("tile/1/000", 0, [(Kind.HASH, 0, 256, 1), (Kind.HASH, 0, 65_536, 2)]),
        ("tile/2/000.p/1", 5, [(Kind.HASH, 0, 65_536, 2)]),
        ("tile/1/001.p/1", 5, [(Kind.HASH, 65_536, 65_792, 1)]),
    ],
)
def test_a_changed_hash_of_any_level_is_named(
    tall: TileFolder, name: str, at: int, expected: list[Place]
) -> None:
    change(tall, name, at)
    assert places(tall) == expected
    change(tall, name, at)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("tile/1/000", (Kind.TILE, 0, 65_536, 1)),
        ("tile/2/000.p/1", (Kind.TILE, 0, TALL, 2)),
    ],
)
def test_a_lost_tile_of_a_high_level_is_named_alone(
    tall: TileFolder, name: str, place: Place
) -> None:
    raw = (tall.path / name).read_bytes()
    (tall.path / name).unlink()
    assert places(tall) == [place]
    (tall.path / name).write_bytes(raw)
    assert audit(tall).is_intact


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("tile/entries/003", (Kind.BUNDLE, 768, 1024, None)),
        ("tile/entries/005.p/220", (Kind.BUNDLE, 1280, SIZE, None)),
        ("tile/0/003", (Kind.TILE, 768, 1024, 0)),
        ("tile/0/005.p/220", (Kind.TILE, 1280, SIZE, 0)),
        ("tile/1/000.p/5", (Kind.TILE, 0, SIZE, 1)),
    ],
)
@pytest.mark.parametrize("damage", ["remove", "cut", "lengthen", "replace by a folder"])
def test_a_lost_or_malformed_file_is_named_and_the_rest_still_judged(
    folder: TileFolder, name: str, place: Place, damage: str
) -> None:
    path = folder.path / name
    raw = path.read_bytes()
    path.unlink()
    if damage == "replace by a folder":
        path.mkdir()
    elif damage != "remove":
        path.write_bytes(raw[:-1] if damage == "cut" else raw + b"\x00")
    change(folder, "tile/entries/001", 2)
    found = places(folder)
    assert place in found
    assert (Kind.ENTRY, 256, 257, None) in found
    assert set(found) == {ROOT, place, (Kind.ENTRY, 256, 257, None)}


def test_an_added_entry_is_named(folder: TileFolder) -> None:
    path = folder.path / "tile/entries/003"
    path.write_bytes(path.read_bytes() + encode_bundle([b"added"]))
    assert places(folder) == [(Kind.BUNDLE, 768, 1024, None)]


def test_a_lost_end_is_one_finding_however_far_the_checkpoint_reaches(tmp_path: Path) -> None:
    folder = new_log(tmp_path, 700)
    text = (folder.read_checkpoint() or "").replace("\n700\n", f"\n{2**62}\n")
    (folder.path / "checkpoint").write_text(text)
    found = audit(folder)
    assert found.root is None
    assert {(one.kind, one.start) for one in found.differences} >= {
        (Kind.CHECKPOINT, 0),
        (Kind.BUNDLE, 512),
        (Kind.TILE, 512),
        (Kind.ROOT, 0),
    }


def test_an_entry_lost_with_its_hash_leaves_no_root(folder: TileFolder) -> None:
    (folder.path / "tile/entries/003").unlink()
    (folder.path / "tile/0/003").unlink()
    assert audit(folder).root is None
    assert set(places(folder)) == {
        ROOT,
        (Kind.BUNDLE, 768, 1024, None),
        (Kind.TILE, 768, 1024, 0),
    }


def forge(folder: TileFolder) -> None:
    (folder.path / "checkpoint").write_text(
        (folder.read_checkpoint() or "").replace("1500", "1499")
    )


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder.path / "checkpoint").unlink(),
        lambda folder: (folder.path / "checkpoint").write_bytes(b"\xff"),
        lambda folder: (folder.path / "checkpoint").write_bytes(b"nonsense"),
        forge,
    ],
)
def test_a_checkpoint_that_is_lost_malformed_or_forged_is_named(
    folder: TileFolder, damage: Callable[[TileFolder], object]
) -> None:
    damage(folder)
    assert Kind.CHECKPOINT in {place[0] for place in places(folder)}
    assert not audit(folder).is_intact


def test_a_checkpoint_under_another_key_is_named_and_the_tree_still_judged(
    folder: TileFolder,
) -> None:
    outsider = Signer(ALICE.key.name, bytes(32))
    found = replay(folder, [outsider.verifier])
    assert [one.kind for one in found.differences] == [Kind.CHECKPOINT]
    assert found.checkpoint
    assert found.root == found.checkpoint.root


@pytest.mark.parametrize("name", ["tile/0/000.p/100", "tile/entries/000.p/100"])
def test_an_earlier_partial_file_that_tells_something_else_is_named(
    tmp_path: Path, name: str
) -> None:
    folder = new_log(tmp_path, 100)
    publish(folder, 100, 300)
    assert audit(folder).is_intact
    change(folder, name, 40)
    assert [one.kind for one in audit(folder).differences] == [Kind.PARTIAL]
    (folder.path / name).rename((folder.path / name).with_name("stranger"))
    assert [one.kind for one in audit(folder).differences] == [Kind.PARTIAL]


def test_what_a_crash_left_beyond_the_checkpoint_is_no_difference(tmp_path: Path) -> None:
    folder = new_log(tmp_path, 100)
    folder.write(entries_from, 100, 150)
    folder.write(entries_from, 150, 700)
    (folder.path / "tile/0/000.p/.100.0123456789abcdef.tmp").write_bytes(b"half")
    assert audit(folder).is_intact


def test_differences_beyond_the_limit_are_counted(
    folder: TileFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openhns.tlog.differences.MOST_DIFFERENCES", 2)
    for bundle in ("000", "001", "003", "004"):
        change(folder, f"tile/entries/{bundle}", 2)
    found = audit(folder)
    assert (len(found.differences), found.untold) == (2, 3)
    assert not found.is_intact
