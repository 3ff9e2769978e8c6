"""A party is told what its grade allows and nothing finer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from openhns.geodesy.cells import vicinity_cell
from openhns.geodesy.position import Position
from openhns.notices.errors import GradeUnknown
from openhns.notices.grades import Validity, band_of, disclose, told_validity
from openhns.proofs.canonical import canonical

GAO = (162_716_000, -446_000)
SITE: dict[str, Any] = {
    "name": "Hôpital de Gao",
    "aliases": ["Gao Hospital"],
    "type": "Hospital",
    "category": "medical",
    "operator": "Ministry of Health",
    "country": "MLI",
    "admin1": "Gao",
    "contact": "Alice",
    "phone": "+223 70 00 00 01",
    "own_id": "GAO-1",
    "position": {"lat_e7": GAO[0], "lon_e7": GAO[1], "accuracy_m": 10, "notation": "decimal"},
    "footprint": [[162_716_000, -446_000], [162_717_000, -446_000], [162_717_000, -447_000]],
    "entrance": {"lat_e7": 162_716_100, "lon_e7": -446_100, "notation": "decimal"},
}
MOVEMENT = {
    "name": "Convoy 7",
    "category": "supplies",
    "plates": ["AB 1234"],
    "phone": "+223 70 00 00 01",
    "waypoints": [
        {"lat_e7": 162_716_000, "lon_e7": -446_000, "name": "Gao"},
        {"lat_e7": 162_716_100, "lon_e7": -446_100, "name": "Gao gate"},
        {"lat_e7": 142_000_000, "lon_e7": -42_000_000, "name": "Mopti"},
    ],
}


CELL = {"cell", "centre", "outline", "reach_m"}
IN_TOWN, IN_THE_COUNTRY = (126_392_000, -80_029_000), (230_000_000, -50_000_000)


def test_the_exact_grade_tells_the_place_and_no_contact() -> None:
    told = disclose(SITE, "site", "exact")
    assert told["position"] == {"lat_e7": GAO[0], "lon_e7": GAO[1], "accuracy_m": 10}
    assert told["entrance"] == {"lat_e7": 162_716_100, "lon_e7": -446_100}
    assert {"name", "aliases", "operator", "type", "footprint"} <= told.keys()
    assert not {"contact", "phone", "own_id"} & told.keys()


def test_the_vicinity_grade_tells_the_cell_and_the_broad_category() -> None:
    told = disclose(SITE, "site", "vicinity")
    assert told.keys() == {*CELL, "category", "partition", "filler"}
    assert told["cell"] == vicinity_cell(Position(*GAO))
    assert told["category"] == "medical"


def test_every_point_of_a_cell_is_told_in_the_same_bytes() -> None:
    place = {"lat_e7": GAO[0] + 200, "lon_e7": GAO[1] + 200}
    near = {**SITE, "name": "Another", "position": place}
    first = canonical(disclose(SITE, "site", "vicinity"))
    assert first == canonical(disclose(near, "site", "vicinity"))


@pytest.mark.parametrize("category", ["medical", "supplies"])
def test_cells_in_town_and_in_the_country_are_told_at_one_length(category: str) -> None:
    places = ({"lat_e7": lat, "lon_e7": lon} for lat, lon in (IN_TOWN, IN_THE_COUNTRY))
    told = [
        disclose({**SITE, "position": place, "category": category}, "site", "vicinity")
        for place in places
    ]
    assert len({len(content["outline"]) for content in told}) == 2
    assert {len(canonical(content)) for content in told} == {1_600}


def test_a_category_that_is_not_broad_is_told_as_other() -> None:
    odd = {**SITE, "category": "dialysis of officers"}
    assert disclose(odd, "site", "vicinity")["category"] == "other"


def test_a_fact_that_no_grade_names_is_never_told() -> None:
    extra = {**SITE, "patients": 40}
    assert all("patients" not in disclose(extra, "site", grade) for grade in ("exact", "vicinity"))


def test_a_movement_in_the_vicinity_is_the_cells_of_its_points_and_nothing_else() -> None:
    told = disclose(MOVEMENT, "movement", "vicinity")
    assert told.keys() == {"category", "cells", "partition", "filler"}
    assert len(told["cells"]) == 2
    assert all(cell.keys() == CELL for cell in told["cells"])


def test_no_single_listing_is_told_at_the_presence_grade_or_an_unknown_one() -> None:
    for grade in ("presence", "everything"):
        with pytest.raises(GradeUnknown):
            disclose(SITE, "site", grade)


def test_validity_below_exact_is_widened_to_whole_days_and_hours() -> None:
    start = datetime(2026, 1, 5, 9, 30, 1, 123456, tzinfo=UTC)
    exactly = Validity(start, start + timedelta(days=2))
    assert told_validity(exactly, "site", "exact") == exactly
    days = told_validity(exactly, "site", "vicinity")
    assert days == Validity(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 8, tzinfo=UTC))
    assert told_validity(days, "site", "vicinity") == days
    hours = told_validity(exactly, "movement", "vicinity")
    assert hours.start == datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert hours.end == datetime(2026, 1, 7, 10, tzinfo=UTC)


def test_counts_are_told_in_bands() -> None:
    bands = [band_of(count) for count in (0, 1, 4, 5, 19, 20, 99, 100, 500)]
    assert bands == [None, "1-4", "1-4", "5-19", "5-19", "20-99", "20-99", "100-499", "500+"]
