"""A party objects, it rings at the organisation until it is answered, in either direction."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from openhns.notices.tests.building import add_listing, site_facts, transmit
from openhns.testing_world import World, make_liaison, make_world
from tests.browser.walking import Walk, Walker, tick

pytestmark = pytest.mark.django_db(transaction=True)

HOSPITAL = "Gao South Hospital"
GROUNDS = "Fighters were seen.\nTwice, by two of us. مقاتلون"
LIMIT = datetime.now(UTC) + timedelta(days=3)
ANSWER = "We looked: nobody armed is there."


@pytest.fixture
def world(data_folder: Path) -> World:
    """Make a world in which Party A was told of a hospital."""
    del data_folder
    world = make_world()
    add_listing(world, site_facts(HOSPITAL), {world.parties[0]: "exact"})
    transmit(world)
    tick()
    return world


def test_an_objection_rings_at_the_organisation_until_it_is_answered(
    walk: Walk, world: World
) -> None:
    party = world.parties[0].name
    alice = walk.enter(world.alice)
    alice.page.clock.install()
    alice.home()
    expect(_alarm(alice)).to_have_class("alarm quiet")
    liaison = walk.enter(make_liaison(world.parties[0], world.administrator))
    _objects(liaison)
    # The page was open all the time: it asks by itself every half minute.
    alice.page.clock.run_for(31_000)
    expect(_alarm(alice)).to_have_class("alarm")
    expect(_alarm(alice)).to_contain_text(_waiting(alice))
    expect(_alarm(alice)).to_contain_text(party)
    expect(_alarm(alice)).to_contain_text(alice.says("Given as a warning."))
    bob = walk.enter(world.bob)
    _finds_it_unanswered(bob, party)
    _answers(alice, party)
    for page in ("My sites", "Attacks", "Objections"):
        alice.follow(page)
        expect(_alarm(alice)).to_have_class("alarm quiet")
    alice.sees("Answered")
    bob.follow("Objections")
    bob.sees("Answered")
    liaison.follow("Inbox")
    liaison.sees("Objected to")


def _alarm(alice: Walker) -> Locator:
    return alice.page.locator("aside.alarm")


def _waiting(alice: Walker) -> str:
    return alice.counted(
        "%(count)d objection waits for an answer by your organisation.",
        "%(count)d objections wait for an answer by your organisation.",
        1,
    )


def _objects(liaison: Walker) -> None:
    liaison.home()
    liaison.follow_named("1")
    liaison.reads(HOSPITAL)
    liaison.follow("Object")
    liaison.sees(
        "An objection is recorded and reaches the operator and the organisation's contact at once. "
        "By itself it changes nothing: the place stays notified, and its protection stands."
    )
    liaison.fill(grounds=GROUNDS, limit_at=f"{LIMIT:%Y-%m-%dT%H:%M}", made_by="General staff")
    liaison.page.check("main [name=warning]")
    liaison.press("Make the objection")
    liaison.sees("Objected to")
    liaison.reads("Twice, by two of us.")


def _finds_it_unanswered(bob: Walker, party: str) -> None:
    bob.home()
    bob.follow("Objections")
    expect(bob.main.locator("tr", has_text=party)).to_contain_text(bob.says("Not answered"))
    bob.main.locator("tbody a").first.click()
    bob.reads("Twice, by two of us.")
    bob.reads(HOSPITAL)


def _answers(alice: Walker, party: str) -> None:
    alice.follow_named(party)
    alice.reads("Twice, by two of us.")
    alice.reads("General staff")
    alice.reads(party)
    alice.fill(answer=ANSWER)
    alice.press("Record the answer")
    alice.sees("Your answer is recorded.")
    alice.reads(ANSWER)
    expect(_alarm(alice)).to_have_class("alarm quiet")
