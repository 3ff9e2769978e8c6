"""Checkpoints and cosignatures, to the letter of tlog-checkpoint and tlog-cosignature."""

import pytest

from openhns.tlog import ed25519
from openhns.tlog.checkpoint import Checkpoint, open_checkpoint, read_checkpoint, sign_checkpoint
from openhns.tlog.cosignature import CosignatureVerifier, Cosigner, signed_message, timestamp_of
from openhns.tlog.errors import (
    CheckpointError,
    CosignatureError,
    NoteError,
    SignatureError,
    VerifierKeyError,
)
from openhns.tlog.note import Signer, Verifier, open_note, sign_note

ORIGIN = "example.com/behind-the-sofa"
ROOT_LINE = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
SPEC_TEXT = f"{ORIGIN}\n20852163\n{ROOT_LINE}\n"
ALICE = Signer(ORIGIN, bytes(range(32)))
WITNESS = Cosigner("witness.example.com/w1", bytes(range(1, 33)))
TIME = 1_679_315_147


def test_the_specification_s_own_example_is_read_and_written_alike() -> None:
    checkpoint = Checkpoint.parse(SPEC_TEXT)
    assert (checkpoint.origin, checkpoint.size) == (ORIGIN, 20_852_163)
    assert str(checkpoint) == SPEC_TEXT


def test_extension_lines_are_kept_as_they_are() -> None:
    checkpoint = Checkpoint.parse(SPEC_TEXT + "an extension\nanother\n")
    assert checkpoint.extensions == ("an extension", "another")
    assert str(checkpoint) == SPEC_TEXT + "an extension\nanother\n"


def test_the_empty_tree_has_size_0() -> None:
    assert Checkpoint.parse(f"{ORIGIN}\n0\n{ROOT_LINE}\n").size == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        SPEC_TEXT[:-1],
        f"{ORIGIN}\n1\n",
        f"\n1\n{ROOT_LINE}\n",
        f"{ORIGIN}\n01\n{ROOT_LINE}\n",
        f"{ORIGIN}\n00\n{ROOT_LINE}\n",
        f"{ORIGIN}\n-1\n{ROOT_LINE}\n",
        f"{ORIGIN}\n+1\n{ROOT_LINE}\n",
        f"{ORIGIN}\n 1\n{ROOT_LINE}\n",
        f"{ORIGIN}\n1_0\n{ROOT_LINE}\n",
        f"{ORIGIN}\n\u0661\n{ROOT_LINE}\n",
        f"{ORIGIN}\n\n{ROOT_LINE}\n",
        f"{ORIGIN}\n9223372036854775808\n{ROOT_LINE}\n",
        f"{ORIGIN}\n1\n{ROOT_LINE[:-1]}\n",
        f"{ORIGIN}\n1\n{ROOT_LINE} \n",
        f"{ORIGIN}\n1\nAAAA\n",
        f"{ORIGIN}\n1\n{ROOT_LINE.replace('I=', 'J=')}\n",
        f"{ORIGIN}\n1\n{ROOT_LINE.replace('/', '_')}\n",
        SPEC_TEXT + "\n",
        SPEC_TEXT + "extension\n\n",
    ],
)
def test_malformed_checkpoints_are_refused(text: str) -> None:
    with pytest.raises(CheckpointError):
        Checkpoint.parse(text)


def test_impossible_checkpoints_cannot_be_made() -> None:
    for origin, size, root in (
        ("", 1, bytes(32)),
        ("a\nb", 1, bytes(32)),
        (ORIGIN, -1, bytes(32)),
        (ORIGIN, 2**63, bytes(32)),
        (ORIGIN, 1, bytes(31)),
    ):
        with pytest.raises(CheckpointError):
            Checkpoint(origin, size, root)
    with pytest.raises(CheckpointError):
        Checkpoint(ORIGIN, 1, bytes(32), ("",))


def test_a_checkpoint_is_opened_with_the_log_s_key() -> None:
    signed = sign_checkpoint(Checkpoint.parse(SPEC_TEXT), [ALICE])
    opened = open_checkpoint(signed.encode(), [ALICE.verifier])
    assert opened.checkpoint == read_checkpoint(signed) == Checkpoint.parse(SPEC_TEXT)


def test_a_key_of_another_name_does_not_speak_for_the_log() -> None:
    outsider = Signer("outsider.example", bytes(range(32)))
    signed = sign_note(SPEC_TEXT, [outsider])
    with pytest.raises(CheckpointError, match="origin"):
        open_checkpoint(signed, [outsider.verifier])


def test_the_cosigned_message_is_the_specification_s() -> None:
    expected = f"cosignature/v1\ntime 1679315147\n{SPEC_TEXT}"
    assert signed_message(SPEC_TEXT, TIME) == expected.encode()


def test_a_witness_s_cosignature_verifies_and_carries_its_time() -> None:
    line = WITNESS.cosign(SPEC_TEXT, TIME)
    signed = sign_checkpoint(Checkpoint.parse(SPEC_TEXT), [ALICE], [line])
    note = open_note(signed, [ALICE.verifier, WITNESS.verifier])
    assert [timestamp_of(one.payload) for one in note.verified if one.name == WITNESS.key.name] == [
        TIME
    ]
    assert CosignatureVerifier.parse(str(WITNESS.key)) == WITNESS.verifier


def test_a_cosignature_holds_for_no_other_time_text_or_key() -> None:
    payload = WITNESS.cosign(SPEC_TEXT, TIME).payload
    later = (TIME + 1).to_bytes(8, "big") + payload[8:]
    other = Cosigner(WITNESS.key.name, bytes(32)).verifier
    WITNESS.verifier.verify(SPEC_TEXT, payload)
    for verifier, text, forged in (
        (WITNESS.verifier, SPEC_TEXT, later),
        (WITNESS.verifier, SPEC_TEXT + "extension\n", payload),
        (other, SPEC_TEXT, payload),
        (WITNESS.verifier, SPEC_TEXT, payload[8:]),
        (WITNESS.verifier, SPEC_TEXT, payload + b"\x00"),
        (WITNESS.verifier, SPEC_TEXT, b"\xff" * 8 + payload[8:]),
    ):
        with pytest.raises(SignatureError):
            verifier.verify(text, forged)


def test_a_plain_signature_is_not_a_cosignature_nor_the_reverse() -> None:
    """Domain separation: the same key under both types signs two different things."""
    seed = bytes(range(32))
    plain, cosigner = Signer(ORIGIN, seed), Cosigner(ORIGIN, seed)
    assert plain.key.key_id != cosigner.key.key_id
    with pytest.raises(SignatureError):
        cosigner.verifier.verify(SPEC_TEXT, bytes(8) + plain.sign(SPEC_TEXT))
    with pytest.raises(SignatureError):
        plain.verifier.verify(SPEC_TEXT, cosigner.cosign(SPEC_TEXT, TIME).payload[8:])


def test_a_witness_cosigns_checkpoints_only_at_possible_times() -> None:
    with pytest.raises(CheckpointError):
        WITNESS.cosign("not a checkpoint\n", TIME)
    for impossible in (-1, 2**63):
        with pytest.raises(CosignatureError):
            WITNESS.cosign(SPEC_TEXT, impossible)
    assert timestamp_of(WITNESS.cosign(SPEC_TEXT, 2**63 - 1).payload) == 2**63 - 1


def test_a_vkey_is_used_for_its_own_type_alone() -> None:
    with pytest.raises(VerifierKeyError):
        Verifier.parse(str(WITNESS.key))
    with pytest.raises(VerifierKeyError):
        CosignatureVerifier.parse(str(ALICE.key))


def test_a_cosigner_never_shows_its_private_key() -> None:
    seed = ed25519.generate_seed()
    shown = repr(Cosigner("witness.example", seed))
    assert seed.hex() not in shown
    assert repr(seed) not in shown


def test_a_cosignature_alone_does_not_open_a_checkpoint() -> None:
    signed = sign_checkpoint(Checkpoint.parse(SPEC_TEXT), [ALICE], [WITNESS.cosign(SPEC_TEXT, 1)])
    with pytest.raises(CheckpointError):
        open_checkpoint(signed, [WITNESS.verifier])
    with pytest.raises(NoteError):
        open_checkpoint(signed, [])
