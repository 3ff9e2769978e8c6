"""Movements with stops between origin and destination."""

from pathlib import Path
from typing import Any

import pytest

from openhns.registry.actions import do_amend
from openhns.registry.checks.finding import Verdict
from openhns.registry.errors import SubmissionRefused
from openhns.registry.models import Listing
from openhns.registry.tests.building import findings_of, movement, submit
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
STOPS: list[list[Any]] = [
    ["16 12 00 N, 0 00 30 E", "2031-05-01T09:00Z", "Checkpoint"],
    ["16.00412, 0.21077", "", ""],
]


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def _submitted(world: World, **facts: Any) -> Listing:
    done = submit(world, movement(stops=STOPS, **facts), kind=Listing.Kind.MOVEMENT)
    return done.version.listing


def test_stops_are_kept_between_origin_and_destination_in_their_order(world: World) -> None:
    points = _submitted(world).versions.get().content["waypoints"]
    assert [point.get("name") for point in points] == ["Gao", "Checkpoint", None, "Ansongo"]
    assert points[1]["at"] == "2031-05-01T09:00:00.000000Z"
    assert (points[1]["notation"], points[2]["decimals"]) == ("dms", 5)


def test_an_amendment_that_says_nothing_of_the_stops_leaves_them_exactly(world: World) -> None:
    listing = _submitted(world)
    former = listing.versions.get().content["waypoints"]
    version = do_amend(listing, {"purpose": "Food"}, acting_user=world.alice).version
    assert version.content["waypoints"] == former


def test_an_amendment_replaces_all_stops_and_nothing_else(world: World) -> None:
    listing = _submitted(world)
    former = listing.versions.get().content["waypoints"]
    version = do_amend(listing, {"stops": []}, acting_user=world.alice).version
    assert version.content["waypoints"] == [former[0], former[-1]]


@pytest.mark.parametrize(
    ("stop", "check"),
    [
        (["", "", "Checkpoint"], "required-fields"),
        (["somewhere", "", ""], "position-parses"),
        (["16.1, 0.1", "yesterday", ""], "valid-dates"),
        (["16.1, 0.1", "2031-05-02T09:00Z", ""], "valid-dates"),
        (["16.1, 0.1", "2031-04-30T09:00Z", ""], "valid-dates"),
        (["-16.1, 0.1", "", ""], "inside-country"),
    ],
)
def test_a_stop_that_cannot_be_used_is_refused_by_name(
    world: World, stop: list[str], check: str
) -> None:
    found = findings_of(world, movement(stops=[STOPS[0], stop]), Listing.Kind.MOVEMENT)[check]
    assert (found.verdict, found.field) == (Verdict.FAIL, "stop_2")
    with pytest.raises(SubmissionRefused):
        submit(world, movement(stops=[STOPS[0], stop]), kind=Listing.Kind.MOVEMENT)
