import json
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from openhns.cli.tests.conftest import PASSPHRASE, Run
from openhns.proofs.key_file import read_key_file
from openhns.testing import Installation


@pytest.fixture
def folder(fresh: Path, answer: Run, tmp_path: Path) -> Path:
    del fresh
    answer("init", "--mechanism", "mali", "--party", "Party A", "--party", "Party B")
    return tmp_path


@pytest.mark.usefixtures("passphrase_file")
def test_a_key_is_made_registered_and_revoked(folder: Path, answer: Run, refusal: Run) -> None:
    key = folder / "a.key"
    made = answer("party", "keygen", "--party", "Party A", "-o", key)
    opened, public = read_key_file(key, PASSPHRASE)
    assert (made["kid"], made["party"]["name"]) == (public.kid, "Party A")
    registered = answer("party", "register", "--party", "Party A", "--key", key)
    assert registered["kid"] == made["kid"]
    assert answer("party", "register", "--party", "Party A", "--key", key) == registered
    listed = answer("party", "list")["parties"][0]
    assert [item["kid"] for item in listed["keys"]] == [made["kid"]]
    answer("party", "revoke", "--party", "Party A", "--kid", made["kid"])
    again = refusal("party", "register", "--party", "Party A", "--key", key)
    assert again == "party_key_revoked"
    assert refusal("party", "revoke", "--party", "Party B", "--kid", made["kid"]) == (
        "party_key_not_found"
    )
    assert opened.private_bytes_raw() not in key.read_bytes()


def test_a_fingerprint_may_begin_with_a_hyphen(folder: Path, refusal: Run) -> None:
    del folder
    kid = "-" + "A" * 42
    assert refusal("party", "revoke", "--party", "Party B", "--kid", kid) == "party_key_not_found"


@pytest.mark.usefixtures("passphrase_file")
def test_a_key_made_for_one_party_registers_no_other(
    folder: Path, answer: Run, refusal: Run
) -> None:
    key = folder / "a.key"
    answer("party", "keygen", "--party", "Party A", "-o", key)
    code = refusal("party", "register", "--party", "Party B", "--key", key)
    assert code == "party_key_possession_not_proven"


@pytest.mark.usefixtures("passphrase_file")
def test_keygen_overwrites_nothing(folder: Path, answer: Run, refusal: Run) -> None:
    key, public = folder / "a.key", folder / "a.pub"
    answer("party", "keygen", "--party", "Party A", "-o", key)
    before = key.read_bytes()
    assert refusal("party", "keygen", "--party", "Party A", "-o", key) == "key_file_exists"
    public.write_text("mine")
    code = refusal(
        "party", "keygen", "--party", "Party A", "-o", folder / "b.key", "--public", public
    )
    assert code == "key_file_exists"
    assert (key.read_bytes(), public.read_text()) == (before, "mine")
    assert not (folder / "b.key").exists()


@pytest.mark.usefixtures("passphrase_file")
def test_the_public_half_is_enough_to_register(folder: Path, answer: Run) -> None:
    key, public = folder / "a.key", folder / "a.pub"
    made = answer("party", "keygen", "--party", "Party A", "-o", key, "--public", public)
    assert answer("party", "register", "--party", "Party A", "--key", public)["kid"] == made["kid"]
    assert "sealed" not in json.loads(public.read_bytes())


def test_keygen_without_a_passphrase_says_how_to_give_one(
    folder: Path, refusal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    key = folder / "a.key"
    assert refusal("party", "keygen", "--party", "Party A", "-o", key) == "passphrase_missing"
    assert not key.exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [("1234\n", "key_passphrase_weak"), ("\n", "passphrase_missing"), ("", "passphrase_missing")],
)
def test_keygen_refuses_a_weak_or_empty_passphrase(
    folder: Path, refusal: Run, settings: Settings, text: str, code: str
) -> None:
    path = folder / "weak"
    path.write_text(text)
    settings.OPENHNS_KEY_PASSPHRASE_FILE = path
    key = folder / "a.key"
    assert refusal("party", "keygen", "--party", "Party A", "-o", key) == code
    assert not key.exists()


@pytest.mark.usefixtures("folder")
def test_parties_and_focal_points_by_command(answer: Run, refusal: Run) -> None:
    answer("party", "add", "Party C", "--since", "2020-01-01T00:00Z")
    assert refusal("party", "add", "Party C") == "party_exists"
    assert refusal("party", "add", "D", "--since", "2020-01-01") == "time_not_read"
    assert refusal("party", "add", "D", "--since", "soon") == "time_not_read"
    answer("party", "focal-point", "--party", "Party C", "--name", "Col. X", "--phone", "+1")
    listed = {item["name"]: item for item in answer("party", "list")["parties"]}
    assert listed["Party C"]["since"].startswith("2020-01-01T00:00")
    assert refusal("party", "focal-point", "--party", "E", "--name", "X") == "party_not_found"


def test_keygen_away_from_the_installation_needs_no_database(
    installation: Installation, tmp_path: Path
) -> None:
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    (tmp_path / "passphrase").chmod(0o600)
    key = tmp_path / "a.key"
    party = "8c1b6b0e-3f3f-4c5e-9a53-0c5c8d8f0f55"
    variables = {"OPENHNS_KEY_PASSPHRASE_FILE": str(tmp_path / "passphrase")}
    done = replace(installation, variables=variables).run(
        *("party", "keygen", "--party", "Party A", "-o", key),
        *("--log", "log.example.org/mali", "--party-id", party),
    )
    assert done.returncode == 0, done.stderr
    _, public = read_key_file(key, PASSPHRASE)
    assert (public.log, public.party_id) == ("log.example.org/mali", party)
    assert list(installation.data.iterdir()) == []
