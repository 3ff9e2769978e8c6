"""The log is accepted by tlog-scales, an implementation that is not ours."""

from pathlib import Path

import pytest
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey, VkeySet
from tlog_scales.tiles import leaf_hash

from openhns.tlog.cosignature import Cosigner
from openhns.tlog.proof import Proof, make_proof
from openhns.tlog.tests.logs import ALICE, entry, new_log, publish

WITNESS = Cosigner("witness.example", bytes(range(3, 35)))


@pytest.mark.parametrize("size", [1, 255, 256, 257, 700])
def test_tlog_scales_accepts_checkpoint_signature_root_entries_and_inclusion(
    tmp_path: Path, size: int
) -> None:
    folder = new_log(tmp_path, size)
    reader = TilesReader(LocalBackend(folder.path))
    checkpoint = reader.get_checkpoint()
    assert checkpoint.size == size
    assert (
        len(VkeySet(Vkey.from_string(str(ALICE.key))).verify(checkpoint.signatures, checkpoint))
        == 1
    )
    assert reader.calculate_root_hash() == checkpoint.root_hash
    for index in {0, size // 2, size - 1}:
        assert reader.get_entry(index) == entry(index)
        proof = reader.get_inclusion_proof(index, size)
        proof.check(leaf_hash(entry(index)), checkpoint.root_hash)
        ours = make_proof(folder.reader(), index, folder.read_checkpoint() or "")
        assert list(ours.path) == proof.node_hashes
        assert Proof.parse(str(ours)) == ours


def test_tlog_scales_accepts_our_consistency_between_two_publications(tmp_path: Path) -> None:
    folder = new_log(tmp_path, 300)
    old_root = folder.reader().root()
    publish(folder, 300, 700)
    reader = TilesReader(LocalBackend(folder.path))
    checkpoint = reader.get_checkpoint()
    proof = reader.get_consistency_proof(300, 700)
    proof.check(old_root, checkpoint.root_hash)
    assert list(folder.reader().consistency_proof(300)) == proof.node_hashes


def test_tlog_scales_accepts_our_cosignature(tmp_path: Path) -> None:
    folder = new_log(tmp_path, 3)
    text, _, _ = (folder.read_checkpoint() or "").rpartition("\n\n")
    line = WITNESS.cosign(text + "\n", 1_700_000_000)
    (folder.path / "checkpoint").write_text((folder.read_checkpoint() or "") + str(line))
    checkpoint = TilesReader(LocalBackend(folder.path)).get_checkpoint()
    keys = VkeySet(Vkey.from_string(str(ALICE.key)), Vkey.from_string(str(WITNESS.key)))
    assert len(keys.verify(checkpoint.signatures, checkpoint)) == 2
