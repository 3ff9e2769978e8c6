"""A party leaves: what follows is shown before, everybody is told after, in either direction."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils.html import strip_tags
from django.utils.translation import override
from playwright.sync_api import Locator, expect

from openhns.notices.departure_note import departure_note
from openhns.notices.tests.building import GAO, add_listing, movement_facts, site_facts, transmit
from openhns.parties.models import Participation
from openhns.registry.models import Listing
from openhns.testing_world import World, make_world
from openhns.ui.templatetags.ui import day
from tests.browser.walking import Walk, Walker, tick

pytestmark = pytest.mark.django_db(transaction=True)

HOSPITAL, CONVOY = "Gao South Hospital", "Convoy 7 قافلة"
REASON = "It stated none."
LEFT = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=5)


@pytest.fixture
def world(data_folder: Path) -> World:
    """Make a world in which Party A was told of a hospital and of a convoy on its way."""
    del data_folder
    world = make_world()
    told = {world.parties[0]: "exact"}
    add_listing(world, site_facts(HOSPITAL), told)
    departed = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    convoy = movement_facts(CONVOY, GAO, (165_000_000, -446_000), departure=departed)
    add_listing(world, convoy, told, Listing.Kind.MOVEMENT)
    transmit(world)
    tick()
    return world


def test_what_a_withdrawal_means_is_shown_before_it_and_told_after_it(
    walk: Walk, world: World
) -> None:
    alice, bob = walk.enter(world.alice), walk.enter(world.bob)
    alice.home()
    alice.follow("Notes")
    alice.sees("No note has come yet.")
    _sees_what_follows(bob, world)
    assert not Participation.objects.filter(status="withdrawn").exists()
    alice.follow("Notes")
    alice.sees("No note has come yet.")
    _confirms(bob, world)
    _has_a_note(alice, world)
    _sees_that_consent_rests(alice, world)
    _reads_it_on_the_public_page(walk.enter(), world)


def _sees_what_follows(bob: Walker, world: World) -> None:
    party = world.parties[0].name
    bob.home()
    bob.follow("Parties")
    bob.follow_named(party)
    bob.follow("Record a withdrawal")
    bob.sees("The next page shows what follows. Nothing is recorded before you confirm it there.")
    bob.fill(effective_at_0=f"{LEFT:%Y-%m-%dT%H:%M}", reason=REASON)
    bob.page.select_option("main [name=effective_at_1]", "+00:00")
    bob.press("Show what follows")
    bob.sees("Nothing is recorded yet.")
    bob.reads(REASON)
    expect(_counted(bob, "What it keeps")).to_have_text("2")
    expect(_counted(bob, "What rests")).to_have_text("2")
    expect(_counted(bob, "Who is told")).to_have_text("1")
    bob.sees("Movements under way that it knows of")
    expect(bob.main.locator("tr", has_text="Ministry of Health").locator("time")).to_have_count(2)
    bob.reads(_note(bob, world))


def _counted(bob: Walker, heading: str) -> Locator:
    return bob.main.locator("section", has_text=bob.says(heading)).locator(".big")


def _note(walker: Walker, world: World) -> str:
    return departure_note(world.parties[0], LEFT)[walker.language]


def _confirms(bob: Walker, world: World) -> None:
    bob.fill(typed="Party B")
    bob.press("Record the withdrawal")
    bob.sees("This is not the party's name. Nothing was recorded.")
    bob.fill(typed=world.parties[0].name)
    bob.press("Record the withdrawal")
    bob.sees("The withdrawal is recorded.")
    bob.reads(
        bob.counted("%(count)d consent is suspended.", "%(count)d consents are suspended.", 2)
    )
    bob.sees("Has withdrawn")


def _has_a_note(alice: Walker, world: World) -> None:
    alice.follow("Notes")
    alice.sees("Not read")
    alice.main.locator("tbody a").first.click()
    alice.reads(_note(alice, world))
    alice.press("We have read it")


def _sees_that_consent_rests(alice: Walker, world: World) -> None:
    alice.follow("My sites")
    alice.follow_named(HOSPITAL)
    row = alice.row(world.parties[0].name)
    expect(row).to_contain_text(alice.says("Has withdrawn"))
    expect(row).to_contain_text(alice.says("rests: the party left"))


def _reads_it_on_the_public_page(visitor: Walker, world: World) -> None:
    left, stays = (party.name for party in world.parties)
    visitor.go("/")
    expect(visitor.row(left)).to_contain_text(visitor.says("Has withdrawn"))
    expect(visitor.row(stays)).to_contain_text(visitor.says("Takes part"))
    with override(visitor.language):
        named = {"party": left, "since": day(LEFT), "recorded": day(datetime.now(UTC))}
    told = visitor.says(
        "<bdi>%(party)s</bdi> has stated that it takes no part in this mechanism from %(since)s; "
        "the operator recorded this on %(recorded)s. What it was told before, it still holds. Its "
        "obligations under international humanitarian law stand unchanged.",
        **named,
    )
    visitor.reads(strip_tags(told))
