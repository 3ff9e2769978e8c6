"""What checks found, as screens say it."""

from pathlib import Path
from typing import Any

import pytest

from openhns.registry.checks.finding import Verdict
from openhns.registry.models import Listing
from openhns.registry.saying import in_words
from openhns.registry.tests.building import clinic, findings_of, movement
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


@pytest.mark.parametrize(
    ("facts", "check", "words"),
    [
        ({"latitude": "0.5", "longitude": "-20.123456"}, "on-land", "sea, far from land"),
        ({"latitude": "48.85661", "longitude": "2.35222"}, "inside-country", "not in MLI"),
        ({"country": "France"}, "inside-country", "covers MLI"),
        ({"latitude": "-0.04461", "longitude": "16.27001"}, "axes-swapped", "would lie in MLI"),
        ({"latitude": "16.27", "longitude": "-0.04"}, "too-few-decimals", "1113 m from it"),
        ({"latitude": "16", "longitude": "-1"}, "default-coordinates", "whole degrees"),
        ({"latitude": "", "longitude": ""}, "required-fields", "The position is missing"),
        ({"latitude": "x", "longitude": "y"}, "position-parses", "holds no number"),
        ({"name": "a" * 2_000}, "readable-text", "too long"),
        ({"valid_from": "01/02/2026"}, "valid-dates", "cannot be told apart"),
    ],
)
def test_a_screen_says_what_the_check_found(
    world: World, facts: dict[str, Any], check: str, words: str
) -> None:
    assert words in in_words(findings_of(world, clinic(**facts))[check])


def test_what_passed_or_was_not_looked_at_says_nothing_else(world: World) -> None:
    for finding in findings_of(world, clinic()).values():
        if finding.verdict == Verdict.PASS:
            assert in_words(finding) == ""
    nowhere = findings_of(world, clinic(latitude="", longitude=""))["axes-swapped"]
    assert in_words(nowhere) == "there is no position to look at"


def test_a_late_movement_is_told_the_hours(world: World) -> None:
    late = movement(departure="2020-01-01T06:00Z", arrival="2031-05-01T18:00Z")
    found = findings_of(world, late, Listing.Kind.MOVEMENT)["lead-time"]
    assert "48 hours" in in_words(found)
