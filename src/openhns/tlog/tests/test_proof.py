"""Proofs of logging, to the letter of c2sp.org/tlog-proof."""

from base64 import b64encode
from pathlib import Path

import pytest

from openhns.tlog import merkle
from openhns.tlog.errors import NoteError, ProofError, ProofFormatError, TlogError
from openhns.tlog.folder import TileFolder
from openhns.tlog.note import Signer
from openhns.tlog.policy import Log, Policy
from openhns.tlog.proof import HEADER, Proof, make_proof
from openhns.tlog.tests.logs import ALICE, entry, new_log

SIZE, INDEX = 300, 123
LEAF = merkle.leaf_hash(entry(INDEX))
POLICY = Policy((Log(ALICE.key),))


@pytest.fixture
def folder(tmp_path: Path) -> TileFolder:
    return new_log(tmp_path, SIZE)


def proof_of(folder: TileFolder, extra: bytes | None = None) -> Proof:
    return make_proof(folder.reader(), INDEX, folder.read_checkpoint() or "", extra)


def test_a_proof_is_written_as_the_specification_says(folder: TileFolder) -> None:
    proof = proof_of(folder, b"opaque")
    hashes = [b64encode(one).decode() for one in folder.reader().inclusion_proof(INDEX)]
    head = "\n".join([HEADER, "extra b3BhcXVl", "index 123", *hashes])
    assert str(proof) == f"{head}\n\n{folder.read_checkpoint()}"
    assert Proof.parse(str(proof).encode()) == proof


def test_a_stranger_can_verify_a_proof_with_the_log_s_key_alone(folder: TileFolder) -> None:
    accepted = Proof.parse(str(proof_of(folder))).verify(LEAF, POLICY)
    assert accepted.log == ALICE.key
    assert accepted.checkpoint.size == SIZE


def test_a_proof_under_another_key_agrees_with_itself_and_is_not_accepted(
    folder: TileFolder,
) -> None:
    outsider = Signer(ALICE.key.name, bytes(32))
    proof = proof_of(folder)
    proof.check_inclusion(LEAF)
    with pytest.raises(NoteError):
        proof.verify(LEAF, Policy((Log(outsider.key),)))


def test_no_single_byte_of_a_proof_can_change(folder: TileFolder) -> None:
    raw = str(proof_of(folder)).encode()
    for place in range(len(raw)):
        for change in (0x01, 0x20, 0x80):
            changed = bytearray(raw)
            changed[place] ^= change
            with pytest.raises(TlogError):
                Proof.parse(bytes(changed)).verify(LEAF, POLICY)


def test_a_proof_holds_for_its_own_leaf_alone(folder: TileFolder) -> None:
    with pytest.raises(ProofError):
        proof_of(folder).verify(merkle.leaf_hash(entry(INDEX + 1)), POLICY)


def test_a_log_of_one_entry_has_a_proof_without_hashes(tmp_path: Path) -> None:
    log = new_log(tmp_path, 1)
    proof = make_proof(log.reader(), 0, log.read_checkpoint() or "")
    assert str(proof).startswith(f"{HEADER}\nindex 0\n\n")
    Proof.parse(str(proof)).verify(merkle.leaf_hash(entry(0)), POLICY)


def test_a_log_with_changed_tiles_gives_no_proof(folder: TileFolder) -> None:
    path = folder.path / "tile/0/000"
    path.write_bytes(bytes(32) + path.read_bytes()[32:])
    with pytest.raises(ProofError):
        proof_of(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("c2sp.org/tlog-proof@v1\n", ""),
        ("index 123\n", ""),
        ("index 123\n", "index 0123\n"),
        ("index 123\n", "index 123 \n"),
        ("index 123\n", "index  123\n"),
        ("index 123\n", "Index 123\n"),
        ("index 123\n", "index 123\nindex 123\n"),
        ("index 123\n", "index 123\r\n"),
        ("index 123\n", "extra \nindex 123\n"),
        ("index 123\n", "extra AB\nindex 123\n"),
        ("index 123\n", "extra AAAA\nextra AAAA\nindex 123\n"),
        ("index 123\n", "index 123\nextra AAAA\n"),
        ("index 123\n", "\nindex 123\n"),
        ("index 123\n", "index 123\nAAAA\n"),
        ("index 123\n", "index 123\n" + "\n".join([b64encode(bytes(32)).decode()] * 64) + "\n"),
        ("index 123\n", "index 99999999999999999999\n"),
    ],
)
def test_malformed_proofs_are_refused(folder: TileFolder, old: str, new: str) -> None:
    text = str(proof_of(folder))
    assert old in text
    with pytest.raises((ProofFormatError, NoteError)):
        Proof.parse(text.replace(old, new, 1))


def test_what_is_no_text_and_what_is_too_long_is_refused(folder: TileFolder) -> None:
    for raw in (b"\xff\xfe", b"", "\ud800", "x" * 2_000_001, f"{HEADER}\nindex 0\n"):
        with pytest.raises(ProofFormatError):
            Proof.parse(raw)
    with pytest.raises(NoteError):
        Proof.parse(str(proof_of(folder)) + "\n")
