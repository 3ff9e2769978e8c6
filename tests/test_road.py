"""The main road on a real register, and what each stretch promises."""

import csv
from typing import Any

import openpyxl
import pytest

from openhns.testing import shared
from tests.road import ATTACKS, MALI, Road


@pytest.fixture
def mali(road: Road) -> Road:
    """Walk the whole road on the register of Mali."""
    road.set_up()
    road.submit(shared(MALI))
    road.notify()
    road.acknowledge()
    return road


@pytest.mark.slow
def test_a_real_register_goes_in_and_a_stranger_can_check_what_came_of_it(mali: Road) -> None:
    assert mali.answers["import"]["accepted"] > 0
    _each_row_has_one_answer(mali)
    _every_cleared_site_is_told_to_each_party(mali)
    _the_public_register_pins_some_cells_to_one_building(mali)
    _bundles_hold_what_was_agreed(mali)
    _attacks_at_unknown_places_match_nothing_for_certain(mali)
    _a_stranger_verifies_the_proof(mali)
    audited = _the_log_is_as_it_was_written(mali)
    _a_withdrawal_can_be_thought_through_first(mali, audited)


def _each_row_has_one_answer(road: Road) -> None:
    answer = road.answers["import"]
    with shared(MALI).open(encoding="utf-8") as file:
        rows = sum(1 for _ in csv.reader(file)) - 1
    assert answer["rows"] == rows == answer["accepted"] + answer["warned"] + answer["refused"]
    assert answer["accepted"] > rows / 2
    _the_sheet_comes_back_untouched(road)


def _the_sheet_comes_back_untouched(road: Road) -> None:
    """Compare the original columns, cell by cell; reasons stand beside them."""
    with shared(MALI).open(encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))
    sheet = openpyxl.load_workbook(road.file("report.xlsx")).worksheets[0]
    returned = [list(row) for row in sheet.iter_rows(values_only=True)]
    places = [returned[0].index(name) for name in header]
    kept = [[str(row[place] or "") for place in places] for row in returned[1:]]
    assert kept == rows
    refused = [row for row in returned[1:] if "refused" in row]
    assert len(refused) == road.answers["import"]["refused"]
    added = set(range(len(returned[0]))) - set(places)
    assert all(any(row[place] not in {None, "refused"} for place in added) for row in refused)


def _every_cleared_site_is_told_to_each_party(road: Road) -> None:
    cleared, told = road.answers["clear"]["cleared"], road.answers["transmit"]["notices"]
    assert cleared > 0
    assert len(told) == len(set(told)) == 2 * cleared


def _the_public_register_pins_some_cells_to_one_building(road: Road) -> None:
    answer = road.json("transmit", "--dry-run", "--register", shared(MALI))
    pinned = answer["parties"]["Party B"]["public_register"]
    assert answer["public_register"]["placed"] > road.answers["clear"]["cleared"] / 2
    assert 0 < pinned["with_one_place"] <= pinned["told"] - pinned["with_none"]
    assert answer["parties"]["Party A"]["public_register"]["told"] == 0


def _bundles_hold_what_was_agreed(road: Road) -> None:
    exact, vicinity = road.bundle("Party A", "a.geojson"), road.bundle("Party B", "b.geojson")
    cleared = road.answers["clear"]["cleared"]
    assert len(exact["features"]) == len(vicinity["features"]) == cleared
    text = road.file("b.geojson").read_text("utf-8")
    with shared(MALI).open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert len(row["Facility name"]) < 8 or row["Facility name"] not in text


def _attacks_at_unknown_places_match_nothing_for_certain(road: Road) -> None:
    answer = road.json(
        "import", shared(ATTACKS), "--kind", "incidents", "--country", "MLI", expect=0
    )
    assert answer["rows"] == answer["accepted"] + answer["warned"] + answer["refused"] > 0
    assert answer["matches"]["certain"] == 0


def _a_stranger_verifies_the_proof(road: Road) -> None:
    notice = road.answers["transmit"]["notices"][0]
    proof, policy = road.prove("notice", notice, "proof.json"), road.policy()
    assert road.json("verify", proof)["verdict"] == "consistent"
    answer = road.json("verify", proof, "--policy", policy)
    assert answer["verdict"] == "anchored"
    assert [step["step"] for step in answer["steps"]] == list(range(1, 11))


def _the_log_is_as_it_was_written(road: Road) -> Any:
    answer = road.json("log", "audit")
    assert answer["intact"] is True
    assert answer["findings"] == []
    assert answer["events"] > 4 * road.answers["clear"]["cleared"]
    return answer


def _a_withdrawal_can_be_thought_through_first(road: Road, before: Any) -> None:
    words = ["--effective", "2026-01-01T00:00Z", "--reason", "It says that it leaves."]
    answer = road.json("withdraw", "Party A", *words, "--dry-run")
    assert answer["dry_run"] is True
    after = road.json("log", "audit")
    assert (before["events"], before["rows"]) == (after["events"], after["rows"])


def test_the_public_key_of_the_log_is_printed_and_is_the_policys(small: Road) -> None:
    key = small.run("log", "checkpoint", "--vkey").strip()
    assert f"log {key}\n" in small.policy().read_text()


def test_tiles_lie_beside_the_checkpoint(small: Road) -> None:
    tiles = small.installation.data / "tiles"
    assert (tiles / "checkpoint").is_file()
    assert (tiles / "tile" / "entries").is_dir()


def test_an_implementation_that_is_not_ours_accepts_the_log(small: Road) -> None:
    from tests.other_implementation import require_accepted  # noqa: PLC0415 - a test dependency.

    key = small.run("log", "checkpoint", "--vkey").strip()
    assert require_accepted(small.installation.data / "tiles", key) >= 8


def test_a_proof_made_with_other_keys_is_consistent_and_not_anchored(
    small: Road, road: Road
) -> None:
    notice = small.answers["transmit"]["notices"][0]
    proof = small.prove("notice", notice, "proof.json")
    road.set_up()
    answer = small.json("verify", proof, "--policy", road.policy(), expect=1)
    assert (answer["verdict"], answer["anchored"]) == ("consistent", False)
    assert answer["failed_step"]["name"] == "anchored by the policy"
