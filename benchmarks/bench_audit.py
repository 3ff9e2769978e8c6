"""Replaying a whole log from its tiles, beside hashing the same bytes."""

import secrets
import tempfile
from hashlib import sha256
from pathlib import Path

from benchmarks.measure import Figure, timed
from openhns.proofs.commitment import SEALED_LINE
from openhns.tlog.audit import replay
from openhns.tlog.checkpoint import Checkpoint, sign_checkpoint
from openhns.tlog.folder import TileFolder
from openhns.tlog.note import Signer

ENTRIES = 1_000_000


def run() -> list[Figure]:
    entries = [SEALED_LINE + secrets.token_bytes(32) for _ in range(ENTRIES)]
    hashing = timed(lambda: _hash(entries))
    with tempfile.TemporaryDirectory() as name:
        folder, signer = TileFolder(Path(name)), Signer.generate("openhns.localhost/bench")
        writing = timed(lambda: _write(folder, signer, entries))
        replaying = timed(lambda: _require_intact(folder, signer))
    floor = "hashing every leaf and node with hashlib"
    return [
        Figure("The log", "write tiles", "", ENTRIES, writing, floor, hashing),
        Figure(
            "The log", "audit of tiles alone", "", ENTRIES, replaying, floor, hashing, budget="10 s"
        ),
    ]


def _hash(entries: list[bytes]) -> None:
    nodes = [sha256(b"\x00" + entry).digest() for entry in entries]
    while len(nodes) > 1:
        pairs = zip(nodes[::2], nodes[1::2], strict=False)
        nodes = [sha256(b"\x01" + a + b).digest() for a, b in pairs]


def _write(folder: TileFolder, signer: Signer, entries: list[bytes]) -> None:
    folder.write(lambda start, end: entries[start:end], 0, len(entries))
    root = folder.reader(len(entries)).root()
    folder.write_checkpoint(
        sign_checkpoint(Checkpoint(signer.key.name, len(entries), root), [signer])
    )


def _require_intact(folder: TileFolder, signer: Signer) -> None:
    if not replay(folder, [signer.verifier]).is_intact:
        raise SystemExit("The benchmark's own log is not intact.")
