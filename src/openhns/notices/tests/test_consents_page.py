"""Consent through its page: drawn as each party would be told, given, changed and taken back."""

from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from openhns.geodesy.cells import vicinity_cell
from openhns.geodesy.position import Position
from openhns.notices.hiding import FEWEST_CELLS, Share, share_of_single_cells
from openhns.notices.tests.building import GAO, add_listing, consent, movement_facts, site_facts
from openhns.parties.actions import do_state_participation
from openhns.parties.models import Participation
from openhns.registry.actions import do_suspend_consents
from openhns.registry.models import Consent, Listing, Version
from openhns.registry.tests.building import submit
from openhns.testing_world import World, make_member, make_organisation, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def _url(world: World, listing: Listing) -> str:
    args = [world.mechanism.slug, world.organisation.id, listing.kind, listing.id]
    return reverse("notices-consents", args=args)


def _page(world: World, listing: Listing) -> str:
    return str(visitor(world.alice).get(_url(world, listing)).content.decode())


def _choose(world: World, listing: Listing, **grades: str) -> str:
    parties = {party.name.removeprefix("Party "): party for party in world.parties}
    data = {f"grade-{parties[name].id}": grade for name, grade in grades.items()}
    answer = visitor(world.alice).post(_url(world, listing), data, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def _open(listing: Listing) -> dict[str, str]:
    held = Consent.objects.filter(listing=listing, revoked_at=None)
    return dict(held.values_list("party__name", "grade"))


def test_each_choice_is_drawn_exactly_as_a_notice_would_tell_it(world: World) -> None:
    listing = add_listing(world, site_facts("Hôpital de Gao", phone="+223 70"), {})
    page = _page(world, listing)
    exact = page.split('id="grade-exact"')[1].split("</section>")[0]
    vicinity = page.split('id="grade-vicinity"')[1].split("</section>")[0]
    presence = page.split('id="grade-presence"')[1].split("</section>")[0]
    assert "16.2716, -0.0446" in exact
    assert "Hôpital de Gao" in exact
    assert vicinity_cell(Position(*GAO)) in vicinity
    assert "Hôpital" not in vicinity + presence
    assert "16.2716, -0.0446" not in vicinity + presence
    assert "Gao" in presence
    assert "+223 70" not in page
    assert "cannot be recalled" in page


def test_consents_are_given_changed_and_taken_back(world: World) -> None:
    listing = add_listing(world, site_facts("Hôpital"), {})
    assert "Recorded" in _choose(world, listing, A="exact", B="")
    assert _open(listing) == {"Party A": "exact"}
    _choose(world, listing, A="vicinity", B="presence")
    assert _open(listing) == {"Party A": "vicinity", "Party B": "presence"}
    assert "Nothing was changed" in _choose(world, listing, A="vicinity", B="presence")
    assert "told to remove the entry" in _choose(world, listing, A="", B="presence")
    assert _open(listing) == {"Party B": "presence"}


def test_a_grade_that_does_not_exist_changes_nothing(world: World) -> None:
    listing = add_listing(world, site_facts("Hôpital"), {})
    assert "Select a valid choice" in _choose(world, listing, A="everything", B="exact")
    assert _open(listing) == {}


def test_a_party_that_left_is_shown_and_not_offered(world: World) -> None:
    gone, stays = world.parties
    listing = add_listing(world, site_facts("Hôpital"), {})
    consent(world, listing, gone, "exact")
    do_state_participation(
        gone, Participation.Status.WITHDRAWN, timezone.now(), "Left.", acting_user=world.bob
    )
    do_suspend_consents(gone, acting_user=world.administrator)
    page = _page(world, listing)
    assert f"grade-{gone.id}" not in page
    assert f"grade-{stays.id}" in page
    assert "Has withdrawn" in page
    assert "Your consent rests" in page
    _choose(world, listing, A="vicinity", B="exact")
    assert _open(listing) == {"Party A": "exact", "Party B": "exact"}


def test_a_movement_is_drawn_by_its_points(world: World) -> None:
    far = (GAO[0] + 5_000_000, GAO[1])
    listing = add_listing(world, movement_facts("Convoy", GAO, far), {}, Listing.Kind.MOVEMENT)
    page = _page(world, listing)
    vicinity = page.split('id="grade-vicinity"')[1].split("</section>")[0]
    assert vicinity_cell(Position(*far)) in vicinity
    assert "Convoy" not in vicinity


def test_how_far_areas_hide_is_said_only_where_it_tells_nothing_of_others(world: World) -> None:
    listing = add_listing(world, site_facts("Hôpital"), {})
    assert "too few places are registered" in _page(world, listing)
    assert share_of_single_cells(world.mechanism, large=False).percent is None
    assert FEWEST_CELLS >= 50


def test_a_place_that_nobody_cleared_moves_nothing_that_is_said_of_areas(world: World) -> None:
    for number in range(FEWEST_CELLS - 1):
        place = (GAO[0] + number * 200_000, GAO[1])
        listing = add_listing(world, site_facts(f"Place {number}", place), {})
    probe = {"name": "Probe", "type": "clinic", "latitude": "13.5", "longitude": "-4.2"}
    submit(world, probe)
    assert Version.objects.filter(status=Version.Status.CLEARED).count() == FEWEST_CELLS - 1
    assert "too few places are registered" in _page(world, listing)


def test_strangers_give_no_consent(world: World) -> None:
    listing = add_listing(world, site_facts("Hôpital"), {})
    other = make_organisation(world.mechanism, "Another", world.bob, world.second_operator)
    stranger = make_member(other, "Somebody else", world.administrator)
    data: dict[str, Any] = {f"grade-{party.id}": "exact" for party in world.parties}
    for person in (stranger, world.outsider, world.bob):
        assert visitor(person).post(_url(world, listing), data).status_code == 404
    assert _open(listing) == {}


@pytest.mark.usefixtures("world")
def test_in_a_large_register_a_page_does_not_wait_for_the_measure() -> None:
    other = make_world(slug="large").mechanism
    assert not share_of_single_cells(other, large=True).measured
    until = monotonic() + 30
    while not share_of_single_cells(other, large=True).measured and monotonic() < until:
        sleep(0.05)
    assert share_of_single_cells(other, large=True) == Share(None)
