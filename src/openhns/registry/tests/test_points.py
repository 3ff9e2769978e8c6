"""Counting what stands at one position in a register that is too large to count each time."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openhns.geodesy.position import Position
from openhns.registry import points
from openhns.registry.points import points_of
from openhns.registry.tests.building import clinic, submit
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
HERE = Position(162_800_100, -446_100)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def test_what_is_registered_after_the_count_is_counted_at_once_and_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "_SMALL", 1)
    monkeypatch.setattr(points, "_counted", {})
    for number in (1, 2, 3):
        submit(world, clinic(number))
    assert points_of(world.organisation)[HERE] == 1
    submit(world, clinic(1, name="Another name"))
    assert points_of(world.organisation)[HERE] == 2
    assert points_of(world.organisation)[HERE] == 2


def test_a_large_register_is_not_counted_anew_for_each_form(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "_SMALL", 1)
    monkeypatch.setattr(points, "_counted", {})
    for number in (1, 2, 3):
        submit(world, clinic(number))
    for _ in range(2):
        points_of(world.organisation)
    with CaptureQueriesContext(connection) as asked:
        assert points_of(world.organisation)[HERE] == 1
    whole = [query for query in asked if "ORDER BY" in query["sql"]]  # Of the register's rows.
    assert not whole


def test_a_small_register_is_counted_as_it_stands(world: World) -> None:
    submit(world, clinic(1))
    assert points_of(world.organisation)[HERE] == 1
    submit(world, clinic(1, name="Another name"))
    assert points_of(world.organisation)[HERE] == 2
