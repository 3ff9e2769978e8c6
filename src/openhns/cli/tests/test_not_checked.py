"""A check that lacks what it compares with says "not checked", and why, wherever it is shown."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from openhns.cli import main
from openhns.cli.tests.conftest import Run
from openhns.gazetteer import defaults
from openhns.gazetteer import outlines as outlines_file
from openhns.registry.tests.building import HEADER, clinic, sheet_rows, write_sheet

ORGANISATION = ("--organisation", "Ministry of Health")
ROME = ["V-1", "Santo Spirito clinic", "Clinic", "41.90216", "12.45394"]
NO_PLACE = ["V-2", "No place", "Clinic", "", ""]
WHY = "no outline of this country is at hand"


@pytest.fixture
def vatican(fresh: Path, answer: Run) -> Path:
    answer("init", "--mechanism", "vatican", "--country", "VAT", "--party", "Party A")
    return fresh


@pytest.fixture
def unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take the outlines' file away, as on a disk that lost it."""
    monkeypatch.setattr(outlines_file, "files", lambda _package: tmp_path / "absent")
    caches = (outlines_file.outlines, outlines_file.borders, defaults._centres)
    for cache in caches:
        cache.cache_clear()
    yield
    monkeypatch.undo()
    for cache in caches:
        cache.cache_clear()


def test_an_import_counts_and_reports_what_was_not_checked(
    vatican: Path, answer: Run, tmp_path: Path
) -> None:
    del vatican
    path, report = write_sheet(tmp_path, [ROME, NO_PLACE], HEADER), tmp_path / "report.xlsx"

    for repeated in (False, True):
        done = answer("import", path, *ORGANISATION, "--report", report, status=1)
        assert (done["accepted"], done["refused"]) == (1, 1)
        assert done["repeated"] is repeated
        assert done["reasons"]["not_checked"] == {"inside-country": 1}
        page = openpyxl.load_workbook(report).worksheets[0]
        lines = [[cell.value for cell in line][-2:] for line in page.iter_rows(min_row=2)]
        assert lines[0] == ["accepted", f"inside-country: not checked: {WHY}"]
        assert "not checked" not in lines[1][1]  # What is missing is told, and enough.


def test_a_reviewer_is_shown_what_was_not_checked(
    vatican: Path, answer: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del vatican
    answer("import", write_sheet(tmp_path, [ROME], HEADER), *ORGANISATION)

    (waiting,) = answer("clear", "--list")["waiting"]
    (told,) = waiting["findings"]
    assert (told["name"], told["verdict"], told["words"]) == ("inside-country", "not checked", WHY)
    assert main(["clear", "--list"]) == 0
    assert f"inside-country: not checked: {WHY}" in capsys.readouterr().out
    done = answer("clear", "--passing")
    assert (done["cleared"], done["not_checked"]) == (1, {"inside-country": 1})


def submitted(answer: Run, facts: dict[str, Any]) -> Any:
    words = [word for name, fact in facts.items() for word in ("--set", f"{name}={fact}")]
    return answer("submit", *words, *ORGANISATION)


def test_without_outlines_every_check_of_the_map_says_so(
    fresh: Path, answer: Run, tmp_path: Path, unreadable: None
) -> None:
    del fresh, unreadable
    answer("init", "--mechanism", "mali", "--country", "MLI", "--party", "Party A")
    done = answer("import", write_sheet(tmp_path, sheet_rows(2)), *ORGANISATION)

    assert done["reasons"]["not_checked"] == {
        "on-land": 2,
        "inside-country": 2,
        "axes-swapped": 2,
        "default-coordinates": 2,
    }
    found = submitted(answer, clinic(7))["findings"]
    wanted = ["on-land", "inside-country", "axes-swapped", "default-coordinates"]
    assert [item["name"] for item in found] == wanted
    assert all("cannot be read" in item["words"] for item in found)
    assert answer("clear", "--passing")["not_checked"] == {
        "on-land": 3,
        "inside-country": 3,
        "axes-swapped": 3,
        "default-coordinates": 3,
    }
