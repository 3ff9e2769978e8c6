from fractions import Fraction
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhns.geodesy.position import E7, Position, PositionError


def test_a_position_is_two_integers_and_reads_back_as_degrees() -> None:
    position = Position(125938330, -38342780)
    assert (position.lat, position.lon) == (12.593833, -3.834278)


@pytest.mark.parametrize(("lat", "lon"), [(900000001, 0), (0, 1800000001), (-(10**30), 0)])
def test_nothing_beyond_the_globe_is_a_position(lat: int, lon: int) -> None:
    with pytest.raises(PositionError) as caught:
        Position(lat, lon)
    assert caught.value.code == "out_of_range"


@pytest.mark.parametrize("lat", [12.5, True, "12"])
def test_degrees_by_mistake_are_refused(lat: object) -> None:
    with pytest.raises(PositionError) as caught:
        Position(lat, 0)  # type: ignore[arg-type]
    assert caught.value.code == "not_a_number"


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [(nan, 0.0, "not_finite"), (0.0, -inf, "not_finite"), (90.00000001, 0.0, "out_of_range")],
)
def test_floats_that_are_no_place_are_refused(lat: float, lon: float, code: str) -> None:
    with pytest.raises(PositionError) as caught:
        Position.from_degrees(lat, lon)
    assert caught.value.code == code


def test_degrees_are_rounded_to_the_nearest_unit() -> None:
    assert Position.from_degrees(32.851922878857266, -180.0) == Position(328519229, -1800000000)
    assert Position.from_degrees(np.float64(1.00000005), 0.0).lat_e7 == 10000000


@settings(deadline=None)
@given(st.floats(-90.0, 90.0), st.floats(-180.0, 180.0))
def test_what_was_written_is_rounded_exactly(lat: float, lon: float) -> None:
    written = [Fraction(repr(lat)), Fraction(repr(lon))]
    found = Position.from_degrees(lat, lon)
    assert [found.lat_e7, found.lon_e7] == [round(each * E7) for each in written]
    assert Position.from_degrees(*written) == found
