"""A proof with anything changed, added, doubled or reordered fails, and says at which step."""

import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from openhns.proofs.canonical import canonical
from openhns.proofs.verdict import Verdict
from openhns.proofs.verify import verify
from openhns.tlog.note import Signer
from openhns.tlog.policy import Log, Policy
from tests.road import Road


@pytest.fixture
def proof(small: Road) -> bytes:
    notice = small.bundle("Party A", "held.geojson")["features"][0]["properties"]["notice"]
    return small.prove("notice", notice, "proof.json").read_bytes()


def refused(data: bytes) -> Verdict:
    verdict = verify(data)
    assert verdict.word == "refused"
    assert verdict.failed is not None
    assert verdict.failed.words
    return verdict


def test_the_proof_holds_before_anybody_touches_it(proof: bytes, small: Road) -> None:
    verdict = verify(proof, Policy.parse(small.policy().read_bytes()))
    assert verdict.word == "anchored"
    (notice,) = verdict.facts["notices"]
    assert [answer["grade"] for answer in notice["answers"]] == ["A"]
    assert notice["transmitted_at"]


def test_any_one_byte_changed_fails(proof: bytes) -> None:
    named: set[str] = set()
    # Each byte once, by a random bit: some 8,000 verifications, of which most end at step 1.
    for place in range(len(proof)):
        changed = bytearray(proof)
        changed[place] ^= 1 << secrets.randbelow(8)
        failed = refused(bytes(changed)).failed
        assert failed is not None
        named.add(failed.name)
    assert {"form", "checkpoint", "inclusion", "notices"} <= named


def test_a_byte_added_or_taken_away_fails(proof: bytes) -> None:
    for data in (proof + b"\n", b" " + proof, proof[:-1], proof[1:], b"", proof * 2):
        assert refused(data).steps[0].holds is False


def _each_object(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if isinstance(value, dict) else []
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        if isinstance(item, dict | list):
            found += _each_object(item, (*path, key))
    return found


def _without(proof: bytes, member: str, place: int) -> bytes:
    value = json.loads(proof)
    value[member].pop(place)
    return canonical(value)


def _doubled(proof: bytes, member: str, place: int, *, at: int) -> bytes:
    value = json.loads(proof)
    value[member].insert(at, value[member][place])
    return canonical(value)


def _changed(proof: bytes, path: tuple[Any, ...], change: Callable[[Any], None]) -> bytes:
    value = json.loads(proof)
    inner = value
    for step in path:
        inner = inner[step]
    change(inner)
    return canonical(value)


def test_a_member_added_or_missing_fails_wherever_it_is(proof: bytes) -> None:
    for path in _each_object(json.loads(proof)):
        refused(_changed(proof, path, lambda inner: inner.update(extra=1)))
        refused(_changed(proof, path, lambda inner: inner.popitem()))


def test_a_member_doubled_or_reordered_fails(proof: bytes) -> None:
    text = proof.decode()
    assert text.startswith('{"documents":')
    refused(('{"documents":[],' + text[1:]).encode())
    value = json.loads(proof)
    backwards = dict(reversed(list(value.items())))
    refused(json.dumps(backwards, ensure_ascii=False, separators=(",", ":")).encode())


def test_an_entry_or_document_doubled_or_reordered_fails(proof: bytes) -> None:
    value = json.loads(proof)
    for member in ("entries", "documents"):
        refused(_changed(proof, (member,), list.reverse))
        for place in range(len(value[member])):
            refused(_doubled(proof, member, place, at=place))
            refused(_doubled(proof, member, place, at=len(value[member])))


def test_what_was_taken_out_of_a_proof_is_not_claimed_by_it(proof: bytes) -> None:
    value = json.loads(proof)
    for place, entry in enumerate(value["entries"]):
        data = _without(proof, "entries", place)
        if entry["role"] != "transmission":
            refused(data)
            continue
        (notice,) = verify(data).facts["notices"]
        assert "transmitted_at" not in notice
    for place in range(len(value["documents"])):
        refused(_without(proof, "documents", place))


def test_a_proof_about_something_else_fails_at_its_subject(proof: bytes) -> None:
    other = _changed(proof, (), lambda value: value.update(subject="another"))
    failed = refused(other).failed
    assert failed is not None
    assert failed.name == "subject"


def test_a_log_key_of_somebody_else_fails_at_the_checkpoint(proof: bytes) -> None:
    key = str(Signer.generate("openhns.localhost/mali").key)
    failed = refused(_changed(proof, (), lambda value: value.update(log_key=key))).failed
    assert failed is not None
    assert failed.name == "checkpoint"


def test_a_policy_that_names_another_log_does_not_anchor(proof: bytes) -> None:
    policy = Policy(logs=(Log(Signer.generate("openhns.localhost/mali").key),))
    verdict = verify(proof, policy)
    assert (verdict.consistent, verdict.anchored, verdict.word) == (True, False, "consistent")
    assert not verdict.answer_is_yes
