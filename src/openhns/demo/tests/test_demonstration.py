"""The demonstration says what is record and what is not, and its door is open nowhere else."""

import json
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from openhns.demo.story import StoryWrong, read_story, read_tour
from openhns.testing import Installation

WITHDRAWN = "2020-06-23"


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Replay the story once, by the command."""
    folder = tmp_path_factory.mktemp("demonstration") / "data"
    here = Installation(folder, "")
    done = here.run("demo", "--data", folder, "--no-serve", "--json")
    assert done.returncode == 0, done.stderr
    return Installation(folder, "", {"OPENHNS_LOG_HOST": "demonstration.localhost"})


def test_each_fact_names_a_source_or_is_called_illustrative() -> None:
    story = read_story()
    for step in story.steps:
        assert step.known in {"record", "illustrative"}
    named = {claim.source for strike in story.strikes.values() for claim in strike.claims}
    named |= {step.source for step in story.steps if step.source}
    named |= {place.on_list["source"] for place in story.facilities.values()}
    assert named <= set(story.sources)


def test_a_word_that_nothing_reads_is_refused(tmp_path: Path) -> None:
    for name in ("mechanism", "people", "facilities", "incidents", "sources", "timeline"):
        original = Path(__file__).parents[1] / "northwest_syria" / f"{name}.yaml"
        (tmp_path / original.name).write_text(original.read_text("utf-8"), "utf-8")
    with (tmp_path / "timeline.yaml").open("a", encoding="utf-8") as file:
        file.write("- {at: 2021-01-01T00:00:00Z, do: remember, known: perhaps, words: x}\n")
    with pytest.raises(StoryWrong):
        read_story(tmp_path)


def test_no_facility_stands_at_an_address() -> None:
    for facility in read_story().facilities.values():
        assert facility.position.precision_m >= 2000


def test_the_tour_has_ten_steps_in_english_and_in_arabic() -> None:
    tour = read_tour()
    assert len(tour) == 10
    assert all(set(step.text) == {"en", "ar"} for step in tour)
    assert {step.who for step in tour} <= {"", *read_story().people}


def test_the_replay_leaves_a_record_that_an_audit_finds_whole(replayed: Installation) -> None:
    audited = replayed.run("log", "audit", "--json")
    assert audited.returncode == 0, audited.stderr
    assert json.loads(audited.stdout)["findings"] == []


def test_one_party_left_and_was_sent_nothing_after(replayed: Installation) -> None:
    listed = json.loads(replayed.run("party", "list", "--json").stdout)
    russia = next(party for party in listed["parties"] if party["name"] == "Russia")
    assert russia["status"] == "withdrawn"
    assert russia["since"].startswith(WITHDRAWN)


def test_strikes_are_entered_with_the_claims_that_compete(replayed: Installation) -> None:
    listed = json.loads(replayed.run("incidents", "list", "--json").stdout)
    assert len(listed["incidents"]) == len(read_story().strikes)
    assert max(incident["claims"] for incident in listed["incidents"]) == 5


@pytest.mark.django_db
def test_the_door_is_not_there_where_this_is_no_demonstration(settings: Settings) -> None:
    assert settings.OPENHNS_DEMONSTRATION is False
    client = Client()
    nothing = client.get("/no-such-page/")
    for address in ("/demonstration/", "/demonstration/record/"):
        assert client.get(address).status_code == nothing.status_code == 404
    assert client.post("/demonstration/act/", {"as": "bob"}).status_code == 404
