"""The commands: import, report, list, show, certify, prove."""

import json
from pathlib import Path
from typing import Any

import pytest

from openhns.testing import Installation, shared

pytestmark = pytest.mark.django_db(transaction=True)


def answer(installation: Installation, *words: str | Path, status: int = 0) -> dict[str, Any]:
    done = installation.run(*words, "--json")
    assert done.returncode == status, done.stderr + done.stdout
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_an_incident_from_a_file_to_a_proof(installation: Installation, tmp_path: Path) -> None:
    answer(installation, "init", "--mechanism", "mali", "--country", "MLI", "--party", "Party A")
    older = shared("data/attacks/attacks_on_health_care_2023_04.json")

    done = answer(installation, "import", older, "--kind", "incidents", "--country", "MLI")
    assert done["rows"] == done["accepted"] + done["warned"] + done["refused"] == 1
    assert (done["incidents"], done["claims"], done["outside"]) == (1, 1, 108)
    assert set(done["matches"]) >= {"certain", "possible"}

    incident = done["incident_ids"][0]
    words = ["report", "--words", "It burned.", "--source", "A driver", "--incident", incident]
    when = ["--from", "2023-04-01T00:00Z", "--until", "2023-04-30T00:00Z"]
    assert answer(installation, *words, *when)["new_claim"]
    assert not answer(installation, *words, *when)["new_claim"]

    listed = answer(installation, "incidents", "list")["incidents"]
    assert [(item["id"], item["claims"]) for item in listed] == [(incident, 2)]
    shown = installation.run("incidents", "show", incident)
    assert "A driver" in shown.stdout
    _check_certificate(installation, incident, tmp_path)


def _check_certificate(installation: Installation, incident: str, folder: Path) -> None:
    issued = installation.run("incidents", "certificate", incident, "-o", folder / "words.txt")
    assert issued.returncode == 0, issued.stderr
    face = (folder / "words.txt").read_text(encoding="utf-8")
    assert "does not state who struck" in face
    assert "PARTY A" in face
    proof = folder / "proof.json"
    answer(installation, "prove", "incident", incident, "-o", proof)
    assert answer(installation, "verify", proof)["verdict"] == "consistent"


@pytest.mark.slow
def test_refused_rows_answer_no_and_misuse_is_one_clear_line(
    installation: Installation, tmp_path: Path
) -> None:
    answer(installation, "init", "--mechanism", "mali", "--country", "MLI")
    sheet = tmp_path / "attacks.csv"
    sheet.write_text("id,Date,Country\n1,soon,Mali\n2,2023-04-30,Mali\n", encoding="utf-8")
    no_date = tmp_path / "dateless.csv"
    no_date.write_text("Event,Country\nx,Mali\n", encoding="utf-8")
    said = ("report", "--words", "x", "--source", "y", "--until")

    done = answer(installation, "import", sheet, "--kind", "incidents", status=1)
    misused = [
        installation.run("import", no_date, "--kind", "incidents"),
        installation.run(*said, "2199-01-01T00:00Z"),
        installation.run(*said, "2023-01-01T00:00Z", "--position", "99, 200"),
    ]

    assert (done["rows"], done["accepted"], done["warned"], done["refused"]) == (2, 1, 0, 1)
    for failed in misused:
        assert failed.returncode == 2, failed.stdout
        assert failed.stderr.count("\n") == 1
        assert "Traceback" not in failed.stderr
