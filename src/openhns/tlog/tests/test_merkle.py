"""Merkle trees: the published vectors, the RFC's own definition, and no way to cheat."""

import json
import random
from base64 import b64decode
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhns.testing import shared
from openhns.tlog import merkle
from openhns.tlog.errors import ProofError, TileMalformed


def definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word, over leaf hashes."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return merkle.node_hash(definition(leaves[:k]), definition(leaves[k:]))


def leaf_hashes(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(count)]


def hash_reader(leaves: list[bytes]) -> merkle.HashReader:
    rows = [leaves]
    while rows[-1]:
        rows.append(merkle.parents(rows[-1]))
    return lambda level, index: rows[level][index]


def fails(check: Callable[[], None]) -> bool:
    try:
        check()
    except ProofError:
        return True
    return False


def flip(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def vectors(kind: str) -> list[tuple[Path, dict[str, Any]]]:
    paths = sorted(shared(f"vectors/merkle/testdata/{kind}").rglob("*.json"))
    return [(path, json.loads(path.read_text())) for path in paths]


def decoded(vector: dict[str, Any]) -> tuple[bytes, ...]:
    return tuple(b64decode(one) for one in vector["proof"] or ())


def test_every_published_inclusion_vector_is_judged_as_published() -> None:
    found = vectors("inclusion")
    assert len(found) == 98
    for path, vector in found:
        leaf, root = b64decode(vector["leafHash"]), b64decode(vector["root"])
        index, size = vector["leafIdx"], vector["treeSize"]
        failed = fails(partial(merkle.verify_inclusion, leaf, index, size, decoded(vector), root))
        assert failed is vector["wantErr"], path


def test_every_published_consistency_vector_is_judged_as_published() -> None:
    found = vectors("consistency")
    assert len(found) == 98
    for path, vector in found:
        roots = b64decode(vector["root1"]), b64decode(vector["root2"])
        sizes = vector["size1"], vector["size2"]
        failed = fails(partial(merkle.verify_consistency, *sizes, *roots, decoded(vector)))
        assert failed is vector["wantErr"], path


@pytest.mark.parametrize("size", range(201))
def test_root_is_the_definition_and_every_proof_of_every_size_verifies(size: int) -> None:
    leaves = leaf_hashes(size)
    read = hash_reader(leaves)
    frontier = merkle.Frontier()
    frontier.extend(leaves)
    root = frontier.root()
    assert root == definition(leaves)
    for index in range(size):
        proof = merkle.inclusion_proof(read, index, size)
        merkle.verify_inclusion(leaves[index], index, size, proof, root)
    for old in range(1, size + 1):
        path = merkle.consistency_proof(read, old, size)
        merkle.verify_consistency(old, size, definition(leaves[:old]), root, path)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_proofs_of_any_size_to_2_16_verify(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 2**16))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    leaves = leaf_hashes(size)
    read = hash_reader(leaves)
    root, old_root = (merkle.range_hash(read, 0, count) for count in (size, old))
    proof = merkle.inclusion_proof(read, index, size)
    merkle.verify_inclusion(leaves[index], index, size, proof, root)
    path = merkle.consistency_proof(read, old, size)
    merkle.verify_consistency(old, size, old_root, root, path)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_single_bit_of_an_inclusion_proof_can_change(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    leaves = leaf_hashes(size)
    read = hash_reader(leaves)
    leaf, root = leaves[index], merkle.range_hash(read, 0, size)
    proof = merkle.inclusion_proof(read, index, size)

    def accepted(*claim: Any) -> bool:
        return not fails(lambda: merkle.verify_inclusion(*claim))

    assert accepted(leaf, index, size, proof, root)
    bit = data.draw(st.integers(0, 255))
    assert not accepted(flip(leaf, bit), index, size, proof, root)
    assert not accepted(leaf, index, size, proof, flip(root, bit))
    assert not any(accepted(leaf, index ^ 1 << n, size, proof, root) for n in range(62))
    for place in range(len(proof)):
        changed = (*proof[:place], flip(proof[place], bit), *proof[place + 1 :])
        assert not accepted(leaf, index, size, changed, root)
        assert not accepted(leaf, index, size, proof[:place] + proof[place + 1 :], root)
    assert not accepted(leaf, index, size, (*proof, root), root)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_single_bit_of_a_consistency_proof_can_change(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 300))
    old = data.draw(st.integers(1, size - 1))
    read = hash_reader(leaf_hashes(size))
    roots = merkle.range_hash(read, 0, old), merkle.range_hash(read, 0, size)
    proof = merkle.consistency_proof(read, old, size)

    def accepted(*claim: Any) -> bool:
        return not fails(lambda: merkle.verify_consistency(*claim))

    assert accepted(old, size, *roots, proof)
    bit = data.draw(st.integers(0, 255))
    assert not accepted(old, size, flip(roots[0], bit), roots[1], proof)
    assert not accepted(old, size, roots[0], flip(roots[1], bit), proof)
    for place in range(len(proof)):
        changed = (*proof[:place], flip(proof[place], bit), *proof[place + 1 :])
        assert not accepted(old, size, *roots, changed)
    assert not accepted(old, size, *roots, (*proof, roots[1]))


def test_an_inclusion_proof_fails_under_the_root_of_any_other_size() -> None:
    leaves = leaf_hashes(40)
    read = hash_reader(leaves)
    roots = {size: definition(leaves[:size]) for size in range(1, 41)}
    for size, (other, root) in product(roots, roots.items()):
        proof = merkle.inclusion_proof(read, 0, size)
        claim = partial(merkle.verify_inclusion, leaves[0], 0, other, proof, root)
        assert fails(claim) is (size != other)


def test_hashes_of_a_proof_have_32_bytes() -> None:
    """Or the border between two siblings could be moved."""
    left, right = leaf_hashes(2)
    root = merkle.node_hash(left, right)
    merkle.verify_inclusion(left, 0, 2, (right,), root)
    assert fails(lambda: merkle.verify_inclusion(left[:31], 0, 2, (left[31:] + right,), root))


@pytest.mark.parametrize("seed", range(20))
def test_a_frontier_grows_alike_in_any_steps_and_survives_storage(seed: int) -> None:
    dice = random.Random(seed)
    leaves = leaf_hashes(700)
    frontier, at = merkle.Frontier(), 0
    while at < len(leaves):
        step = dice.choice([0, 1, 1, 2, 3, 64, 100])
        frontier.extend(leaves[at : at + step])
        at = min(at + step, len(leaves))
        frontier = merkle.Frontier.from_bytes(frontier.to_bytes())
        assert (frontier.size, frontier.root()) == (at, definition(leaves[:at]))


def test_a_copied_frontier_grows_alone() -> None:
    frontier = merkle.Frontier()
    frontier.append(leaf_hashes(1)[0])
    copy = frontier.copy()
    copy.append(leaf_hashes(1)[0])
    assert (frontier.size, copy.size) == (1, 2)


@pytest.mark.parametrize("raw", [b"", bytes(7), bytes(7) + b"\x01", bytes(40), b"\xff" * 2056])
def test_a_damaged_frontier_is_refused(raw: bytes) -> None:
    with pytest.raises(TileMalformed):
        merkle.Frontier.from_bytes(raw)


def test_a_frontier_grows_by_whole_subtrees_only_where_one_may_begin() -> None:
    leaves = leaf_hashes(600)
    frontier, whole = merkle.Frontier(), merkle.Frontier()
    frontier.extend([definition(leaves[:256]), definition(leaves[256:512])], 8)
    frontier.extend(leaves[512:])
    whole.extend(leaves)
    assert frontier.to_bytes() == whole.to_bytes()
    with pytest.raises(ValueError, match="multiple"):
        frontier.extend([leaves[0]], 8)


def test_proofs_of_impossible_places_are_refused() -> None:
    read = hash_reader(leaf_hashes(4))
    for index, size in ((-1, 4), (4, 4), (0, 0)):
        with pytest.raises(ProofError):
            merkle.inclusion_proof(read, index, size)
    for old, new in ((0, 4), (5, 4), (-1, 4)):
        with pytest.raises(ProofError):
            merkle.consistency_proof(read, old, new)
