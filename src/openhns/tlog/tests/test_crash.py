"""At no instant is the published log half written: killed, out of power, or out of room."""

import errno
import resource
from contextlib import suppress
from pathlib import Path

import pytest

from openhns.tlog.audit import replay
from openhns.tlog.errors import TilesNotWritten
from openhns.tlog.folder import TileFolder
from openhns.tlog.tests.disk import Disk, Killed
from openhns.tlog.tests.logs import ALICE, entries_from, files_of, new_log, publish

OLD, NEW = 250, 260


def published_intact(folder: TileFolder, *sizes: int) -> bool:
    found = replay(folder, [ALICE.verifier])
    return found.is_intact and found.reader.size in sizes


@pytest.fixture
def expected(tmp_path: Path) -> dict[str, bytes]:
    folder = new_log(tmp_path / "expected", OLD)
    publish(folder, OLD, NEW)
    return files_of(folder.path)


def test_killed_at_any_step_the_log_is_readable_and_the_next_run_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: dict[str, bytes]
) -> None:
    disk = Disk(monkeypatch)
    for step in disk.each_step():
        folder = new_log(tmp_path / str(step), OLD)
        disk.fail_at(step, Killed())
        with suppress(Killed):
            publish(folder, OLD, NEW)
        assert published_intact(folder, OLD, NEW)
        disk.work_again()
        publish(folder, folder.published_size(), NEW)
        folder.remove_leftovers()
        assert files_of(folder.path) == expected
        assert disk.survivors(folder.path) == expected


def test_a_power_loss_after_publication_takes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: dict[str, bytes]
) -> None:
    disk = Disk(monkeypatch)
    folder = new_log(tmp_path, OLD)
    publish(folder, OLD, NEW)
    assert disk.survivors(folder.path) == expected


def test_a_power_loss_never_leaves_a_checkpoint_without_its_tiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: dict[str, bytes]
) -> None:
    disk = Disk(monkeypatch)
    folder = new_log(tmp_path, OLD)
    folder.write(entries_from, OLD, NEW)
    tiles = {name: data for name, data in expected.items() if name != "checkpoint"}
    survivors = disk.survivors(folder.path)
    assert {name: survivors.get(name) for name in tiles} == tiles


def test_a_full_disk_at_any_step_is_named_and_leaves_the_published_log_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: dict[str, bytes]
) -> None:
    disk = Disk(monkeypatch)
    for step in disk.each_step():
        folder = new_log(tmp_path / str(step), OLD)
        disk.fail_at(step, OSError(errno.ENOSPC, "No space left on device"))
        cause = publish_or_tell_why(folder)
        assert folder.published_size() == NEW if cause is None else cause == errno.ENOSPC
        assert published_intact(folder, OLD, NEW)
        assert not list(folder.path.rglob(".*"))
        disk.work_again()
        publish(folder, folder.published_size(), NEW)
        assert files_of(folder.path) == expected


def test_a_write_that_the_system_really_refuses_is_named(tmp_path: Path) -> None:
    folder = new_log(tmp_path, OLD)
    before = files_of(folder.path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, hard))
    try:
        with pytest.raises(TilesNotWritten, match="make room") as caught:
            folder.write(entries_from, OLD, NEW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.code == "tiles_not_written"
    assert files_of(folder.path) == before
    assert published_intact(folder, OLD)


def publish_or_tell_why(folder: TileFolder) -> int | None:
    try:
        publish(folder, OLD, NEW)
    except TilesNotWritten as error:
        return error.__cause__.errno if isinstance(error.__cause__, OSError) else 0
    return None
