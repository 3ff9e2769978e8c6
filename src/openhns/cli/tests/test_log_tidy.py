"""What is superseded in the log's folder goes; the log says the same after it."""

from pathlib import Path

import pytest

from openhns.cli.tests.conftest import Run


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("fresh")
def test_only_superseded_tiles_and_leftovers_go_and_the_log_still_audits(
    answer: Run, fresh: Path
) -> None:
    tiles = fresh / "tiles"
    answer("init", "--mechanism", "mali", "--country", "MLI")
    assert answer("log", "tidy") == {"files": 0, "bytes": 0}
    while "tile/entries/000" not in _files(tiles):
        answer("tick")
    answer("tick")
    (tiles / "tile" / ".000.0123456789abcdef.tmp").write_bytes(b"cut off")
    before, checkpoint = _files(tiles), (tiles / "checkpoint").read_bytes()

    removed = answer("log", "tidy")

    gone = before - _files(tiles)
    superseded = {
        name for name in before if name.startswith(("tile/0/000.p", "tile/entries/000.p"))
    }
    assert gone == superseded | {"tile/.000.0123456789abcdef.tmp"}
    assert removed["files"] == len(gone) > 60
    assert "tile/0/001.p/8" in _files(tiles)
    assert (tiles / "checkpoint").read_bytes() == checkpoint
    answer("log", "policy", "-o", fresh / "policy.txt")
    assert answer("log", "audit", tiles, "--policy", fresh / "policy.txt")["intact"] is True
    answer("tick")
    assert answer("log", "audit")["findings"] == []
    assert answer("log", "tidy")["files"] == 0
