"""The demonstration says what is record and what is not, and its door is open nowhere else."""

import json
import os
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from openhns.cli import demo
from openhns.demo.story import FOLDER, Stated, Step, StoryWrong, read_story, read_tour
from openhns.demo.telling import SENTENCES
from openhns.demo.tests.replayed import SAID, copy_replayed
from openhns.testing import Installation
from openhns.testing_plugin import FOLDER_VARIABLE

WITHDRAWN = "2020-06-23"


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Give the story as the command replays it."""
    folder = tmp_path_factory.mktemp("demonstration") / "replayed"
    copy_replayed(folder)
    return Installation(folder / "data", "", {"OPENHNS_LOG_HOST": "demonstration.localhost"})


def test_each_fact_of_the_record_names_a_source_and_all_else_is_called_illustrative() -> None:
    story = read_story()
    facts: list[Step | Stated] = [*story.steps, *story.parties, *story.never_told]
    for fact in facts:
        assert fact.known == "illustrative" or fact.source in story.sources
    named = {claim.source for strike in story.strikes.values() for claim in strike.claims}
    named |= {place.on_list["source"] for place in story.facilities.values()}
    assert named <= set(story.sources)


def test_when_an_attack_was_reported_to_the_operator_is_called_illustrative() -> None:
    reports = [step for step in read_story().steps if step.do == "report"]
    assert len(reports) == len(read_story().strikes)
    assert {step.known for step in reports} == {"illustrative"}


def test_steps_stand_in_order_of_time() -> None:
    times = [step.at for step in read_story().steps]
    assert times == sorted(times)


def _copied(folder: Path) -> Path:
    for original in FOLDER.glob("*.yaml"):
        (folder / original.name).write_text(original.read_text("utf-8"), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("known: perhaps", "has to say `known: record` or `known: illustrative`"),
        ("known: record", "names no source"),
        ("known: record, source: nobody", "names 'nobody', which sources.yaml lacks"),
    ],
)
def test_a_step_without_its_source_or_mark_is_refused(
    tmp_path: Path, words: str, error: str
) -> None:
    with (_copied(tmp_path) / "timeline.yaml").open("a", encoding="utf-8") as file:
        file.write(f"- {{at: 2021-01-01T00:00:00Z, do: remember, {words}, words: x}}\n")
    with pytest.raises(StoryWrong, match=error):
        read_story(tmp_path)


@pytest.mark.parametrize(
    ("file", "stated"),
    [
        ("mechanism", "    source: ocha-sop-2020\n"),
        ("facilities", "words: not confirmed, source: board-of-inquiry"),
    ],
)
def test_a_fact_of_the_record_without_its_source_is_refused(
    tmp_path: Path, file: str, stated: str
) -> None:
    path = _copied(tmp_path) / f"{file}.yaml"
    text = path.read_text("utf-8")
    assert stated in text
    lacking = stated.partition("source")[0].rstrip(", ")
    path.write_text(text.replace(stated, lacking), "utf-8")
    with pytest.raises(StoryWrong, match="names no source"):
        read_story(tmp_path)


def test_every_step_is_told_in_a_sentence() -> None:
    assert {step.do for step in read_story().steps} <= set(SENTENCES)


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


def test_the_command_says_how_to_act_as_each_role_and_how_to_serve(
    replayed: Installation,
) -> None:
    said = json.loads((replayed.data.parent / SAID).read_text("utf-8"))
    people = read_story().people
    doors = {each["door"] for each in said["people"]}
    assert doors == {f"{said['url']}/demonstration/#as-{key}" for key in people}
    assert {each["name"] for each in said["people"]} == {each.name for each in people.values()}
    assert {"Liaison of a party", "Auditor", "No role"} <= {each["role"] for each in said["people"]}
    assert "OPENHNS_DEMONSTRATION=yes" in said["serve"]
    # It was replayed where the run keeps what is made once; this is a copy.
    where = Path(os.environ[FOLDER_VARIABLE], "once", "replayed", "data")
    assert f"OPENHNS_DATA={where} " in said["serve"]


def test_the_command_prints_a_line_for_each_person_to_act_as() -> None:
    doors = [{"name": "Bob", "role": "Reviewer", "handle": "x", "door": "http://here/#as-bob"}]
    lines = demo._where_to_look(Path("/data"), "http://here", "serve it so", doors)
    assert "  Bob, Reviewer: http://here/#as-bob" in lines
    assert "  serve it so" in lines


def test_one_party_left_on_the_day_of_the_record(replayed: Installation) -> None:
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
    for address in ("/demonstration/", "/demonstration/record/", "/demonstration/record/attacks/"):
        assert client.get(address).status_code == nothing.status_code == 404
    assert client.post("/demonstration/act/", {"as": "bob"}).status_code == 404
