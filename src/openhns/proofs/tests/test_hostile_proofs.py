"""A file made to mislead its reader fails at the step that it lies about, and raises nothing."""

import json
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from time import perf_counter
from typing import Any

import pytest

from openhns.proofs.canonical import canonical
from openhns.proofs.case import Case, NoticeFacts
from openhns.proofs.opened import open_event
from openhns.proofs.proof_file import LARGEST_FILE, Kind, ProofFile, ProofFileError, Role
from openhns.proofs.steps import check_transmissions
from openhns.proofs.tests.forging import ANSWERED, LEFT, SIGNER, Forged, forged
from openhns.proofs.verify import verify
from openhns.tlog.policy import Log, Policy

POLICY = Policy(logs=(Log(SIGNER.key),))
ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**53 - 1, "", "A", "é", [], [[]], {}, {"x": 5}, [1, 2], ["A"],
    {"kid": []}, [True, 3],
)  # fmt: skip


def failing(made: Forged) -> tuple[str, str]:
    """Return at which step a file fails, and the words of that."""
    failed = verify(made.to_bytes(), POLICY).failed
    assert failed is not None
    return failed.name, failed.words


def test_the_forgers_own_proof_holds_so_that_each_lie_below_is_what_fails() -> None:
    verdict = verify(forged().to_bytes(), POLICY)

    assert verdict.word == "anchored", verdict.failed
    (notice,) = verdict.facts["notices"]
    assert notice["transmitted_at"] == LEFT
    signed, call = notice["answers"]
    assert (signed["grade"], signed["echelon"], signed["machine"]) == ("A", "brigade", True)
    assert signed["answered_at"] == ANSWERED
    assert (call["grade"], call["echelon"], call["answered_at"]) == ("D", None, None)


@pytest.mark.parametrize("member", ["answers", "transmitted_at", "sha256", "extra"])
def test_a_notice_cannot_bring_facts_of_its_own(member: str) -> None:
    made = forged()
    made.texts["notice"][member] = [{"grade": "A"}]
    assert failing(made)[0] == "notices"


@pytest.mark.parametrize("member", sorted(forged().texts["notice"]))
@pytest.mark.parametrize("odd", [[], 0, False, {"odd": 1}])
def test_a_notice_without_a_member_or_with_another_type_there_fails(
    member: str, odd: object
) -> None:
    free = {"content": dict, "legal": dict, "verification": dict, "urgent": bool}
    made = forged()
    if type(odd) is not free.get(member):
        made.texts["notice"][member] = odd
        assert failing(made)[0] == "notices"
    del made.texts["notice"][member]
    assert failing(made)[0] == "notices"


def test_a_certificates_answers_and_notices_cannot_be_left_out() -> None:
    step, words = failing(forged().without(Role.RECEIPT, Role.PARTY_KEY, Role.KEY_REVOCATION))
    assert (step, "receipt-1" in words) == ("subject", True)
    step, words = failing(
        forged().without(
            Role.NOTICE, Role.TRANSMISSION, Role.RECEIPT, Role.PARTY_KEY, Role.KEY_REVOCATION
        )
    )
    # The hash of a notice that is not in the file stays unnamed there; its id is what is missed.
    assert (step, "notice-1" in words) == ("subject", True)
    assert failing(forged().without(Role.TRANSMISSION))[0] == "subject"


@pytest.mark.parametrize(
    ("member", "value"),
    [("grade", "B"), ("answer", "queried"), ("bulk", True), ("machine", False), ("id", "other")],
)
def test_a_certificate_cannot_state_an_answer_otherwise_than_it_is(
    member: str, value: object
) -> None:
    made = forged()
    made.texts["certificate"]["parties"][0]["held"][0]["answers"][0][member] = value
    assert failing(made)[0] == "subject"


def answer_of(made: Forged) -> Any:
    """Return the facts of the signed answer of a file that holds."""
    verdict = verify(made.to_bytes(), POLICY)
    assert verdict.failed is None, verdict.failed
    answers = verdict.facts["notices"][0]["answers"]
    return next(answer for answer in answers if answer["id"] == "receipt-1")


def _queried(made: Forged, **signed: object) -> Forged:
    """Turn the signed answer into a query, as far as its text goes."""
    made.body(Role.RECEIPT)["answer"] = "queried"
    made.texts["certificate"]["parties"][0]["held"][0]["answers"][0]["answer"] = "queried"
    made.texts["receipt"] |= {"answer": "queried", **signed}
    return made


def test_a_query_of_either_version_is_read_and_only_the_second_has_words() -> None:
    assert answer_of(_queried(forged())).get("question") is None
    asked = answer_of(_queried(forged(), v=2, question="Which gate?"))
    assert (asked["answer"], asked["question"]) == ("queried", "Which gate?")


@pytest.mark.parametrize(
    "signed", [{"v": 2}, {"question": "Which?"}, {"v": 3}, {"v": 2, "question": 1}, {"v": True}]
)
def test_a_query_whose_form_is_not_its_versions_is_refused(signed: dict[str, object]) -> None:
    assert failing(_queried(forged(), **signed))[0] == "receipts"


def test_an_answer_that_is_no_query_asks_nothing() -> None:
    made = forged()
    made.texts["receipt"] |= {"v": 2, "question": "Which gate?"}
    step, words = failing(made)
    assert (step, "is no query" in words) == ("receipts", True)


def _set(role: Role, member: str, value: object) -> Callable[[Forged], None]:
    return lambda made: made.body(role).__setitem__(member, value)


def _event(role: Role, member: str, value: object) -> Callable[[Forged], None]:
    return lambda made: made.event(role).__setitem__(member, value)


def _text(name: str, member: str, value: object) -> Callable[[Forged], None]:
    return lambda made: made.texts[name].__setitem__(member, value)


def _call(member: str, value: object) -> Callable[[Forged], None]:
    return lambda made: made.events[5]["event"]["body"].__setitem__(member, value)


@pytest.mark.parametrize(
    ("step", "lie"),
    [
        ("form", _event(Role.NOTICE, "v", True)),  # noqa: FBT003 - the value that is tried.
        ("form", _event(Role.NOTICE, "time", "yesterday")),
        ("form", _event(Role.NOTICE, "time", "2026-03-01T12:00:00Z")),
        ("form", _event(Role.NOTICE, "time", "2026-03-01T12:00:00.000000+00:00")),
        ("form", _event(Role.NOTICE, "time", "2026-03-01T12:00:00.000000Z\n")),
        ("transmission", _event(Role.TRANSMISSION, "time", "2026-02-28T12:00:00.000000Z")),
        ("transmission", _set(Role.TRANSMISSION, "numbers", [True, True])),
        ("transmission", _set(Role.TRANSMISSION, "numbers", [3, 1])),
        ("transmission", _set(Role.TRANSMISSION, "numbers", [1, 2, 3])),
        ("receipts", _call("kid", [])),
        ("receipts", _call("kid", "somebody's")),
        ("receipts", _call("bulk", 0)),
        ("receipts", _call("machine", None)),
        ("receipts", _call("answer", "delighted")),
        ("receipts", _call("receipt", "receipt-1")),
        ("receipts", _set(Role.RECEIPT, "machine", False)),  # noqa: FBT003 - as above.
        ("receipts", _set(Role.RECEIPT, "bulk", True)),  # noqa: FBT003 - as above.
        ("receipts", _set(Role.RECEIPT, "grade", "B")),
        ("receipts", _text("receipt", "bulk", 0)),
        ("receipts", _text("receipt", "v", True)),  # noqa: FBT003 - as above.
        ("receipts", _text("receipt", "extra", 1)),
        ("receipts", _text("receipt", "number", 2)),
        ("keys", _set(Role.KEY_REVOCATION, "kid", [])),
        ("keys", _set(Role.KEY_REVOCATION, "from", "soon")),
        ("keys", _set(Role.KEY_REVOCATION, "party", "party-b")),
        ("subject", _text("certificate", "parties", [[]])),
        ("subject", _text("certificate", "log", "another.example")),
    ],
)
def test_a_lie_fails_at_the_step_that_it_is_about(step: str, lie: Callable[[Forged], None]) -> None:
    made = forged()
    lie(made)
    assert failing(made)[0] == step


@pytest.mark.parametrize(
    ("revoked", "side"), [(ANSWERED, "after"), ("2026-03-05T00:00:00.000000Z", "before")]
)
def test_an_answer_says_on_which_side_of_a_revocation_it_was_recorded(
    revoked: str, side: str
) -> None:
    made = forged()
    made.body(Role.KEY_REVOCATION)["from"] = revoked

    verdict = verify(made.to_bytes(), POLICY)

    assert verdict.anchored
    signed, call = verdict.facts["notices"][0]["answers"]
    assert signed["key_revoked_from"] == revoked
    assert signed["recorded_after_revocation"] is (side == "after")
    assert "key_revoked_from" not in call
    said = f"revoked from {revoked}; this answer was recorded at {ANSWERED}, {side} that."
    assert said in verdict.steps[6].words


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in a value as its container and key."""
    items = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    for key, item in items:
        yield value, key
        if isinstance(item, dict | list):
            yield from _places(item)


def _mutate(value: Any, chance: random.Random) -> None:
    container, key = chance.choice(list(_places(value)))
    match chance.randrange(4):
        case 0 if isinstance(container, dict):
            container[chance.choice(["extra", "answers", "kid"])] = deepcopy(chance.choice(ODD))
        case 1:
            del container[key]
        case _:
            container[key] = deepcopy(chance.choice(ODD))


def test_no_change_to_a_files_structure_raises_or_stays_anchored() -> None:
    whole = forged().to_bytes()
    told = json.loads(whole)
    del told["entries"][-1]
    # Whoever hands a proof on can leave a revocation out: no file shows that there was none.
    sound = {whole, canonical(told)}
    chance = random.Random(20261122)
    for _ in range(600):
        value = json.loads(whole)
        for _ in range(chance.randint(1, 3)):
            _mutate(value, chance)
        data = canonical(value)
        assert verify(data, POLICY).anchored is (data in sound)


def test_no_change_to_what_is_signed_and_logged_raises_whatever_a_forger_signs() -> None:
    chance = random.Random(1949)
    reached: set[str] = set()
    for _ in range(600):
        made = forged()
        _mutate([made.texts, [item["event"] for item in made.events]], chance)
        if made.texts.keys() != {"notice", "receipt", "certificate"}:
            continue
        failed = _judged(made)
        reached.add(failed)
    assert {"form", "keys", "notices", "transmission", "receipts", "subject"} <= reached


def _judged(made: Forged) -> str:
    verdict = verify(made.to_bytes(), Policy())
    assert not verdict.anchored
    return verdict.failed.name if verdict.failed else ""


def test_every_member_of_every_event_may_be_of_any_type_and_nothing_raises() -> None:
    for role in Role:
        if role in {Role.PARTICIPATION, Role.WITHDRAWAL, Role.OBJECTION}:
            continue
        for member in list(forged().body(role)):
            for odd in ODD:
                made = forged()
                made.body(role)[member] = deepcopy(odd)
                verdict = verify(made.to_bytes(), POLICY)
                assert verdict.word in {"refused", "consistent", "anchored"}


def test_a_notice_proof_of_another_kind_is_not_what_it_says() -> None:
    made = forged()
    made.kind, made.subject = Kind.NOTICE, "notice-1"
    assert failing(made)[0] == "subject"
    assert verify(made.without(Role.CERTIFICATE).to_bytes(), POLICY).anchored


def test_many_transmissions_of_many_notices_are_judged_in_no_time() -> None:
    case, many = Case(b""), 5_000
    made = ProofFile.parse(forged().to_bytes())
    sent = next(open_event(entry) for entry in made.entries if entry.role == Role.TRANSMISSION)
    told = forged().texts["notice"]
    for number in range(1, many + 1):
        notice = NoticeFacts({**told, "id": str(number), "number": number}, "")
        case.notices[notice.id] = notice
        case.events.append(replace(sent, body={**sent.body, "numbers": [number, number]}))
    begun = perf_counter()
    said = check_transmissions(case)
    assert perf_counter() - begun < 2
    assert said == f"{many} notices were recorded as transmitted."


def test_a_notice_may_have_left_after_its_certificate_but_not_at_another_time() -> None:
    made = forged()
    named = made.texts["certificate"]["parties"][0]["held"][0]
    named["transmitted_at"] = None
    assert verify(made.to_bytes(), POLICY).anchored
    named["transmitted_at"] = ANSWERED
    assert failing(made)[0] == "subject"


def test_a_proof_too_large_to_be_read_is_neither_written_nor_read() -> None:
    made = ProofFile.parse(forged().to_bytes())
    with pytest.raises(ProofFileError):
        replace(made, subject="x" * LARGEST_FILE).to_bytes()
    assert verify(b" " * (LARGEST_FILE + 1)).steps[0].holds is False
