"""An organisation's own pages: what is registered, what each party was told, and who may look."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from openhns.mechanism.models import ExactRead, Person
from openhns.notices.actions.answering import do_log_call
from openhns.notices.models import Notice, Transmission
from openhns.notices.tests.building import (
    GAO,
    add_listing,
    amend,
    consent,
    movement_facts,
    revoke,
    site_facts,
    transmit,
)
from openhns.registry.actions import do_decide, do_submit
from openhns.registry.models import Decision, Listing
from openhns.testing_world import World, make_member, make_organisation, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def _url(world: World, name: str, *more: Any) -> str:
    return reverse(name, args=[world.mechanism.slug, world.organisation.id, *more])


def _page(world: World, name: str, *more: Any, person: Person | None = None) -> str:
    answer = visitor(person or world.alice).get(_url(world, name, *more))
    assert answer.status_code == 200
    return answer.content.decode()


def _words(answer: Any) -> str:
    """Return an answer without what differs from one request to the next: token and address."""
    return re.sub(r' value="[^"]*"', "", answer.content.decode())


def _strangers(world: World) -> list[Client]:
    other = make_organisation(world.mechanism, "Another", world.bob, world.second_operator)
    stranger = make_member(other, "Somebody else", world.administrator)
    return [visitor(person) for person in (stranger, world.outsider, world.bob)]


def test_the_list_says_what_each_party_was_told_and_how_that_is_proven(world: World) -> None:
    told, silent = world.parties
    add_listing(world, site_facts("Hôpital de Gao"), {told: "exact", silent: "vicinity"})
    transmit(world)
    notice = Notice.objects.get(party=told)
    do_log_call(told, [notice.id], "Heard and read back.", "Duty officer", acting_user=world.bob)
    Transmission.objects.filter(party=silent).update(
        transmitted_at=timezone.now() - timedelta(days=3)
    )
    page = _page(world, "notices-my-sites")
    assert "Hôpital de Gao" in page
    assert "Acknowledged by the party" in page
    assert "proof D" in page
    assert "silent for 3 days" in page
    assert "Showing 1 to 1 of 1" in page


def test_the_list_counts_what_was_registered_a_moment_ago(world: World) -> None:
    for number in (1, 2):
        add_listing(world, site_facts(f"Clinic {number}"), {})
        assert f"Showing 1 to {number} of {number}" in _page(world, "notices-my-sites")
    other = make_organisation(world.mechanism, "Another", world.bob, world.second_operator)
    stranger = make_member(other, "Somebody else", world.administrator)
    url = reverse("notices-my-sites", args=[world.mechanism.slug, other.id])
    assert "has registered no site yet" in visitor(stranger).get(url).content.decode()


def test_a_place_and_its_history_are_shown_to_its_organisation_and_journalled(
    world: World,
) -> None:
    party, other = world.parties
    listing = add_listing(world, site_facts("Hôpital de Gao"), {party: "exact"})
    transmit(world)
    amend(world, listing, function="Surgery")
    before = ExactRead.objects.count()
    page = _page(world, "notices-my-listing", "site", listing.id)
    assert ExactRead.objects.count() == before + 1
    for words in ("16.2716, -0.0446", "Surgery", "Version 2", "notice 1, of version 1",
                  "A newer version is cleared and not sent", "you gave no consent"):  # fmt: skip
        assert words in page
    assert other.name in page


def test_what_comes_back_from_the_operator_is_shown_with_its_reason(world: World) -> None:
    done = do_submit(
        site_facts("Hôpital"), organisation=world.organisation, acting_user=world.alice
    )
    do_decide(done.version, Decision.Word.RETURN, "Measure it again.", acting_user=world.bob)
    assert "Returned by the operator" in _page(world, "notices-my-sites")
    page = _page(world, "notices-my-listing", "site", done.version.listing_id)
    assert "Measure it again." in page


def test_what_is_taken_back_or_only_counted_claims_no_more_than_it_is(world: World) -> None:
    party, other = world.parties
    listing = add_listing(world, site_facts("Hôpital"), {party: "exact", other: "presence"})
    transmit(world)
    page = _page(world, "notices-my-listing", "site", listing.id)
    assert "No notice names it: it is told as part of a count." in page
    revoke(world, listing, party)
    transmit(world)
    assert "Told to remove it" in _page(world, "notices-my-sites")
    consent(world, listing, other, "vicinity")
    page = _page(world, "notices-my-listing", "site", listing.id)
    assert "Not sent yet." in page


def test_a_movement_shows_its_points(world: World) -> None:
    far = (GAO[0] + 5_000_000, GAO[1])
    listing = add_listing(world, movement_facts("Convoy", GAO, far), {}, Listing.Kind.MOVEMENT)
    assert "Convoy" in _page(world, "notices-my-movements")
    page = _page(world, "notices-my-listing", "movement", listing.id)
    assert "Point 2 of the route" in page
    assert visitor(world.alice).get(
        _url(world, "notices-my-listing", "site", listing.id)
    ).status_code == 404  # fmt: skip


def test_submitters_never_learn_of_what_stands_nearby(world: World) -> None:
    other = make_organisation(world.mechanism, "Another", world.bob, world.second_operator)
    stranger = make_member(other, "Somebody else", world.administrator)
    do_submit(site_facts("Hôpital de Gao"), organisation=other, acting_user=stranger)
    listing = add_listing(world, site_facts("Hopital de Gao"), {})
    page = _page(world, "notices-my-listing", "site", listing.id)
    assert "nearby" not in page.lower()


@pytest.mark.parametrize("name", ["notices-my-sites", "notices-my-listing", "notices-consents"])
def test_strangers_get_the_answer_of_what_is_not_there(world: World, name: str) -> None:
    listing = add_listing(world, site_facts("Hôpital"), {})
    more = [] if name == "notices-my-sites" else ["site", listing.id]
    for client in _strangers(world):
        answer = client.get(_url(world, name, *more))
        absent = client.get(reverse(name, args=[world.mechanism.slug, listing.id, *more]))
        assert (answer.status_code, absent.status_code) == (404, 404)
        assert _words(answer) == _words(absent)


def test_a_listing_of_another_organisation_is_not_found_among_ones_own(world: World) -> None:
    other = make_organisation(world.mechanism, "Another", world.bob, world.second_operator)
    stranger = make_member(other, "Somebody else", world.administrator)
    listing = add_listing(world, site_facts("Hôpital"), {})
    client = visitor(stranger)
    for name in ("notices-my-listing", "notices-consents", "registry-amend", "registry-remove",
                 "incidents-report-at"):  # fmt: skip
        url = reverse(name, args=[world.mechanism.slug, other.id, "site", listing.id])
        assert client.get(url).status_code == 404


def test_a_long_list_is_paged_and_asks_no_more_of_the_database(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    party, _ = world.parties
    for number in range(3):
        add_listing(world, site_facts(f"Clinic {number}"), {party: "exact"})
    transmit(world)
    client = visitor(world.alice)
    client.get(_url(world, "notices-my-sites"))
    with django_assert_max_num_queries(26) as few:
        client.get(_url(world, "notices-my-sites"))
    most = len(few.captured_queries)
    for number in range(3, 30):
        add_listing(world, site_facts(f"Clinic {number}"), {party: "exact"})
    transmit(world)
    client.get(_url(world, "notices-my-sites"))  # As above: how many there are is counted once.
    with django_assert_max_num_queries(most):
        page = client.get(_url(world, "notices-my-sites")).content.decode()
    assert "Showing 1 to 25 of 30" in page
    page = client.get(_url(world, "notices-my-sites") + "?page=2").content.decode()
    assert "Showing 26 to 30 of 30" in page
