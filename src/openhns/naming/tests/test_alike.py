"""Names that look alike are one; names that differ by a letter are two."""

import pytest

from openhns.naming.alike import look


@pytest.mark.parametrize(
    "other",
    [
        "party a",
        "PARTY A",
        "Party-A.",
        "P\u0430rty A",
        "\u0420arty \u0391",
        "P a r t y A",
        "P\u00e1rty A",
    ],
)
def test_what_a_reader_overlooks_is_set_aside(other: str) -> None:
    assert look(other) == look("Party A")


@pytest.mark.parametrize("other", ["Party B", "Party E", "Party", "Party AA", "حزب", ""])
def test_names_that_differ_stay_apart(other: str) -> None:
    assert look(other) != look("Party A")
