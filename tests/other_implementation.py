"""The product's own log, read by tlog-scales, which is not ours."""

from pathlib import Path

from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey, VkeySet
from tlog_scales.tiles import leaf_hash


def require_accepted(folder: Path, vkey: str) -> int:
    """Check signature, root and the inclusion of every entry; return the number of entries."""
    reader = TilesReader(LocalBackend(folder))
    checkpoint = reader.get_checkpoint()
    keys = VkeySet(Vkey.from_string(vkey))
    assert len(keys.verify(checkpoint.signatures, checkpoint)) == 1
    assert reader.calculate_root_hash() == checkpoint.root_hash
    for index in range(checkpoint.size):
        proof = reader.get_inclusion_proof(index, checkpoint.size)
        proof.check(leaf_hash(reader.get_entry(index)), checkpoint.root_hash)
    return int(checkpoint.size)
