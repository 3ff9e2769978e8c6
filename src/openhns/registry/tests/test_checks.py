from pathlib import Path
from typing import Any

import pytest

from openhns.registry.checks.finding import Verdict
from openhns.registry.models import Listing
from openhns.registry.tests.building import clinic, findings_of, movement, submit
from openhns.testing_world import World, make_world

PASS, WARN, FAIL = Verdict.PASS, Verdict.WARN, Verdict.FAIL
POSITION = "position"


@pytest.fixture
def world(data_folder: Path, transactional_db: None) -> World:
    del data_folder, transactional_db
    return make_world()


def place(lat: Any, lon: Any, **facts: Any) -> dict[str, Any]:
    return clinic(latitude=lat, longitude=lon, **facts)


def test_a_sound_site_passes_every_check(world: World) -> None:
    found = findings_of(world, clinic())

    assert {item.verdict for item in found.values()} == {PASS}
    assert {
        "required-fields",
        "position-parses",
        "on-land",
        "inside-country",
        "axes-swapped",
        "too-few-decimals",
        "default-coordinates",
    } <= found.keys()


@pytest.mark.parametrize(
    "facts",
    [
        place("16.27162", "-0.04461"),
        place("16,27162", "-0,04461"),
        place("16°16'17.8\"N", "0°02'40.6\"W"),
        clinic(latitude=None, longitude=None, position="30Q ZD 15766 00711"),
        clinic(latitude=None, longitude=None, position="16.27162, -0.04461"),
    ],
)
def test_positions_are_read_in_every_common_notation(world: World, facts: dict[str, Any]) -> None:
    found = findings_of(world, facts)

    assert found["position-parses"].verdict == PASS
    assert found["too-few-decimals"].verdict == PASS


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        ("NaN", "1.2", "not_finite"),
        ("16.2", "inf", "not_finite"),
        (float("nan"), 1.2, "not_finite"),
        ("91.5", "1.2", "out_of_range"),
        ("16.2", "-181", "out_of_range"),
        ("1e400", "1.2", None),
        ("unknown", "unknown", "not_a_number"),
        ("=1+1", "2", None),
    ],
)
def test_a_position_that_is_none_fails_with_its_reason(
    world: World, lat: Any, lon: Any, code: str | None
) -> None:
    finding = findings_of(world, place(lat, lon))["position-parses"]

    assert finding.verdict == FAIL
    assert code is None or finding.evidence["code"] == code


def test_a_missing_name_or_position_fails_at_its_field(world: World) -> None:
    found = findings_of(world, {"name": " ", "latitude": "16.2"})

    assert found["required-fields"].verdict == FAIL
    assert found["position-parses"].verdict == Verdict.NOT_CHECKED
    assert found["on-land"].verdict == Verdict.NOT_CHECKED
    assert found["on-land"].words


def test_the_open_sea_fails_and_a_possible_island_is_looked_at(
    data_folder: Path, transactional_db: None
) -> None:
    del data_folder, transactional_db
    guinea = make_world(countries=["GIN"])

    assert findings_of(guinea, place("5.12345", "-20.12345"))["on-land"].verdict == FAIL
    room = findings_of(guinea, place("9.47822", "-13.83286"))  # A clinic on one of the Los islands.
    assert {room["on-land"].verdict, room["inside-country"].verdict} == {WARN}


@pytest.mark.parametrize(
    ("iso3", "lat", "lon"),
    [("TKL", "-9.20051", "-171.84811"), ("FSM", "7.25441", "144.45342")],
)
def test_a_known_place_on_an_island_that_the_map_lacks_is_looked_at(
    data_folder: Path, transactional_db: None, iso3: str, lat: str, lon: str
) -> None:
    del data_folder, transactional_db
    islands = make_world(countries=[iso3])

    found = findings_of(islands, place(lat, lon))
    far = findings_of(islands, place("0.51234", "-130.51234"))

    assert FAIL not in {item.verdict for item in found.values()}
    assert {found["on-land"].verdict, found["inside-country"].verdict} == {WARN}
    assert (far["on-land"].verdict, far["inside-country"].verdict) == (FAIL, FAIL)


def test_another_country_fails_and_the_border_zone_passes(world: World) -> None:
    niamey = findings_of(world, place("13.51366", "2.10980"))["inside-country"]

    assert niamey.verdict == FAIL
    assert niamey.evidence["wanted"] == ["MLI"]
    assert "NER" in niamey.words
    assert findings_of(world, place("14.98071", "0.22001"))["inside-country"].verdict == PASS


def test_a_row_of_a_country_that_the_mechanism_does_not_cover_fails(world: World) -> None:
    finding = findings_of(world, place("13.51366", "2.10980", country="Niger"))["inside-country"]

    assert (finding.verdict, finding.field) == (FAIL, "country")


def test_without_any_country_nothing_is_claimed_to_be_checked(
    data_folder: Path, transactional_db: None
) -> None:
    del data_folder, transactional_db
    world = make_world(countries=[])

    unnamed = findings_of(world, clinic())["inside-country"]
    unknown = findings_of(world, clinic(country="Ruritania"))["inside-country"]
    named = findings_of(world, clinic(country="Mali"))["inside-country"]

    assert (unnamed.verdict, bool(unnamed.words)) == (Verdict.NOT_CHECKED, True)
    assert unknown.verdict == WARN
    assert named.verdict == PASS


def test_exchanged_axes_are_told(world: World) -> None:
    swapped = findings_of(world, place("-0.04461", "16.27162"))["axes-swapped"]
    unreadable = findings_of(world, place("-178.04461", "16.27162"))[
        "axes-swapped"
    ]  # Exchanged, it lies in no part of Mali either.

    assert swapped.verdict == FAIL
    assert "MLI" in swapped.words
    assert unreadable.verdict == Verdict.NOT_CHECKED


def test_exchanged_axes_are_told_where_the_pair_cannot_be_read(
    data_folder: Path, transactional_db: None
) -> None:
    del data_folder, transactional_db
    philippines = make_world(countries=["PHL"])

    found = findings_of(philippines, place("121.05000", "14.60000"))

    assert found["position-parses"].verdict == FAIL
    assert found["axes-swapped"].verdict == FAIL


@pytest.mark.parametrize(
    ("lat", "lon", "verdict", "coarse"),
    [
        ("16.27162", "-0.04461", PASS, None),
        ("16.2716", "-0.0446", PASS, None),
        ("16.27162", "-0.0", PASS, None),  # A spreadsheet drops zeros: the finer axis counts.
        ("16.272", "-0.045", WARN, False),
        ("16.27", "-0.05", WARN, True),
        ("16°16'N", "0°03'W", WARN, True),
    ],
)
def test_too_few_decimals_are_told(
    world: World,
    lat: str,
    lon: str,
    verdict: Verdict,
    coarse: bool | None,  # noqa: FBT001
) -> None:
    finding = findings_of(world, place(lat, lon))["too-few-decimals"]

    assert finding.verdict == verdict
    assert finding.evidence.get("coarse") is coarse


def test_filled_in_coordinates_are_told(world: World) -> None:
    assert findings_of(world, place("0", "0"))["default-coordinates"].verdict == FAIL
    assert findings_of(world, place("0.0000", "0.0000"))["default-coordinates"].verdict == FAIL
    assert findings_of(world, place("16.00000", "-1.00000"))["default-coordinates"].verdict == WARN


def test_one_point_many_times_in_the_own_register_is_told(world: World) -> None:
    for number in (1, 2):
        submit(world, clinic(number, latitude="16.27162"))

    finding = findings_of(world, clinic(3, latitude="16.27162"))["default-coordinates"]

    assert (finding.verdict, finding.evidence["times"]) == (WARN, 3)


def test_hidden_characters_and_formulas_are_left_out_and_told(world: World) -> None:
    done = submit(world, clinic(name="Clinic\x00 \u202eX\u202c", contact="=cmd|' /C calc'!A0"))

    told = {finding.evidence["code"] for finding in done.findings if finding.evidence}
    assert told == {"control_character", "direction_character", "formula_text"}
    assert done.version.content["name"] == "Clinic X"
    assert done.version.checks_worst == "warn"


def test_dates_that_cannot_be_right_fail(world: World) -> None:
    unreadable = findings_of(world, clinic(valid_from="03/04/2031"))["valid-dates"]
    backwards = findings_of(world, clinic(valid_from="2031-05-02", valid_until="2031-05-01"))

    assert (unreadable.verdict, unreadable.field) == (FAIL, "valid_from")
    assert backwards["valid-dates"].verdict == FAIL


def test_a_movement_is_checked_at_both_ends_and_for_its_lead_time(world: World) -> None:
    kind = Listing.Kind.MOVEMENT
    sound = findings_of(world, movement(), kind)
    abroad = findings_of(world, movement(destination_latitude="51.50000"), kind)
    endless = findings_of(world, movement(arrival=""), kind)
    late = findings_of(
        world, movement(departure="2026-01-01T00:00Z", arrival="2031-01-01T00:00Z"), kind
    )

    assert {item.verdict for item in sound.values()} == {PASS}
    assert (abroad["inside-country"].verdict, abroad["inside-country"].field) == (
        FAIL,
        "destination_position",
    )
    assert endless["required-fields"].field == "arrival"
    assert late["lead-time"].verdict == WARN
