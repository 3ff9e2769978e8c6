import numpy as np
import pytest

from openhns.geodesy.distance import distance_m, distances_m, position_towards
from openhns.geodesy.position import Position


def test_a_degree_of_longitude_at_the_equator_is_known() -> None:
    # One degree of the equator of WGS84 is a * pi / 180 with a = 6 378 137 m.
    assert distance_m(Position(0, 0), Position(0, 10_000_000)) == pytest.approx(111_319.4908)


def test_the_meridian_from_the_equator_to_the_pole_is_known() -> None:
    # The quarter meridian of WGS84 is 10 001 965.729 m.
    assert distance_m(Position(0, 0), Position(900_000_000, 0)) == pytest.approx(10_001_965.729)


def test_the_antimeridian_is_no_wall() -> None:
    assert distance_m(Position(0, 1_799_999_000), Position(0, -1_799_999_000)) < 30


def test_many_distances_equal_the_single_ones() -> None:
    lats, lons = np.array([12.5, -3.0]), np.array([-7.0, 40.0])
    metres = distances_m(lats, lons, 0.0, 0.0)
    for index in range(2):
        one = distance_m(Position.from_degrees(lats[index], lons[index]), Position(0, 0))
        assert metres[index] == pytest.approx(one)


def test_a_missing_coordinate_gives_no_distance() -> None:
    assert np.isnan(distances_m(np.array([np.nan]), 0.0, 0.0, 0.0)).all()


def test_going_a_way_arrives_at_its_length() -> None:
    start = Position(350_000_000, 360_000_000)
    assert distance_m(start, position_towards(start, 45.0, 1000.0)) == pytest.approx(1000, abs=0.02)
