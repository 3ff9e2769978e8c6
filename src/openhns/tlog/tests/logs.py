"""Small logs for the tests of this room."""

from collections.abc import Iterable
from pathlib import Path

from openhns.tlog.checkpoint import Checkpoint, sign_checkpoint
from openhns.tlog.folder import EntrySource, TileFolder
from openhns.tlog.note import Signer

ORIGIN = "alice.example/log"
ALICE = Signer(ORIGIN, bytes(range(32)))


def entry(index: int) -> bytes:
    """Return an entry whose length varies, so that no two bundles are alike."""
    return f"entry {index} ".encode() * (1 + index % 5)


def entries_from(start: int, end: int) -> Iterable[bytes]:
    return map(entry, range(start, end))


def publish(
    folder: TileFolder, old_size: int, new_size: int, source: EntrySource = entries_from
) -> str:
    """Grow the log and publish its checkpoint, as the sequencer does."""
    folder.write(source, old_size, new_size)
    checkpoint = Checkpoint(ORIGIN, new_size, folder.reader(new_size).root())
    text = sign_checkpoint(checkpoint, [ALICE])
    folder.write_checkpoint(text)
    return text


def new_log(path: Path, size: int) -> TileFolder:
    folder = TileFolder(path / "tiles")
    publish(folder, 0, size)
    return folder


def files_of(path: Path) -> dict[str, bytes]:
    """Return every file below a folder by its relative name."""
    found = (one for one in path.rglob("*") if one.is_file())
    return {one.relative_to(path).as_posix(): one.read_bytes() for one in found}
