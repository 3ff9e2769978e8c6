from datetime import UTC, datetime, timedelta
from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhns.geodesy.cells import CellError, cell_centre, cell_reach_m, vicinity_cell
from openhns.geodesy.distance import distance_m, position_towards
from openhns.geodesy.position import Position
from openhns.screening.matching import Disc, Interval, Match, Region, Where, screen

HOSPITAL = Position.from_degrees(35.6142, 36.6575)
NOON = datetime(2019, 5, 5, 12, tzinfo=UTC)
HELD = Interval(NOON - timedelta(days=30), None)
BUFFER_M = 1000.0


def east(metres: float) -> Position:
    return position_towards(HOSPITAL, 90.0, metres)


def match(event: Where | None, held: Where | None = None, buffer_m: float = BUFFER_M) -> Match:
    return screen(event, Interval(NOON, NOON), held or Disc(HOSPITAL, 0.0), HELD, buffer_m)


@pytest.mark.parametrize(
    ("away_m", "event_m", "held_m", "verdict"),
    [
        (600.0, 100.0, 50.0, "certain"),
        (900.0, 100.0, 50.0, "possible"),
        (1100.0, 100.0, 50.0, "possible"),
        (1200.0, 100.0, 50.0, "none"),
        (0.0, 1000.1, 0.0, "possible"),
        (0.0, 0.0, 0.0, "certain"),
    ],
)
def test_a_place_is_certain_only_if_its_worst_case_is_within_the_buffer(
    away_m: float, event_m: float, held_m: float, verdict: str
) -> None:
    found = match(Disc(east(away_m), event_m), Disc(HOSPITAL, held_m))
    assert found.verdict == found.place == verdict
    assert found.distance_m == pytest.approx(away_m, abs=0.02)
    assert found.least_m == pytest.approx(max(0, away_m - event_m - held_m), abs=0.02)
    assert found.greatest_m == pytest.approx(away_m + event_m + held_m, abs=0.02)


@pytest.mark.parametrize("radius_m", [25_000.0, 100_000.0, None])
@pytest.mark.parametrize("buffer_m", [0.0, 1000.0, 10_000.0])
def test_an_event_known_to_25_km_or_worse_is_never_certain(
    radius_m: float | None, buffer_m: float
) -> None:
    assert match(Disc(HOSPITAL, radius_m), buffer_m=buffer_m).verdict == "possible"
    assert match(Disc(east(10), radius_m), Region(vicinity_cell(HOSPITAL))).verdict == "possible"


def test_an_unknown_precision_is_possible_everywhere_and_says_why() -> None:
    found = match(Disc(east(400_000), None))
    assert (found.verdict, found.reasons[0], found.greatest_m) == ("possible", "place_unknown", inf)
    nowhere = match(None)
    assert (nowhere.verdict, nowhere.reasons[0], nowhere.distance_m) == (
        "possible",
        "place_unknown",
        None,
    )


@pytest.mark.parametrize(
    ("start", "end", "verdict", "reason"),
    [
        (NOON, NOON, "certain", "time_certain"),
        (NOON - timedelta(days=31), NOON, "possible", "time_possible"),
        (NOON - timedelta(days=31), NOON - timedelta(days=31), "none", "time_none"),
        (None, NOON, "possible", "time_possible"),
        (NOON, None, "certain", "time_certain"),
        (None, None, "possible", "time_unknown"),
    ],
)
def test_the_time_counts_with_its_uncertainty(
    start: datetime | None, end: datetime | None, verdict: str, reason: str
) -> None:
    found = screen(Disc(HOSPITAL, 0), Interval(start, end), Disc(HOSPITAL, 0), HELD, BUFFER_M)
    assert (found.verdict, found.reasons[1]) == (verdict, reason)


def test_an_event_at_the_moment_a_party_ceased_to_hold_is_only_possible() -> None:
    until_noon = Interval(None, NOON)
    found = screen(Disc(HOSPITAL, 0), Interval(NOON, NOON), Disc(HOSPITAL, 0), until_noon, BUFFER_M)
    assert found.verdict == "possible"


def test_the_weaker_of_place_and_time_decides() -> None:
    before = Interval(NOON - timedelta(days=40), NOON - timedelta(days=40))
    found = screen(Disc(HOSPITAL, 0), before, Disc(HOSPITAL, 0), HELD, BUFFER_M)
    assert (found.place, found.time, found.verdict) == ("certain", "none", "none")
    unknown = screen(Disc(HOSPITAL, 0), None, Disc(HOSPITAL, 0), HELD, BUFFER_M)
    assert (unknown.place, unknown.time, unknown.verdict) == ("certain", "possible", "possible")


def test_a_cell_is_measured_from_its_outline_to_its_farthest_vertex() -> None:
    city = Position.from_degrees(12.6392, -8.0029)
    cell = vicinity_cell(city)
    centre, reach = cell_centre(cell), cell_reach_m(cell)
    inside = match(Disc(centre, 0.0), Region(cell))
    assert inside.least_m == 0
    assert inside.greatest_m == pytest.approx(reach, abs=0.1)
    assert inside.verdict == "certain"
    away = position_towards(centre, 30.0, 5000.0)
    far = match(Disc(away, 100.0), Region(cell))
    assert far.verdict == "none"
    assert far.least_m is not None
    assert 5000 - reach - 100 <= far.least_m <= 5000 - 100


def test_a_cell_of_seven_kilometres_gives_no_certain_match_at_one() -> None:
    assert match(Disc(HOSPITAL, 0.0), Region(vicinity_cell(HOSPITAL))).verdict == "possible"


points = st.builds(
    Position, st.integers(-800_000_000, 800_000_000), st.integers(-1_790_000_000, 1_790_000_000)
)


@settings(deadline=None)
@given(points, st.floats(0, 360), st.floats(0, 20_000), st.floats(0, 3_000), st.data())
def test_no_true_place_within_the_uncertainty_escapes_the_measured_span(
    position: Position, bearing: float, away: float, radius: float, data: st.DataObject
) -> None:
    event = position_towards(position, bearing, away)
    true_event = position_towards(event, data.draw(st.floats(0, 360)), radius)
    cell = vicinity_cell(position)
    for held in (Disc(position, 0.0), Region(cell)):
        found = match(Disc(event, radius), held)
        assert found.least_m is not None
        assert found.greatest_m is not None
        true = distance_m(true_event, position)
        assert found.least_m - 0.1 <= true <= found.greatest_m + 0.1


def test_two_cells_are_measured_too() -> None:
    cell = vicinity_cell(HOSPITAL)
    assert match(Region(cell), Region(cell)).verdict == "possible"
    assert match(Region(vicinity_cell(east(60_000))), Region(cell)).verdict == "none"


@pytest.mark.parametrize("buffer_m", [-1.0, nan, inf, 10_000.1])
def test_a_buffer_out_of_bounds_is_refused(buffer_m: float) -> None:
    with pytest.raises(ValueError, match="buffer"):
        match(Disc(HOSPITAL, 0.0), buffer_m=buffer_m)


@pytest.mark.parametrize("radius_m", [-1.0, nan, inf])
def test_a_radius_out_of_bounds_is_refused(radius_m: float) -> None:
    with pytest.raises(ValueError, match="radius"):
        Disc(HOSPITAL, radius_m)


def test_a_region_needs_a_cell() -> None:
    with pytest.raises(CellError):
        Region("nowhere")
