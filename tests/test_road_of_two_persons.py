"""The main road by command under the standard policy: nothing goes on by one person's word."""

import json
from typing import Any

import pytest

from tests.road import Road, small_register

NO = 1
WRONG = 2


def _person(road: Road, name: str, role: str, *more: str) -> str:
    handle = str(road.json("person", "add", "--name", name)["handle"])
    road.json("person", "role", handle, role, *more)
    return handle


def _refused(road: Road, *words: Any) -> str:
    done = road.installation.run(*words, "--json")
    assert done.returncode == WRONG, done.stdout
    return str(json.loads(done.stdout)["error"]["code"])


@pytest.mark.slow
def test_two_persons_of_each_side_bring_a_register_to_a_verified_proof(road: Road) -> None:
    road.set_up("--policy", "two-person")
    ministry = ("--organisation", "Ministry of Health")
    bob = _person(road, "Bob", "reviewer")
    road.json("organisation", "apply", "Ministry of Health")
    assert road.json("organisation", "vet", "Ministry of Health")["status"] == "applied"
    assert road.json("organisation", "vet", "Ministry of Health", "--as", bob)["status"] == "vetted"
    alice = _person(road, "Alice", "reporter", *ministry)
    second = _person(road, "Amina", "approver", *ministry)
    outsider = _person(road, "Oscar", "auditor")

    consents = ("--consent", "Party A=exact", "--consent", "Party B=vicinity")
    sheet = small_register(road.files)
    report = ("--report", road.file("report.xlsx"))
    imported = road.json("import", sheet, *ministry, *consents, *report, "--as", alice, expect=NO)
    assert imported["accepted"] > 0

    assert road.json("clear", "--passing")["cleared"] == 0
    assert road.json("transmit")["notices"] == []
    assert _refused(road, "sign", *ministry, "--as", outsider) == "not_found"
    assert _refused(road, "sign", *ministry, "--as", alice) == "not_allowed"
    signed = road.json("sign", *ministry, "--as", second)["signed"]
    assert signed == imported["accepted"] + imported["warned"]

    assert road.json("clear", "--passing")["cleared"] == 0
    assert road.json("transmit")["notices"] == []
    cleared = road.json("clear", "--passing", "--as", bob)["cleared"]
    assert cleared > 0
    sent = road.json("transmit")
    assert len(sent["notices"]) == 2 * cleared

    proof = road.prove("notice", sent["notices"][0], "proof.json")
    assert road.json("verify", proof, "--policy", road.policy())["verdict"] == "anchored"
    assert road.json("log", "audit")["findings"] == []
