"""Merkle trees of RFC 6962: hashes, compact ranges, proofs and their verification.

A node is named by `(level, index)`: the root of the complete subtree over the leaves
`[index * 2**level, (index + 1) * 2**level)`. A `HashReader` returns its 32 bytes.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from openhns.tlog.encoding import HASH_SIZE, LARGEST
from openhns.tlog.errors import ProofError, TileMalformed

HashReader = Callable[[int, int], bytes]

EMPTY_ROOT = sha256(b"").digest()
_SIZE_BYTES = 8


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry) (RFC 6962 section 2.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right) (RFC 6962 section 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def parents(nodes: Iterable[bytes]) -> list[bytes]:
    """Return the hash of each pair of siblings; an odd last node has no parent yet."""
    one_by_one = iter(nodes)
    return [sha256(b"\x01" + a + b).digest() for a, b in zip(one_by_one, one_by_one, strict=False)]


def subtree_root(nodes: list[bytes]) -> bytes:
    """Return the root above a power of two of siblings."""
    while len(nodes) > 1:
        nodes = parents(nodes)
    return nodes[0]


def split_hashes(raw: bytes) -> list[bytes]:
    """Return the 32-byte hashes that `raw` is made of."""
    return [raw[at : at + HASH_SIZE] for at in range(0, len(raw), HASH_SIZE)]


class Frontier:
    """A tree as the roots of its complete subtrees: what is needed to append and no more."""

    __slots__ = ("_peaks", "_size")

    def __init__(self) -> None:
        self._size = 0
        self._peaks: dict[int, bytes] = {}

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self._size

    def append(self, leaf: bytes) -> None:
        """Append one leaf hash."""
        self.extend((leaf,))

    def extend(self, nodes: Iterable[bytes], level: int = 0) -> None:
        """Append leaf hashes, or roots of complete subtrees of 2**level leaves each.

        Works level by level, so that many cost little more than their hashing. Raises ValueError
        where the tree so far does not end where such a subtree may begin.
        """
        if self._size % (1 << level):
            raise ValueError("a complete subtree begins at a multiple of its own size")
        new = list(nodes)
        added = len(new) << level
        while new:
            if self._size >> level & 1:
                new.insert(0, self._peaks.pop(level))
            if len(new) & 1:
                self._peaks[level] = new.pop()
            new = parents(new)
            level += 1
        self._size += added

    def root(self) -> bytes:
        """Return the Merkle Tree Hash (RFC 6962 section 2.1)."""
        return _fold([self._peaks[level] for level in sorted(self._peaks, reverse=True)])

    def copy(self) -> "Frontier":
        return Frontier.from_bytes(self.to_bytes())

    def to_bytes(self) -> bytes:
        """Return the size as a big-endian uint64 and the subtrees' roots, largest first."""
        peaks = [self._peaks[level] for level in sorted(self._peaks, reverse=True)]
        return self._size.to_bytes(_SIZE_BYTES, "big") + b"".join(peaks)

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Frontier":
        """Read what `to_bytes` wrote; raises TileMalformed for any other length."""
        size = int.from_bytes(raw[:_SIZE_BYTES], "big")
        peaks = split_hashes(raw[_SIZE_BYTES:])
        if len(raw) != _SIZE_BYTES + HASH_SIZE * size.bit_count() or size > LARGEST:
            raise TileMalformed("a stored frontier does not have the length that its size asks for")
        frontier = cls()
        frontier._size = size
        frontier._peaks = dict(zip(_levels(size), peaks, strict=True))
        return frontier


def range_hash(read: HashReader, start: int, end: int) -> bytes:
    """Return MTH(D[start:end]) for a range that RFC 6962's recursion meets."""
    width = end - start
    if width & (width - 1) == 0 < width:  # One complete subtree, as most siblings of a proof are.
        level = width.bit_length() - 1
        return read(level, start >> level)
    peaks = []
    for level in _levels(end - start):
        peaks.append(read(level, start >> level))
        start += 1 << level
    return _fold(peaks)


def inclusion_proof(read: HashReader, index: int, size: int) -> tuple[bytes, ...]:
    """Return PATH(index, D[size]) (RFC 6962 section 2.1.1), the leaf's sibling first."""
    if not 0 <= index < size:
        raise ProofError("there is no leaf of that index in a tree of that size")
    start, end = 0, size
    siblings: list[tuple[int, int]] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            siblings.append((middle, end))
            end = middle
        else:
            siblings.append((start, middle))
            start = middle
    return tuple(range_hash(read, *sibling) for sibling in reversed(siblings))


def consistency_proof(read: HashReader, old_size: int, new_size: int) -> tuple[bytes, ...]:
    """Return PROOF(old_size, D[new_size]) (RFC 6962 section 2.1.2)."""
    if not 0 < old_size <= new_size:
        raise ProofError("a consistency proof leads from a size above 0 to the same or a larger")
    start, end = 0, new_size
    nodes: list[tuple[int, int]] = []
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            nodes.append((middle, end))
            end = middle
        else:
            nodes.append((start, middle))
            start = middle
    if start:
        nodes.append((start, end))
    return tuple(range_hash(read, *node) for node in reversed(nodes))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Return only if `proof` leads from the leaf hash to the root (RFC 9162 section 2.1.3.2).

    It is the checkpoint's signature that binds size and root together: trees of several sizes may
    give one leaf a path of the same shape.
    """
    if not 0 <= index < size:  # Step 1.
        raise ProofError("the leaf's index is not below the tree's size")
    _check_lengths((leaf, *proof))
    fn, sn = index, size - 1  # Step 2.
    r = leaf  # Step 3.
    for p in proof:  # Step 4.
        if sn == 0:  # Step 4a.
            raise ProofError("the inclusion proof is longer than the tree is high")
        if fn & 1 or fn == sn:  # Step 4b.
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1  # Step 4c.
    if sn or r != root:  # Step 5.
        raise ProofError("the inclusion proof does not lead from the leaf to the root")


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Return only if the new tree extends the old one (RFC 9162 section 2.1.4.2).

    An empty old tree is refused: it is consistent with everything and proves nothing.
    """
    if not 0 < old_size <= new_size:
        raise ProofError("a consistency proof leads from a size above 0 to the same or a larger")
    if old_size == new_size:
        if proof or old_root != new_root:
            raise ProofError("two trees of one size are consistent only if their roots are equal")
        return
    if not proof:  # Step 1.
        raise ProofError("the consistency proof is empty")
    path = list(proof)
    if old_size & (old_size - 1) == 0:  # Step 2.
        path.insert(0, old_root)
    _check_lengths(path)
    fr, sr = _climb(old_size - 1, new_size - 1, path)
    if fr != old_root or sr != new_root:  # Step 7.
        raise ProofError("the consistency proof does not lead to the two roots")


def _climb(fn: int, sn: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return fr and sr of RFC 9162 section 2.1.4.2, steps 3 to 6."""
    while fn & 1:  # Step 4.
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]  # Step 5.
    for c in path[1:]:  # Step 6.
        if sn == 0:  # Step 6a.
            raise ProofError("the consistency proof is longer than the tree is high")
        if fn & 1 or fn == sn:  # Step 6b.
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1  # Step 6c.
    if sn:  # Step 7.
        raise ProofError("the consistency proof is shorter than the tree is high")
    return fr, sr


def _check_lengths(hashes: Iterable[bytes]) -> None:
    if any(len(one) != HASH_SIZE for one in hashes):
        raise ProofError(f"every hash of a proof has {HASH_SIZE} bytes")


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size`, which is above 1."""
    return 1 << ((size - 1).bit_length() - 1)


def _levels(size: int) -> list[int]:
    """Return the levels of the complete subtrees of a tree, largest first."""
    return [level for level in reversed(range(size.bit_length())) if size >> level & 1]


def _fold(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root
