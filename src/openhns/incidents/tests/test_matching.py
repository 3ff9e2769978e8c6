"""What counts as certain, possible and none, against what each party held at that moment."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from openhns.incidents.models import Match
from openhns.incidents.tests.building import GAO, STRUCK, TOLD, report, send, told
from openhns.notices.models import Notice, Transmission
from openhns.notices.tests.building import (
    add_listing,
    amend,
    move,
    movement_facts,
    remove,
)
from openhns.parties.actions import do_state_participation
from openhns.registry.models import Listing
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def test_an_exact_strike_on_an_exact_site_that_was_told_before_is_certain(world: World) -> None:
    told(world, {world.parties[0]: "exact"})

    done = report(world)

    (pair,) = done.outcome.pairs
    assert (pair.verdict, pair.party_id, pair.grade) == ("certain", world.parties[0].id, "exact")
    assert pair.distance_m == 0
    assert pair.reasons == ("place_certain", "time_certain")
    match = Match.objects.get()
    assert (match.verdict, match.party_id) == ("certain", world.parties[0].id)


def test_a_party_that_was_not_told_matches_nothing(world: World) -> None:
    told(world, {world.parties[0]: "exact"})

    done = report(world)

    assert {pair.party_id for pair in done.outcome.pairs} == {world.parties[0].id}


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        (TOLD - 2 * HOUR, TOLD - HOUR, "none"),
        (TOLD - HOUR, TOLD + HOUR, "possible"),
        (TOLD - HOUR, TOLD, "possible"),
        (TOLD, TOLD + HOUR, "certain"),
        (None, TOLD + HOUR, "possible"),
        (None, TOLD - HOUR, "none"),
    ],
)
def test_the_moment_of_transmission_divides_none_from_certain(
    world: World, start: datetime | None, end: datetime, verdict: str
) -> None:
    told(world, {world.parties[0]: "exact"})

    assert report(world, start=start, end=end).outcome.verdict == verdict


def test_a_strike_within_the_buffer_by_any_case_is_certain_and_by_some_case_possible(
    world: World,
) -> None:
    told(world, {world.parties[0]: "exact"})

    near = report(world, "16.2726, -0.0446").outcome  # 111 m north; 20 m and 10 m of uncertainty.
    edge = report(world, "16.2733, -0.0446").outcome  # 188 m north.
    far = report(world, "16.2745, -0.0446").outcome  # 321 m north.

    assert [near.verdict, edge.verdict, far.verdict] == ["certain", "possible", "none"]


@pytest.mark.parametrize("precision_m", [5_000, 25_000, 50_000])
def test_an_event_known_to_kilometres_is_possible_and_never_certain(
    world: World, precision_m: int
) -> None:
    told(world, {world.parties[0]: "exact"})

    (pair,) = report(world, precision_m=precision_m).outcome.pairs

    assert pair.verdict == "possible"


def test_an_event_that_bounds_no_place_is_counted_and_not_listed(world: World) -> None:
    told(world, {world.parties[0]: "exact", world.parties[1]: "vicinity"})

    for place, precision_m in (("16.2716, -0.0446", None), (None, None), ("16.3, 0.1", 80_000)):
        done = report(world, place, precision_m, country="MLI")
        assert done.outcome.verdict == "possible"
        assert done.outcome.summary() == {
            "certain": 0,
            "possible": 0,
            "possible_somewhere": 2,
            "place_is_bounded": False,
        }
    assert not Match.objects.exists()


def test_a_place_in_a_country_that_the_mechanism_does_not_cover_matches_nothing(
    world: World,
) -> None:
    told(world, {world.parties[0]: "exact"})

    assert report(world, None, None, country="UKR").outcome.verdict == "none"


def test_a_cell_is_possible_and_not_certain_where_it_is_larger_than_the_buffer(
    world: World,
) -> None:
    told(world, {world.parties[1]: "vicinity"})

    (pair,) = report(world).outcome.pairs
    far = report(world, "16.6, -0.0446")

    assert (pair.verdict, pair.grade) == ("possible", "vicinity")
    assert "place_possible" in pair.reasons
    assert far.outcome.verdict == "none"


def test_a_count_of_a_district_is_counted_and_never_certain(world: World) -> None:
    told(world, {world.parties[1]: "presence"}, admin2="Gao")

    now = timezone.now()  # A count is valid from the moment at which it was made.
    outcome = report(world, start=now, end=now + HOUR).outcome

    assert not outcome.pairs
    assert outcome.unplaced_of(world.parties[1].id) == {"presence": 1}
    assert outcome.verdict == "possible"


def test_what_a_party_was_told_stays_held_after_it_withdraws(world: World) -> None:
    told(world, {world.parties[0]: "exact"})
    do_state_participation(
        world.parties[0], "withdrawn", STRUCK - HOUR, "It left.", acting_user=world.bob
    )

    assert report(world).outcome.verdict == "certain"


def test_a_notice_cancelled_before_the_strike_is_no_match(world: World) -> None:
    listing = told(world, {world.parties[0]: "exact"})
    remove(world, listing)
    send(world, STRUCK - HOUR)

    assert report(world).outcome.verdict == "none"
    before = report(world, start=STRUCK - 3 * HOUR, end=STRUCK - 2 * HOUR)
    across = report(world, start=STRUCK - 3 * HOUR, end=STRUCK)
    assert [before.outcome.verdict, across.outcome.verdict] == ["certain", "possible"]


def test_an_amendment_that_leaves_the_place_does_not_interrupt_what_is_held(world: World) -> None:
    listing = told(world, {world.parties[0]: "exact"})
    amend(world, listing, phone="+223 70 00 00 02", functioning_status="fully operational")
    send(world, STRUCK)

    pairs = report(world, start=STRUCK - HOUR, end=STRUCK + HOUR).outcome.pairs

    assert [pair.verdict for pair in pairs] == ["certain", "certain"]


def test_an_amendment_that_moves_the_place_leaves_the_time_between_open(world: World) -> None:
    listing = told(world, {world.parties[0]: "exact"})
    move(world, listing, (GAO[0] + 100_000, GAO[1]))
    send(world, STRUCK)

    across = report(world, start=STRUCK - HOUR, end=STRUCK + HOUR).outcome
    after = report(world, start=STRUCK + HOUR, end=STRUCK + 2 * HOUR).outcome

    assert [pair.verdict for pair in across.pairs] == ["possible"]
    assert after.verdict == "none"


def test_a_notice_whose_validity_ran_out_is_no_match(world: World) -> None:
    told(world, {world.parties[0]: "exact"})
    Notice.objects.update(valid_until=STRUCK - HOUR)

    assert report(world).outcome.verdict == "none"


def test_a_batch_of_which_nobody_knows_whether_it_left_is_only_possible(world: World) -> None:
    told(world, {world.parties[0]: "exact"})
    Transmission.objects.update(status=Transmission.Status.UNKNOWN, transmitted_at=None)

    (pair,) = report(world).outcome.pairs

    assert pair.verdict == "possible"
    assert "transmission_unknown" in pair.reasons


def test_a_batch_that_failed_told_nobody_anything(world: World) -> None:
    told(world, {world.parties[0]: "exact"})
    Transmission.objects.update(status=Transmission.Status.FAILED, transmitted_at=None)

    assert report(world).outcome.verdict == "none"


def test_a_movement_is_possible_along_its_way_and_never_certain(world: World) -> None:
    facts = movement_facts("Convoy", GAO, (GAO[0] + 2_000_000, GAO[1]))
    add_listing(world, facts, {world.parties[0]: "exact"}, Listing.Kind.MOVEMENT)
    send(world, TOLD)
    now = timezone.now()

    on_the_way = report(world, "16.37, -0.0446", start=now + 2 * HOUR, end=now + 3 * HOUR).outcome
    elsewhere = report(world, "16.0, -0.5", start=now + 2 * HOUR, end=now + 3 * HOUR).outcome

    assert [pair.verdict for pair in on_the_way.pairs] == ["possible"]
    assert "movement_on_its_way" in on_the_way.pairs[0].reasons
    assert elsewhere.verdict == "none"
