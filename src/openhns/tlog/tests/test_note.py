"""Signed notes and verifier keys, to the letter of c2sp.org/signed-note."""

import pytest

from openhns.tlog import ed25519
from openhns.tlog.errors import NoteError, VerifierKeyError
from openhns.tlog.note import (
    NoteSignature,
    Signer,
    Verifier,
    VerifierKey,
    is_key_name,
    open_note,
    parse_note,
    sign_note,
)

SPEC_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n"
    "\n"
    "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3m"
    "FXmRKuwHjG1Yu72IneyaQM=\n"
)
ALICE = Signer("alice.example/log", bytes(range(32)))
BOB = Signer("bob.example/log", bytes(range(1, 33)))
OUTSIDER = Signer("outsider.example", bytes(range(2, 34)))
TEXT = "first line\n\nafter an empty line\n"


def test_the_specification_s_own_example_verifies() -> None:
    note = open_note(SPEC_NOTE, [Verifier.parse(SPEC_VKEY)])
    assert note.text == "This is an example message.\n"
    assert str(VerifierKey.parse(SPEC_VKEY)) == SPEC_VKEY


def test_a_note_is_split_at_its_last_empty_line() -> None:
    note = open_note(sign_note(TEXT, [ALICE]).encode(), [ALICE.verifier])
    assert note.text == TEXT


def test_signatures_of_unknown_keys_are_ignored_and_kept() -> None:
    signed = sign_note(TEXT, [OUTSIDER, ALICE, BOB])
    note = open_note(signed, [ALICE.verifier])
    assert [one.name for one in note.verified] == ["alice.example/log"]
    assert [one.name for one in note.unknown] == ["outsider.example", "bob.example/log"]


def test_a_key_of_the_same_name_with_another_id_is_unknown() -> None:
    namesake = Signer(ALICE.key.name, bytes(32))
    with pytest.raises(NoteError, match="known here"):
        open_note(sign_note(TEXT, [namesake]), [ALICE.verifier])


def test_one_wrong_signature_by_a_known_key_condemns_the_note() -> None:
    forged = NoteSignature(BOB.key.name, BOB.key.key_id, bytes(64))
    signed = sign_note(TEXT, [ALICE], [forged])
    open_note(signed, [ALICE.verifier])
    with pytest.raises(NoteError, match="wrong"):
        open_note(signed, [ALICE.verifier, BOB.verifier])


def test_a_known_key_signs_once() -> None:
    signed = sign_note(TEXT, [ALICE, ALICE])
    with pytest.raises(NoteError, match="two signatures"):
        open_note(signed, [ALICE.verifier])


def test_sixteen_signatures_are_accepted_and_a_flood_is_not() -> None:
    signers = [Signer(f"signer{number}.example", bytes([number]) * 32) for number in range(101)]
    signed = sign_note(TEXT, signers[:16])
    assert len(open_note(signed, [one.verifier for one in signers]).verified) == 16
    with pytest.raises(NoteError, match="more than"):
        sign_note(TEXT, signers)


def test_no_single_byte_of_a_note_can_change() -> None:
    signed = sign_note(TEXT, [ALICE]).encode()
    for place in range(len(signed)):
        for change in (1, 2, 0x20, 0x80):
            changed = bytearray(signed)
            changed[place] ^= change
            with pytest.raises(NoteError):
                open_note(bytes(changed), [ALICE.verifier])


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-1],
        lambda raw: raw + "\n",
        lambda raw: raw + "x",
        lambda raw: raw.replace("\n", "\r\n"),
        lambda raw: raw.replace("first", "fi\trst"),
        lambda raw: raw.replace("first", "fi\x00rst"),
        lambda raw: raw.replace("\u2014 ", "- "),
        lambda raw: raw.replace("\u2014 ", "\u2014  "),
        lambda raw: raw.replace("alice.example/log ", "alice.example/log  "),
        lambda raw: raw.replace("=\n", "\n"),
        lambda raw: raw.replace("alice.example/log", "alice+example/log"),
        lambda raw: raw.replace("alice.example/log", "alice\u00a0example/log"),
        lambda raw: raw.split("\u2014")[0],
        lambda raw: raw.split("\u2014")[0] + "\u2014 alice.example/log AAAAAA==\n",
        lambda raw: raw.split("\u2014")[0] + "\u2014 alice.example/log\n",
        lambda raw: "x" * 1_000_000 + raw,
        lambda raw: raw.replace("first", "\ud800"),
        lambda raw: raw.encode("utf-16"),
        lambda raw: raw.encode().replace(b"first", b"\xff"),
        lambda _: "",
        lambda _: "\n\n",
    ],
)
def test_malformed_notes_are_refused(damage: object) -> None:
    assert callable(damage)
    with pytest.raises(NoteError):
        open_note(damage(sign_note(TEXT, [ALICE])), [ALICE.verifier])


def test_base64_with_stray_bits_is_refused() -> None:
    """Another spelling of the same bytes would let a note change without its signature."""
    line = sign_note(TEXT, [ALICE])
    assert line.endswith("=\n")
    before = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    stray = before[before.index(line[-3]) | 1]
    with pytest.raises(NoteError, match="canonical"):
        parse_note(line[:-3] + stray + "=\n")


@pytest.mark.parametrize("text", ["", "no newline", "a\tb\n", "a\x1fb\n"])
def test_a_text_that_cannot_be_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError):
        sign_note(text, [ALICE])


def test_nothing_is_signed_by_nobody() -> None:
    with pytest.raises(NoteError):
        sign_note(TEXT, [])


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fox+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "example.com/foo+530d903a+",
        "example.com/foo +530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/\ud800+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_malformed_verifier_keys_are_refused(vkey: str) -> None:
    with pytest.raises(VerifierKeyError):
        Verifier.parse(vkey)


def test_a_verifier_key_of_small_order_is_refused() -> None:
    with pytest.raises(VerifierKeyError, match="small order"):
        VerifierKey("outsider.example", 1, (1).to_bytes(32, "little"))


def test_key_names_hold_no_space_plus_or_control() -> None:
    assert is_key_name("example.com/log42")
    assert is_key_name("журнал.example")
    for name in ("", "a b", "a+b", "a\u2003b", "a\u0085b", "a\nb", "a\x01b"):
        assert not is_key_name(name)


def test_a_signer_never_shows_its_private_key() -> None:
    seed = ed25519.generate_seed()
    shown = repr(Signer("alice.example", seed))
    assert seed.hex() not in shown
    assert repr(seed) not in shown
