"""From a submission to a certificate, through the pages of four roles, in either direction."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from openhns.notices.legal import LEGAL_TEXTS
from openhns.testing_world import World, make_liaison, make_world
from tests.browser.walking import Walk, Walker, make_key, tick

pytestmark = pytest.mark.django_db(transaction=True)

HOSPITAL = "مستشفى Gao South"
POSITION = "16°16'18\"N 0°02'41\"W"
ATTACK = "A shell hit the ward. قذيفة"
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# The status of the answer at each of these addresses, and the words that a person reads there.
ANSWERS = """(paths) => Promise.all(paths.map(async (path) => {
  const answer = await fetch(path);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [answer.status, page.body.textContent.trim()];
}))"""


@pytest.fixture
def world(data_folder: Path) -> World:
    """Make a world in which two persons of each side stand by what is told."""
    del data_folder
    return make_world(policy="two-person")


def test_a_hospital_goes_from_its_submission_to_a_certificate_across_four_roles(
    walk: Walk, world: World
) -> None:
    alice = walk.enter(world.alice, through_the_door=True)
    _submits(alice, world)
    _signs(walk.enter(world.second_approver))
    bob = walk.enter(world.bob)
    _clears(bob, "Two persons clear a version. If you clear it, you are the first of two.")
    _clears(
        walk.enter(world.second_operator),
        "One of two persons has cleared it. If you clear it too, it is cleared for relay.",
    )
    _transmits(bob, world)
    _acknowledges(walk.enter(make_liaison(world.parties[0], world.administrator)))
    tick()
    _sees_four_dated_facts(alice, world)
    _reports_an_attack(alice)
    _certifies(bob, world)
    _opens_the_certificate(alice, world)
    assert _statuses_for_an_outsider(walk, world) == {404}


def _submits(alice: Walker, world: World) -> None:
    alice.home()
    alice.follow("Register a site")
    alice.fill(name=HOSPITAL, type="Hospital", operator="Ministry of Health", position=POSITION)
    alice.fill(accuracy="10", admin1="Gao", contact="Alice", phone="+223 70 00 00 01")
    alice.press("Check and read back")
    alice.sees("Is this right?")
    alice.reads("16.27")
    alice.press("Submit")
    alice.sees("Submitted. It waits for a second signature by a colleague of yours.")
    alice.sees("What a party is told may travel on, and cannot be recalled.")
    for party, grade in zip(world.parties, ("Exact place", "Vicinity"), strict=True):
        choice = alice.main.locator("fieldset", has_text=party.name)
        choice.get_by_label(alice.says(grade)).check()
    alice.press("Record these choices")
    alice.follow_named(HOSPITAL)
    row = alice.row(world.parties[0].name)
    expect(alice.cell(row, "Consent")).to_contain_text(alice.says("Exact place"))


def _signs(approver: Walker) -> None:
    approver.home()
    approver.follow("Signatures")
    approver.reads(HOSPITAL)
    approver.press("Sign")
    approver.sees("Nothing waits for your signature.")


def _clears(operator: Walker, standing: str) -> None:
    operator.home()
    operator.follow("Review")
    operator.follow_named(HOSPITAL)
    operator.sees("Consents, and what each party would be told")
    operator.sees(standing)
    operator.fill(reason="We know the place.")
    operator.press("Clear for relay")


def _transmits(bob: Walker, world: World) -> None:
    bob.follow("Transmission")
    bob.follow_named(world.parties[0].name)
    bob.sees("The notices, in full")
    bob.reads(HOSPITAL)
    bob.reads(LEGAL_TEXTS[bob.language])
    bob.press("Transmit to this party")
    tick()
    bob.follow("Look again")
    bob.reads(bob.says("Sent"))
    bob.follow("Sent notices")
    bob.follow_named(world.parties[0].name)
    bob.follow_named("1:")
    bob.sees("Sent, no answer")


def _acknowledges(liaison: Walker) -> None:
    liaison.home()
    make_key(liaison)
    liaison.follow("Inbox")
    liaison.sees("Waits for an answer")
    liaison.follow_named("1")
    liaison.reads(HOSPITAL)
    liaison.reads(LEGAL_TEXTS[liaison.language])
    liaison.follow("Answer")
    liaison.page.wait_for_selector("#answering:not([hidden])")
    liaison.main.get_by_role("button", name=liaison.says("Sign and send")).click()
    liaison.page.wait_for_selector("#said.success")
    liaison.follow("Inbox")
    liaison.sees("Acknowledged")
    liaison.sees("No notice waits for an answer.")


def _sees_four_dated_facts(alice: Walker, world: World) -> None:
    alice.follow("My sites")
    alice.follow_named(HOSPITAL)
    told, untold = (alice.row(party.name) for party in world.parties)
    for fact, proof in (
        ("Received by the operator", alice.says("the operator's record")),
        ("Transmitted", alice.says("proof %(grade)s", grade="E")),
        ("Received by the party", alice.says("proof %(grade)s", grade="B")),
        ("Acknowledged by the party", alice.says("proof %(grade)s", grade="B")),
    ):
        cell = alice.cell(told, fact)
        assert cell.locator("time").count() == 1, fact
        expect(cell).to_contain_text(proof)
    expect(alice.cell(untold, "Transmitted")).to_contain_text(alice.says("Not sent yet."))


def _reports_an_attack(alice: Walker) -> None:
    # A clock on a form shows minutes: the next one begins after everything that was told.
    began = datetime.now(UTC) + timedelta(minutes=1)
    ended = began + timedelta(minutes=1)
    alice.follow("Report an attack here")
    alice.fill(words=ATTACK, source="Our staff at the site")
    alice.page.select_option("main [name=zone]", "+00:00")
    alice.fill(start=f"{began:%Y-%m-%dT%H:%M}", end=f"{ended:%Y-%m-%dT%H:%M}")
    alice.press("Check and read back")
    alice.sees("Is this right?")
    alice.press("Report it")
    alice.sees("Reported. It is compared with what each party held at that time.")
    alice.sees("The operator makes the certificate. None was made for your organisation yet.")


def _certifies(bob: Walker, world: World) -> None:
    bob.follow("Incidents")
    bob.follow_named(ATTACK)
    bob.sees("Against what each party held")
    bob.reads(world.parties[0].name)
    bob.page.select_option("main [name=organisation]", str(world.organisation.id))
    bob.press("Make a certificate")
    bob.sees("Status of notification at the time of a reported attack")


def _opens_the_certificate(alice: Walker, world: World) -> None:
    alice.follow("Attacks")
    alice.follow_named(ATTACK)
    alice.follow("Certificate")
    alice.sees("Status of notification at the time of a reported attack")
    told = alice.main.locator("section.card", has_text=world.parties[0].name)
    expect(told).to_contain_text(alice.says("Signed by the party's key in our web page"))
    expect(told).to_contain_text(HOSPITAL)
    for fact in ("Sent", "Proved before the attack", "Proved by now"):
        expect(told.locator("dt", has_text=re.compile(rf"^{alice.says(fact)}$"))).to_have_count(1)
    proved = told.locator("dt", has_text=alice.says("Proved before the attack"))
    expect(proved.locator("xpath=following-sibling::dd[1]")).to_contain_text("B")
    assert told.locator("time").count() >= 3


def _statuses_for_an_outsider(walk: Walk, world: World) -> set[int]:
    """Return how all that anybody saw answers an outsider, in the words of what never was."""
    met = walk.met()
    assert len(met) > 15
    outsider = walk.enter(world.outsider)
    outsider.tab.allowed.append("404 (Not Found)")
    outsider.go(met[0])
    outsider.sees("There is nothing here, or nothing that you may see")
    others = [IDENTIFIER.sub(lambda _: str(uuid4()), path) for path in met]
    never = [
        other if other != path else f"{path}never/" for path, other in zip(met, others, strict=True)
    ]
    answers = outsider.page.evaluate(ANSWERS, [*met, *never])
    assert len({words for _, words in answers}) == 1
    return {status for status, _ in answers}
