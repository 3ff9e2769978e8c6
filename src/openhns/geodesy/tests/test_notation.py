# ruff: noqa: RUF001 - telling alike characters of many scripts apart is the work of this file.
import csv
from decimal import Decimal
from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhns.geodesy.notation import Cell, read_position
from openhns.geodesy.position import Position, PositionError
from openhns.testing import shared

HASS = Position(356142500, 366575000)


@pytest.mark.parametrize(
    "text",
    [
        "35.61425, 36.6575",
        "35,61425 36,6575",
        "35,61425,36,6575",
        "35,61425; 36,6575",
        "(35.61425 / 36.6575)",
        "36.6575 E 35.61425 N",
        "N35.61425 E36.6575",
        "Lat: 35.61425 Long: 36.6575",
        "longitude=36.6575; latitude=35.61425",
        "٣٥٫٦١٤٢٥، ٣٦٫٦٥٧٥",
        "۳۵٫۶۱۴۲۵، ۳۶٫۶۵۷۵",
        "شمال ٣٥٫٦١٤٢٥ شرق ٣٦٫٦٥٧٥",
        "35\N{DEGREE SIGN}36'51.3\"N 36\N{DEGREE SIGN}39'27\"E",
        "35º36\N{PRIME}51,3\N{DOUBLE PRIME} N, 36º39\N{PRIME}27\N{DOUBLE PRIME} E",
        "35° 36' 51.3'' nord ; 36° 39' 27.0'' est",
        "35° 36’ 51.3” 36° 39’ 27”",
        "35Â°36'51.3\" 36Â°39'27\"",
        "35 36 51.3, 36 39 27",
        "35:36:51.3 36:39:27",
        "35-36-51.3N 36-39-27E",
        "35deg 36min 51.3sec N 36deg 39min 27sec E",
        "35d36m51.3sN 36d39m27sE",
        "35°36.855'N 036°39.450'E",
        "N 35 36.855 E 36 39.45",
        "35° 36' 51.3\" пн. ш. 36° 39' 27\" сх. д.",
        "\N{RIGHT-TO-LEFT MARK}35.61425,\N{NO-BREAK SPACE}36.6575\N{LEFT-TO-RIGHT MARK}",
    ],
)
def test_one_place_reads_the_same_in_every_common_notation(text: str) -> None:
    assert read_position(text).position == HASS


@pytest.mark.parametrize(
    ("lat", "lon", "expected"),
    [
        ("12.593833", "-3.834278", Position(125938330, -38342780)),
        ("12,593833", "\N{MINUS SIGN}3,834278", Position(125938330, -38342780)),
        ("12°30'15\"N", "7°20'10\"O", Position(125041667, -73361111)),
        ("S 12 30.5", "W 0 30", Position(-125083333, -5000000)),
        ("-0°30'", "0", Position(-5000000, 0)),
        ("32.851922878857266", "13.190035371926683", Position(328519229, 131900354)),
        (32.851922878857266, 13, Position(328519229, 130000000)),
        (1e-05, -7.0, Position(100, -70000000)),
        ("1.2345E+01", "2", Position(123450000, 20000000)),
    ],
)
def test_two_columns_are_latitude_and_longitude(lat: Cell, lon: Cell, expected: Position) -> None:
    assert read_position((lat, lon)).position == expected


@pytest.mark.parametrize(
    ("text", "lat", "lon", "precision_m"),
    [
        ("31NAA6602100000", 0.0, 0.0, 1.0),
        ("30P XB 12345 67890", 15.084063, -1.9546391, 1.0),
        ("30pxb12346789", 15.0841037, -1.9546436, 10.0),
        ("37SBV5467", 35.820966, 36.282538, 1000.0),
        ("ZAH0000000000", 90.0, 135.0, 1.0),
    ],
)
def test_a_grid_reference_names_a_square(
    text: str, lat: float, lon: float, precision_m: float
) -> None:
    reading = read_position(text)
    assert reading.notation == "mgrs"
    assert reading.precision_m == precision_m
    assert reading.position.lat == pytest.approx(lat, abs=1e-5)
    assert reading.position.lon == pytest.approx(lon, abs=1e-5)


@pytest.mark.parametrize(
    "text", ["30NXB1234567890", "61PXB1234567890", "30PKB1234567890", "31PZB9999900000"]
)
def test_a_square_that_cannot_be_there_is_an_error_not_a_warning(text: str) -> None:
    with pytest.raises(PositionError) as caught:
        read_position(text)
    assert caught.value.code == "out_of_range"


@pytest.mark.parametrize(
    ("text", "notation", "decimals", "precision_m"),
    [
        ("12.6, -7.94504", "decimal", 5, 1.1132),
        ("12, 7", "decimal", 0, 111_320.0),
        ("12.50, 7", "decimal", 2, 1113.2),
        ("12°30'15\"N 7°20'10\"E", "dms", None, 30.92),
        ("12°30.5'N 7°20.25'E", "dm", None, 18.55),
    ],
)
def test_a_reading_tells_what_its_notation_implies(
    text: str, notation: str, decimals: int | None, precision_m: float
) -> None:
    reading = read_position(text)
    assert (reading.notation, reading.decimals) == (notation, decimals)
    assert reading.precision_m == pytest.approx(precision_m, rel=1e-3)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("", "empty"),
        (" \t", "empty"),
        (("12.5", ""), "empty"),
        ((None, None), "empty"),
        ("n/a", "not_a_number"),
        (("12.5", "unknown"), "not_a_number"),
        ((True, 1), "not_a_number"),
        (("NaN", "1"), "not_finite"),
        (("-inf", "1"), "not_finite"),
        ((nan, 1.0), "not_finite"),
        ((0.0, inf), "not_finite"),
        (("91", "0"), "out_of_range"),
        (("0", "180.00000001"), "out_of_range"),
        ((1e300, 0.0), "out_of_range"),
        (("12°61'", "0"), "out_of_range"),
        ("3.4, 91 N", "out_of_range"),
        ("12.5", "unreadable"),
        ("12.5-3.4", "unreadable"),
        ("12.5\x00, 3.4", "unreadable"),
        ("=12.5, 3.4", "unreadable"),
        ("12.5.1, 3.4", "unreadable"),
        ("12.5N 3.4N", "unreadable"),
        ("1,2,3,4,5,6,7", "unreadable"),
        (("12.5 3.4", "1"), "unreadable"),
        ("1" * 100_000, "unreadable"),
        ("12,34", "ambiguous"),
        ("35 12", "ambiguous"),
        ("12.5 N 3.4", "ambiguous"),
        (("-12.5 S", "1"), "ambiguous"),
        (("3.4 E", "12.5 N"), "ambiguous"),
        (("12 30", "7 20"), "ambiguous"),
        (("33d51m54s", "151d12m36sE"), "ambiguous"),
    ],
)
def test_what_is_no_place_is_refused_with_its_reason(
    cells: Cell | tuple[Cell, Cell], code: str
) -> None:
    with pytest.raises(PositionError) as caught:
        read_position(cells)
    assert caught.value.code == code


def test_a_refusal_never_repeats_what_was_given() -> None:
    with pytest.raises(PositionError) as caught:
        read_position("35.61425 Kafr Nabl Surgical 36.6575")
    assert "Kafr" not in str(caught.value)
    assert "35.6" not in str(caught.value)


NEAR_MISSES = st.text(alphabet="0123456789.,;:-+ °'\"NSEWOdms٣٥٫،PXB/eE", max_size=40)
ANY_CELL = st.one_of(st.text(), NEAR_MISSES, st.floats(), st.integers(), st.none())


@settings(deadline=None)
@given(st.one_of(ANY_CELL, st.tuples(ANY_CELL, ANY_CELL)))
def test_hostile_input_gives_a_position_or_a_position_error(
    cells: Cell | tuple[Cell, Cell],
) -> None:
    try:
        reading = read_position(cells)
    except PositionError:
        return
    assert isinstance(reading.position, Position)
    assert reading.precision_m > 0


@settings(deadline=None)
@given(st.integers(-900000000, 900000000), st.integers(-1800000000, 1800000000))
def test_decimal_degrees_come_back_to_the_last_unit(lat_e7: int, lon_e7: int) -> None:
    position = Position(lat_e7, lon_e7)
    texts = (f"{position.lat:.7f}", f"{position.lon:.7f}")
    assert read_position(texts).position == position
    assert read_position(f"{texts[0]}, {texts[1]}").position == position
    assert read_position((position.lat, position.lon)).position == position


@settings(deadline=None)
@given(st.decimals(-90, 90, places=18), st.decimals(-180, 180, places=9))
def test_plain_decimals_read_as_they_do_the_long_way(lat: Decimal, lon: Decimal) -> None:
    quick = read_position((f"{lat:f}", f"{lon:f}"))
    # A degree sign is enough to send the same figures the long way.
    assert quick == read_position((f"{lat:f}°", f"{lon:f}°"))


@pytest.mark.parametrize(
    ("register", "columns"),
    [
        ("mali_public_health_facilities.csv", ("Lat", "Long")),
        ("libya_healthsites.csv", ("lat", "lon")),
    ],
)
def test_every_filled_position_of_a_real_register_reads(
    register: str, columns: tuple[str, str]
) -> None:
    with shared(f"data/registers/{register}").open(encoding="utf-8", newline="") as file:
        rows = [(row[columns[0]], row[columns[1]]) for row in csv.DictReader(file)]
    filled = [row for row in rows if all(row)]
    for row in filled:
        assert read_position(row).position.lat == pytest.approx(float(row[0]), abs=1e-7)
    assert len(filled) > 1000
