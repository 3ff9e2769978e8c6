"""What is read back to whoever typed a position."""

import pytest

from openhns.geodesy.notation import possible_readings, read_position
from openhns.geodesy.position import Position, PositionError
from openhns.geodesy.writing import as_grid, as_seconds


@pytest.mark.parametrize(
    "position",
    [
        Position(162_716_200, -446_100),
        Position(-339_249_000, 184_241_000),
        Position(0, 0),
        Position(599_999_999, 1_799_999_999 - 5),
    ],
)
def test_what_is_written_is_read_as_the_same_place(position: Position) -> None:
    for text, slack in ((as_seconds(position), 40), (as_grid(position), 200)):
        found = read_position(text).position
        assert abs(found.lat_e7 - position.lat_e7) < slack
        assert abs(found.lon_e7 - position.lon_e7) < slack * 3


def test_a_place_is_written_as_people_know_it() -> None:
    assert as_seconds(Position(162_716_200, -446_100)) == "16°16'17.83\"N 0°02'40.60\"W"
    assert as_grid(Position(162_716_200, -446_100)) == "30Q ZD 15890 01265"


def test_every_meaning_of_an_ambiguous_text_is_offered() -> None:
    text = "16,27,3"
    with pytest.raises(PositionError, match="more than one"):
        read_position(text)
    found = {reading.position for reading in possible_readings(text)}
    assert found == {Position(162_700_000, 30_000_000), Position(160_000_000, 273_000_000)}


@pytest.mark.parametrize("text", ["", "nowhere", "91, 200"])
def test_what_is_no_position_has_no_meaning_to_offer(text: str) -> None:
    assert possible_readings(text) == []
