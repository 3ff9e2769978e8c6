"""A reviewer's page of one version: what it shows, the word on it, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from openhns.mechanism.models import ExactRead
from openhns.notices.tests.building import GAO, site_facts
from openhns.registry.actions import do_amend, do_sign, do_submit
from openhns.registry.models import Decision, Version
from openhns.registry.models.consent import Grade
from openhns.testing_world import World, make_organisation, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
NEARBY = (GAO[0] + 9_000, GAO[1])  # About 100 m further north.


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


@pytest.fixture
def strict_world(data_folder: Path) -> World:
    del data_folder
    return make_world("two-person")


def _submit(world: World, name: str = "Hôpital de Gao", **facts: Any) -> Version:
    grades = dict(zip(world.parties, (Grade.EXACT, Grade.VICINITY), strict=True))
    submitted = do_submit(
        site_facts(name, **facts),
        grades,
        organisation=world.organisation,
        acting_user=world.alice,
    )
    return submitted.version


def _address(world: World, version: Version) -> str:
    return f"/{world.mechanism.slug}/review/{version.id}/"


def _say(client: Client, world: World, version: Version, word: str, reason: str = "") -> str:
    """Say a word and return the page that answers."""
    data = {"word": word, "reason": reason}
    return client.post(_address(world, version), data, follow=True).content.decode()


def test_the_page_shows_the_facts_the_checks_and_what_each_party_would_be_told(
    world: World,
) -> None:
    version = _submit(world)
    text = visitor(world.bob).get(_address(world, version)).content.decode()
    assert "Hôpital de Gao" in text
    assert "16.2716, -0.0446" in text
    assert "Ministry of Health" in text
    assert "Position lies on land" in text
    assert "Party A" in text
    assert "Exact place" in text
    assert "Middle of the area" in text  # What Party B would be told, at the vicinity grade.
    assert ExactRead.objects.filter(person=world.bob).count() == 1


def test_only_reviewers_open_it(world: World) -> None:
    address = _address(world, _submit(world))
    for person in (world.alice, world.outsider):
        answer = visitor(person).get(address)
        assert answer.status_code == 404
        assert "Gao" not in answer.content.decode()
    assert Client().get(address).status_code in {302, 404}


def test_a_version_of_another_mechanism_is_not_found(world: World) -> None:
    other = make_world()
    version = _submit(other)
    assert visitor(world.bob).get(_address(world, version)).status_code == 404


def test_similar_entries_nearby_stand_side_by_side(world: World) -> None:
    _submit(world)
    organisation = make_organisation(world.mechanism, "Relief", world.bob)
    second = do_submit(
        site_facts("Hopital Gao", NEARBY),
        organisation=organisation,
        acting_user=world.administrator,
    ).version
    text = visitor(world.bob).get(_address(world, second)).content.decode()
    assert "Entries nearby" in text
    assert "100 m away" in text
    assert "Not registered already nearby" in text
    assert "Ministry of Health" in text


def test_history_shows_what_an_amendment_changed(world: World) -> None:
    first = _submit(world)
    _say(visitor(world.bob), world, first, "clear")
    amended = do_amend(first.listing, {"operator": "A charity"}, acting_user=world.alice).version
    text = visitor(world.bob).get(_address(world, amended)).content.decode()
    assert "What it changed" in text
    assert "A charity" in text
    assert "Cleared for relay" in text


def test_a_word_is_recorded_once_however_often_it_is_sent(world: World) -> None:
    version, client = _submit(world), visitor(world.bob)
    assert "Cleared for relay." in _say(client, world, version, "clear")
    assert "Cleared for relay." in _say(client, world, version, "clear")
    assert Decision.objects.filter(version=version).count() == 1
    version.refresh_from_db()
    assert version.status == Version.Status.CLEARED


@pytest.mark.parametrize(("word", "status"), [("return", "returned"), ("refuse", "refused")])
def test_a_return_and_a_refusal_need_a_reason(world: World, word: str, status: str) -> None:
    version, client = _submit(world), visitor(world.bob)
    assert "Give a reason." in _say(client, world, version, word)
    assert not Decision.objects.exists()
    assert "reason" in _say(client, world, version, word, "It stands twice.")
    version.refresh_from_db()
    assert version.status == status


def test_what_a_check_warns_of_is_cleared_with_a_reason_alone(world: World) -> None:
    version, client = _submit(world, latitude="16.27", longitude="-0.04"), visitor(world.bob)
    assert "clearing needs a reason" in client.get(_address(world, version)).content.decode()
    assert "Give a reason." in _say(client, world, version, "clear")
    assert "Cleared for relay." in _say(client, world, version, "clear", "Seen on a better map.")


def test_no_word_and_an_unknown_word_change_nothing(world: World) -> None:
    version, client = _submit(world), visitor(world.bob)
    assert "Choose what is to become of this version." in _say(client, world, version, "")
    _say(client, world, version, "approve")
    assert not Decision.objects.exists()


def test_who_comes_late_reads_what_was_decided(world: World) -> None:
    version = _submit(world)
    _say(visitor(world.second_operator), world, version, "return", "Twice.")
    text = _say(visitor(world.bob), world, version, "clear")
    assert "waits for a decision no longer" in text
    assert "Twice." in text


def test_under_two_persons_one_is_not_enough_and_the_same_one_not_the_second(
    strict_world: World,
) -> None:
    world = strict_world
    version, bob = _submit(world), visitor(world.bob)
    missing = bob.get(_address(world, version)).content.decode()
    assert "second signature of the organisation is missing" in missing
    assert "second signature of the organisation is missing" in _say(bob, world, version, "clear")
    do_sign(version, acting_user=world.second_approver)
    assert "first of two" in bob.get(_address(world, version)).content.decode()
    assert "A second person must clear it too." in _say(bob, world, version, "clear")
    version.refresh_from_db()
    assert version.status == Version.Status.SUBMITTED
    again = bob.get(_address(world, version)).content.decode()
    assert "somebody else must clear it too" in again
    assert "You have decided on this version already" in _say(bob, world, version, "refuse", "No.")
    second = visitor(world.second_operator)
    assert (
        "One of two persons has cleared it" in second.get(_address(world, version)).content.decode()
    )
    assert "Cleared for relay." in _say(second, world, version, "clear")
    version.refresh_from_db()
    assert version.status == Version.Status.CLEARED
