import random
import subprocess
import sys

import h3
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from openhns.geodesy.cells import (
    CellError,
    cell_centre,
    cell_holds,
    cell_outline,
    cell_reach_m,
    vicinity_cell,
)
from openhns.geodesy.distance import distance_m, position_towards
from openhns.geodesy.position import Position

SAHARA = Position.from_degrees(22.0, -3.0)
BAMAKO = Position.from_degrees(12.6392, -8.0029)
SLACK_DEG = 5e-7  # About 5 cm.

positions = st.builds(
    Position, st.integers(-850_000_000, 850_000_000), st.integers(-1_790_000_000, 1_790_000_000)
)


def ring(cell: str) -> shapely.Polygon:
    return shapely.Polygon([(vertex.lon, vertex.lat) for vertex in cell_outline(cell)])


def test_an_empty_land_gets_wide_cells_and_a_city_narrow_ones() -> None:
    assert h3.get_resolution(vicinity_cell(SAHARA)) == 6
    assert h3.get_resolution(vicinity_cell(BAMAKO)) == 8
    assert 2500 < cell_reach_m(vicinity_cell(SAHARA)) < 5500
    assert 400 < cell_reach_m(vicinity_cell(BAMAKO)) < 800


@settings(deadline=None)
@given(positions)
def test_the_outline_contains_every_point_of_its_cell(position: Position) -> None:
    cell = vicinity_cell(position)
    assert cell_holds(cell, position)
    if abs(position.lon) < 179:
        point = shapely.Point(position.lon, position.lat)
        assert ring(cell).distance(point) <= SLACK_DEG


@pytest.mark.parametrize("around", [SAHARA, BAMAKO, Position.from_degrees(14.27, -0.05)])
def test_points_on_either_side_of_a_border_lie_in_the_outline_of_their_own_cell(
    around: Position,
) -> None:
    dice = random.Random(4)
    for _ in range(40):
        edge = ring(vicinity_cell(around)).exterior.interpolate(dice.random(), normalized=True)
        near = position_towards(
            Position.from_degrees(edge.y, edge.x), dice.uniform(0, 360), dice.uniform(0, 30)
        )
        cell, point = vicinity_cell(near), shapely.Point(near.lon, near.lat)
        assert ring(cell).distance(point) <= SLACK_DEG
        if cell != vicinity_cell(around):
            assert not ring(vicinity_cell(around)).buffer(-SLACK_DEG).contains(point)


@settings(deadline=None)
@given(positions)
def test_all_points_of_a_cell_get_that_cell_and_no_other(position: Position) -> None:
    cell = vicinity_cell(position)
    for vertex in cell_outline(cell)[::9]:
        centre = cell_centre(cell)
        inner = Position.from_degrees(
            centre.lat + (vertex.lat - centre.lat) * 0.7,
            centre.lon + (vertex.lon - centre.lon) * 0.7
            if abs(vertex.lon - centre.lon) < 90
            else centre.lon,
        )
        assert vicinity_cell(inner) == cell


def test_no_point_of_the_outline_is_farther_than_the_reach() -> None:
    cell = vicinity_cell(SAHARA)
    reach = cell_reach_m(cell)
    assert all(distance_m(cell_centre(cell), vertex) <= reach for vertex in cell_outline(cell))


@pytest.mark.parametrize(("lat", "lon"), [(-17.0, 179.9999), (-17.0, -179.9999), (89.99, 0.0)])
def test_the_antimeridian_and_the_pole_have_cells_with_closed_outlines(
    lat: float, lon: float
) -> None:
    cell = vicinity_cell(Position.from_degrees(lat, lon))
    outline = cell_outline(cell)
    assert outline[0] == outline[-1]
    assert len(outline) > 6
    assert cell_reach_m(cell) < 6000


@pytest.mark.parametrize(
    "text",
    ["", "8", "zz", "8928308280fffff", "85283473fffffff", "0x88283082b9fffff", "-1", "f" * 99],
)
def test_what_is_no_vicinity_cell_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        cell_outline(text)


def test_the_partition_is_fixed() -> None:
    # Parties hold these cells: a change here is a new partition and needs a new name.
    known = {
        (12.6392, -8.0029): "885440d2bbfffff",
        (35.6142, 36.6575): "862daec97ffffff",
        (22.0, -3.0): "865565c47ffffff",
        (0.0, 0.0): "86754e64fffffff",
    }
    assert {at: vicinity_cell(Position.from_degrees(*at)) for at in known} == known


def test_the_cell_of_a_point_depends_on_nothing_that_came_before() -> None:
    code = (
        "from openhns.geodesy.cells import vicinity_cell;"
        "from openhns.geodesy.position import Position;"
        "print(vicinity_cell(Position(356142000, 366575000)))"
    )
    fresh = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert fresh.stdout.strip() == vicinity_cell(Position(356142000, 366575000))
