"""A proof with anything changed, added, doubled or reordered fails, and says at which step."""

import json
import os
import random
import secrets
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from openhns.proofs.canonical import canonical
from openhns.proofs.verdict import Verdict
from openhns.proofs.verify import verify
from openhns.tlog.note import Signer
from openhns.tlog.policy import Log, Policy
from tests.road import Road

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**53 - 1, "", "A", "notice", [], [[]], {}, {"x": 5}, ["A"], [1, 2],
)  # fmt: skip


@pytest.fixture(scope="session")
def proof(walked: Road) -> bytes:
    return walked.file("proof.json").read_bytes()


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


@pytest.mark.slow
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
        assert refused(_changed(proof, path, lambda inner: inner.update(extra=1))).failed
        assert refused(_changed(proof, path, lambda inner: inner.popitem())).failed


def test_a_member_doubled_or_reordered_fails(proof: bytes) -> None:
    text = proof.decode()
    assert text.startswith('{"documents":')
    assert refused(('{"documents":[],' + text[1:]).encode()).failed
    value = json.loads(proof)
    backwards = dict(reversed(list(value.items())))
    assert refused(json.dumps(backwards, ensure_ascii=False, separators=(",", ":")).encode()).failed


def test_an_entry_or_document_doubled_or_reordered_fails(proof: bytes) -> None:
    value = json.loads(proof)
    for member in ("entries", "documents"):
        assert refused(_changed(proof, (member,), list.reverse)).failed
        for place in range(len(value[member])):
            assert refused(_doubled(proof, member, place, at=place)).failed
            assert refused(_doubled(proof, member, place, at=len(value[member]))).failed


def test_what_was_taken_out_of_a_proof_is_not_claimed_by_it(proof: bytes) -> None:
    value = json.loads(proof)
    for place, entry in enumerate(value["entries"]):
        data = _without(proof, "entries", place)
        if entry["role"] != "transmission":
            assert refused(data).failed
            continue
        (notice,) = verify(data).facts["notices"]
        assert "transmitted_at" not in notice
    for place in range(len(value["documents"])):
        assert refused(_without(proof, "documents", place)).failed


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


def _each_place(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in a value, as the object or list that holds it and its key there."""
    for key, item in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(item, dict | list):
            yield from _each_place(item)


def _mutate(value: Any, chance: random.Random) -> None:
    """Put something of a random type, or nothing, into one place of a value."""
    container, key = chance.choice(list(_each_place(value)))
    if chance.randrange(4) == 0:
        del container[key]
    elif isinstance(container, list) and chance.randrange(2):
        container.insert(key, deepcopy(chance.choice(ODD)))
    else:
        container[key] = deepcopy(chance.choice(ODD))


def _mutated(proof: bytes, chance: random.Random) -> bytes:
    """Mutate a file, or the canonical text of one of its events, and write it canonically."""
    value = json.loads(proof)
    if chance.randrange(2):
        entry = chance.choice(value["entries"])
        event = json.loads(entry["event"])
        _mutate(event, chance)
        entry["event"] = canonical(event).decode()
    else:
        _mutate(value, chance)
    return canonical(value)


def test_whatever_type_stands_anywhere_nothing_raises_and_nothing_is_anchored(
    proof: bytes, small: Road
) -> None:
    policy = Policy.parse(small.policy().read_bytes())
    chance = random.Random(2286)
    untransmitted = canonical(
        {**json.loads(proof), "entries": [
            entry for entry in json.loads(proof)["entries"] if entry["role"] != "transmission"
        ]}
    )  # fmt: skip
    for _ in range(800):
        data = _mutated(proof, chance)
        assert verify(data, policy).anchored is (data in {proof, untransmitted})


def test_a_proof_is_its_owners_alone_for_exact_places_stand_in_it(
    proof: bytes, small: Road
) -> None:
    assert proof
    assert small.file("proof.json").stat().st_mode & 0o777 == 0o600


def test_a_pipe_or_a_device_is_refused_and_never_waited_for(small: Road, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        said = small.json("verify", path, expect=2)
        assert said["error"]["code"] == "input_unreadable"
