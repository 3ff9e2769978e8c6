"""Whatever bytes arrive, a parser answers or names its error; it never breaks."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhns.tlog import ed25519, merkle
from openhns.tlog.checkpoint import Checkpoint, read_checkpoint, sign_checkpoint
from openhns.tlog.cosignature import Cosigner, timestamp_of
from openhns.tlog.errors import TlogError
from openhns.tlog.note import VerifierKey, open_note, parse_note
from openhns.tlog.policy import Policy
from openhns.tlog.proof import Proof
from openhns.tlog.tests.logs import ALICE, ORIGIN
from openhns.tlog.tiles import parse_bundle

WITNESS = Cosigner("witness.example", bytes(range(32)))
CHECKPOINT = Checkpoint(ORIGIN, 2, bytes(32), ("extension",))
SIGNED = sign_checkpoint(CHECKPOINT, [ALICE], [WITNESS.cosign(str(CHECKPOINT), 7)])
PROOF = str(Proof(1, (bytes(32),), SIGNED, b"extra"))
POLICY = f"log {ALICE.key} https://a.example\nwitness W {WITNESS.key}\ngroup g any W\nquorum g\n"

OF_BYTES: list[tuple[Callable[[bytes], Any], bytes]] = [
    (parse_note, SIGNED.encode()),
    (read_checkpoint, SIGNED.encode()),
    (lambda raw: open_note(raw, [ALICE.verifier, WITNESS.verifier]), SIGNED.encode()),
    (Proof.parse, PROOF.encode()),
    (Policy.parse, POLICY.encode()),
    (Policy.parse(POLICY).accept, SIGNED.encode()),
    (parse_bundle, b"\x00\x03abc\x00\x00"),
    (merkle.Frontier.from_bytes, bytes(7) + b"\x03" + bytes(64)),
    (timestamp_of, bytes(72)),
    (ed25519.check_public_key, ALICE.key.public_key),
    (lambda raw: ed25519.verify(raw[:32], raw[32:96], raw[96:]), ALICE.key.public_key + bytes(64)),
]
OF_TEXT: list[tuple[Callable[[str], Any], str]] = [
    (parse_note, SIGNED),
    (Checkpoint.parse, str(CHECKPOINT)),
    (Proof.parse, PROOF),
    (Policy.parse, POLICY),
    (VerifierKey.parse, str(ALICE.key)),
]
any_text = st.text(st.characters())


def answered(parse: Callable[[Any], Any], given: Any) -> bool:
    """Whether a parser answers, or refuses in words; anything else that it raises is a fault."""
    try:
        parse(given)
    except TlogError as error:
        return bool(str(error))
    return True


def splice(valid: Any, garbage: Any, start: int, end: int) -> Any:
    return valid[:start] + garbage + valid[end:]


@pytest.mark.parametrize(("parse", "valid"), OF_BYTES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_bytes_break_a_parser(
    parse: Callable[[bytes], Any], valid: bytes, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(valid)))
    end = data.draw(st.integers(start, len(valid)))
    assert answered(parse, splice(valid, data.draw(st.binary(max_size=80)), start, end))


@pytest.mark.parametrize(("parse", "valid"), OF_TEXT)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_text_breaks_a_parser(
    parse: Callable[[str], Any], valid: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(valid)))
    end = data.draw(st.integers(start, len(valid)))
    assert answered(parse, splice(valid, data.draw(any_text), start, end))


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_what_is_read_is_written_in_the_same_bytes(data: st.DataObject) -> None:
    """Each text has one spelling: no two files hold the same proof or checkpoint."""
    start = data.draw(st.integers(0, len(PROOF)))
    end = data.draw(st.integers(start, len(PROOF)))
    text = splice(PROOF, data.draw(st.text(max_size=3)), start, end)
    with suppress(TlogError):
        assert str(Proof.parse(text)) == text
        assert str(parse_note(Proof.parse(text).checkpoint)) == Proof.parse(text).checkpoint
