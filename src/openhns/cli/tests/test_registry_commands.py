import json
from pathlib import Path
from typing import Any

import pytest

from openhns.cli import main
from openhns.cli.tests.conftest import Run
from openhns.record.models import Event
from openhns.registry.models import Consent, Listing, SheetImport, Version
from openhns.registry.tests.building import HEADER, clinic, sheet_rows, write_sheet
from openhns.testing import Installation

ORGANISATION = ("--organisation", "Ministry of Health")


@pytest.fixture
def mali(fresh: Path, answer: Run) -> Path:
    answer(
        "init",
        "--mechanism",
        "mali",
        "--country",
        "MLI",
        "--party",
        "Party A",
        "--party",
        "Party B",
    )
    return fresh


def send(answer: Run, path: Path, *more: str | Path, status: int = 0) -> Any:
    return answer("import", path, *ORGANISATION, *more, status=status)


def test_import_answers_with_figures_that_add_up(mali: Path, answer: Run, tmp_path: Path) -> None:
    del mali
    path = write_sheet(tmp_path, [*sheet_rows(3), ["X", "No place", "", "", ""]])
    consents = ("--consent", "Party A=exact", "--consent", "Party B=vicinity")
    report = tmp_path / "report.xlsx"

    done = send(answer, path, *consents, "--report", report, status=1)

    assert (done["rows"], done["accepted"], done["warned"], done["refused"]) == (4, 3, 0, 1)
    assert done["reasons"]["refused"] == {"required-fields": 1}
    assert done["organisation_entered"]
    assert report.exists()
    assert Consent.objects.count() == 6
    assert not Event.objects.filter(leaf_index=None).exists()  # The command has ticked.
    again = send(answer, path, *consents, status=1)
    assert again["repeated"]
    assert {again[name] for name in ("rows", "refused")} == {4, 1}


def test_import_of_sound_rows_answers_yes(mali: Path, answer: Run, tmp_path: Path) -> None:
    del mali
    path = write_sheet(tmp_path, sheet_rows(2))

    assert send(answer, path, "--dry-run")["dry_run"]
    assert not Listing.objects.exists()
    assert send(answer, path)["accepted"] == 2


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--consent", "Party C=exact"), "party_not_found"),
        (("--consent", "Party A=precise"), "grade_unknown"),
        (("--consent", "Party A"), "consent_invalid"),
        (("--mapping", "absent.json"), "bad_mapping"),
        (("--report", "/nowhere/at/all.xlsx"), "report_not_writable"),
    ],
)
def test_misuse_of_import_writes_nothing(
    mali: Path, refusal: Run, tmp_path: Path, more: tuple[str, ...], code: str
) -> None:
    del mali
    path = write_sheet(tmp_path, sheet_rows(1))

    assert refusal("import", path, *ORGANISATION, *more) == code
    assert not SheetImport.objects.exists()


def test_import_names_what_is_missing(mali: Path, refusal: Run, tmp_path: Path) -> None:
    del mali
    path = write_sheet(tmp_path, [["a"]], ["Name"])

    assert refusal("import", path, *ORGANISATION) == "missing_column"
    assert refusal("import", path) == "organisation_not_named"
    assert refusal("import", tmp_path / "absent.csv", *ORGANISATION) == "file_missing"


def test_import_speaks_in_words(
    mali: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del mali
    capsys.readouterr()
    path = write_sheet(tmp_path, [*sheet_rows(1), ["X", "No place", "", "", ""]])

    assert main(["import", str(path), *ORGANISATION]) == 1

    out = capsys.readouterr().out
    assert "Ministry of Health was entered and vetted by the local administrator." in out
    assert "2 rows: 1 accepted, 0 warned, 1 refused." in out
    assert "refused: 1 by required-fields" in out


def test_what_waits_is_listed_cleared_and_returned(
    mali: Path, answer: Run, refusal: Run, tmp_path: Path
) -> None:
    del mali
    rows = [
        *sheet_rows(2),
        ["C", "Coarse", "Clinic", "16.9", "-0.1"],
        ["D", "Other", "", "16.8", "1.1"],
    ]
    send(answer, write_sheet(tmp_path, rows))

    cleared = answer("clear", "--passing")
    assert cleared == {
        "cleared": 2,
        "held": {"too-few-decimals": 2},
        "waiting_for_second_person": 0,
        "not_checked": {},
    }
    first, second = answer("clear", "--list")["waiting"]
    assert first["findings"][0]["name"] == "too-few-decimals"
    assert refusal("clear", first["version"]) == "reason_missing"
    assert answer("clear", first["version"], "--reason", "Seen there.")["cleared"] == 1
    returned = answer("decide", second["listing"], "return", "--reason", "Measure it.")
    assert returned["status"] == "returned"
    assert refusal("decide", second["version"], "clear", status=1) == "version_not_waiting"
    assert refusal("clear") == "nothing_to_clear"


def test_one_site_is_submitted_amended_and_removed(
    mali: Path, answer: Run, refusal: Run, tmp_path: Path
) -> None:
    del mali
    send(answer, write_sheet(tmp_path, sheet_rows(1)))
    facts = tmp_path / "site.json"
    facts.write_text(json.dumps(clinic(40)))
    consent = ("--consent", "Party A=exact")

    done = answer("submit", facts, *ORGANISATION, *consent, "--key", "k-1")
    again = answer("submit", facts, *ORGANISATION, *consent, "--key", "k-1")
    amended = answer("submit", "--amend", done["listing"], "--set", "phone=+223 1")
    removed = answer("submit", "--remove", done["listing"], "--reason", "It has closed.")

    assert (done["checks"], done["number"], again["repeated"]) == ("pass", 1, True)
    assert (again["listing"], amended["number"], removed["action"]) == (
        done["listing"],
        2,
        "remove",
    )
    refused = answer("submit", facts, *ORGANISATION, "--set", "latitude=inf", status=1)
    assert refused["refused"]
    assert {item["name"] for item in refused["findings"]} == {"position-parses"}
    assert refusal("submit", facts, *ORGANISATION, "--set", "nmae=x") == "facts_invalid"
    assert Listing.objects.count() == 2


def test_consent_is_given_listed_and_revoked(mali: Path, answer: Run, tmp_path: Path) -> None:
    del mali
    send(answer, write_sheet(tmp_path, sheet_rows(2)))

    given = answer("consent", "give", *ORGANISATION, "--to", "Party A=vicinity")
    listed = answer("consent", "list", *ORGANISATION)["consents"]
    one = listed[0]["listing"]
    answer("consent", "revoke", one, "--party", "Party A", "--reason", "Unsafe.")

    assert (given, len(listed)) == ({"given": 2}, 2)
    assert len(answer("consent", "list", *ORGANISATION)["consents"]) == 1


def test_under_two_persons_nothing_is_cleared_alone(
    fresh: Path, answer: Run, refusal: Run, tmp_path: Path
) -> None:
    del fresh
    answer("init", "--mechanism", "mali", "--country", "MLI", "--policy", "two-person")
    path = write_sheet(tmp_path, sheet_rows(2))

    assert refusal("import", path, *ORGANISATION) == "organisation_unknown"
    assert not Version.objects.exists()


@pytest.mark.slow
def test_a_killed_import_leaves_nothing_or_everything(
    installation: Installation, tmp_path: Path
) -> None:
    installation.run("init", "--mechanism", "mali", "--country", "MLI").check_returncode()
    path = write_sheet(tmp_path, sheet_rows(300), HEADER)
    words = ("import", path, *ORGANISATION, "--json")
    for seconds in (1.0, 1.6, 2.2):
        process = installation.start(*words)
        try:
            process.wait(seconds)
        except Exception:  # noqa: BLE001 - killed between any two steps.
            process.kill()
        process.communicate()

    done = installation.run(*words)

    answer = json.loads(done.stdout)
    assert (done.returncode, answer["rows"], answer["accepted"]) == (0, 300, 300)
    cleared = json.loads(installation.run("clear", "--passing", "--json").stdout)
    assert cleared["cleared"] == 300
