import pytest

from openhns.gazetteer.defaults import is_default
from openhns.geodesy.position import Position


@pytest.mark.parametrize(
    ("lat", "lon", "reason"),
    [
        (0.0, 0.0, "zero"),
        (0.0005, -0.0005, "zero"),
        (12.0, -8.0, "whole_degrees"),
        (12.0, -8.5, None),
        (12.6392, -8.0029, None),
    ],
)
def test_positions_nobody_measured_are_named(lat: float, lon: float, reason: str | None) -> None:
    assert is_default(Position.from_degrees(lat, lon)) == reason


def test_the_middle_of_a_country_is_suspect() -> None:
    # The centroid of Mali by its outline, as any drawing program computes it.
    assert is_default(Position.from_degrees(17.345, -3.542)) == "country_centre"
