"""How the words of sources become metres, and which of them bound nothing."""

import pytest

from openhns.incidents.precision import read_precision


@pytest.mark.parametrize(
    ("words", "radius_m"),
    [
        ("(2) 25 km Precision ", 25_000),
        ("(2) 25 km precision ", 25_000),
        ("(1) 5 km", 5_000),
        ("(1) Exact location", 5_000),
        ("(3) District, Communicipality or Commune ", None),
        ("(4) Province, State, Governorate ", None),
        ("(5) Linear Feature e.g. Along Road/River ", None),
        ("(5) ADM1", None),
        ("(6) Country", None),
        ("(7) Estimated Sea/Air Coordinates ", None),
        ("Exact location", 5_000),
        ("GPS at the gate", 100),
        ("not exact", None),
        ("imprecise", None),
        ("unknown", None),
        ("", None),
        ("1", 5_000),
        ("2", 25_000),
        ("6", None),
        ("250", 250),
        ("250 m", 250),
        ("0,5 km", 500),
        ("0 m", None),
        ("99999999999 km", None),
    ],
)
def test_words_of_precision_become_metres_or_bound_nothing(
    words: str, radius_m: int | None
) -> None:
    assert read_precision(words).radius_m == radius_m


def test_the_words_stay_as_they_came() -> None:
    assert read_precision("(2) 25 km Precision ").words == "(2) 25 km Precision "
