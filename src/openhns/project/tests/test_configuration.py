"""The environment is read without surprises, and every fault in it is named by a check."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core import checks as django_checks
from django.test import override_settings

from openhns.project.checks import CHECKS, check_configuration, problems_of
from openhns.project.configuration import SETTINGS, Configuration, read_configuration
from openhns.project.data_folder import make_private_file

DUMMY = "django.db.backends.dummy"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
        monkeypatch.delenv(setting.file_name, raising=False)
    monkeypatch.setenv("OPENHNS_DATA", str(tmp_path / "data"))


def _ids(configuration: Configuration | None = None) -> list[str]:
    problems = problems_of(configuration or read_configuration())
    return [problem.check_id.removeprefix("openhns.") for problem in problems]


def test_nothing_set_is_a_good_configuration() -> None:
    assert _ids() == []


def test_without_a_data_folder_the_account_s_own_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENHNS_DATA")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/alice")
    assert read_configuration().data == Path("/home/alice/.local/share/openhns")
    monkeypatch.setenv("XDG_DATA_HOME", "/home/alice/data")
    assert read_configuration().data == Path("/home/alice/data/openhns")


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENHNS_DEBUG", "")
    monkeypatch.setenv("OPENHNS_LOG_LEVEL", "")
    configuration = read_configuration()
    assert not configuration.debug
    assert configuration.log_level == "warning"
    assert configuration.problems == ()


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://alice:p%40ss@db.localhost/openhns\n")
    secret.chmod(0o600)
    monkeypatch.setenv("OPENHNS_DATABASE_URL_FILE", str(secret))
    configuration = read_configuration()
    assert configuration.database["PASSWORD"] == "p@ss"
    assert _ids(configuration) == []


def test_values_that_may_be_secret_do_not_show_in_the_representation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENHNS_DATABASE_URL", "postgresql://alice:hidden-word@localhost/openhns")
    monkeypatch.setenv("OPENHNS_SECRET_KEY", "another-hidden-word")
    assert "hidden-word" not in repr(read_configuration())


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("OPENHNS_DATABSE_URL", "sqlite:////tmp/x", "E004"),
        ("OPENHNS_DATABASE_URL", "sqlite:///relative", "E005"),
        ("OPENHNS_DATABASE_URL", "sqlite://", "E005"),
        ("OPENHNS_DATABASE_URL", "postgresql://db.localhost", "E005"),
        ("OPENHNS_DATABASE_URL", "sqlite:////nowhere/db.sqlite3", "E015"),
        ("OPENHNS_DATABASE_URL", "postgresql://db.localhost:port/openhns", "E005"),
        ("OPENHNS_DATABASE_URL", "postgresql://db.localhost/openhns?options=-c%20fsync", "E005"),
        ("OPENHNS_DATABASE_URL", "postgresql://db.localhost/openhns?junk", "E005"),
        ("OPENHNS_DATABASE_URL", "postgresql://[::1/openhns", "E005"),
        ("OPENHNS_DATABASE_URL", "mysql://db.localhost/openhns", "E006"),
        ("OPENHNS_DATABASE_URL", "db.localhost/openhns", "E006"),
        ("OPENHNS_LOG_HOST", "https://log.example.org", "E008"),
        ("OPENHNS_LOG_HOST", "Log.example.org", "E008"),
        ("OPENHNS_LOG_HOST", "log.example.org/mali", "E008"),
        ("OPENHNS_LOG_HOST", "log..example.org", "E008"),
        ("OPENHNS_LOG_HOST", "log.example.org\n", "E008"),
        ("OPENHNS_SECRET_KEY", "too short", "E009"),
        ("OPENHNS_SECRET_KEY", "a" * 60, "E009"),
        ("OPENHNS_SECRET_KEY_FILE", "/nowhere/secret", "E010"),
        ("OPENHNS_DATABASE_URL_FILE", "/nowhere/url", "E010"),
        ("OPENHNS_KEY_PASSPHRASE_FILE", "/nowhere/passphrase", "E010"),
        ("OPENHNS_LOG_LEVEL", "loud", "E012"),
        ("OPENHNS_TEST_DATABASE", "oracle", "E012"),
        ("OPENHNS_DEBUG", "perhaps", "E013"),
        ("OPENHNS_URL", "http://hns.example.org", "E022"),
        ("OPENHNS_URL", "https://hns.example.org/pages", "E022"),
        ("OPENHNS_URL", "https://alice@hns.example.org", "E022"),
        ("OPENHNS_URL", "http://127.0.0.1:8000", "E022"),
        ("OPENHNS_URL", "hns.example.org", "E022"),
        ("OPENHNS_DEMONSTRATION", "perhaps", "E013"),
        ("OPENHNS_DEMONSTRATION", "yes", "E023"),
        ("OPENHNS_MASTER_KEY_FILE", "keys/master.key", "W001"),
        ("OPENHNS_DATABASE_URL", "postgresql://db.example.org/openhns", "W002"),
        ("OPENHNS_DATABASE_URL", "postgresql://db.example.org/openhns?sslmode=require", "W002"),
    ],
)
def test_a_fault_is_named_by_its_id(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert _ids() == [expected]


def test_a_bad_url_never_leads_to_another_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENHNS_DATABASE_URL", "postgres//typo")
    assert read_configuration().database["ENGINE"] == DUMMY
    monkeypatch.delenv("OPENHNS_DATABASE_URL")
    monkeypatch.setenv("OPENHNS_DATABASE_URL_FILE", "/nowhere")
    assert read_configuration().database["ENGINE"] == DUMMY


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://db.example.org/openhns?sslmode=verify-full",
        "postgresql://localhost/openhns",
        "postgresql://alice@/openhns?host=/run/postgresql",
        "postgres://alice:secret@127.0.0.1:5433/openhns",
    ],
)
def test_a_good_postgresql_url_is_taken_whole(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("OPENHNS_DATABASE_URL", url)
    configuration = read_configuration()
    assert _ids(configuration) == []
    assert configuration.database["NAME"] == "openhns"


def test_messages_name_the_variable_and_what_helps_but_never_the_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENHNS_DATABASE_URL", "mysql://alice:hidden-word@db.example.org/x")
    monkeypatch.setenv("OPENHNS_MASTER_KEY_FIEL", "hidden-word")
    with override_settings(CONFIGURATION=read_configuration()):
        messages = check_configuration()
    text = "\n".join(map(str, messages))
    assert "OPENHNS_DATABASE_URL" in text
    assert "Did you mean OPENHNS_MASTER_KEY_FILE?" in text
    assert "hidden-word" not in text
    assert all(message.hint for message in messages)


def test_a_secret_given_twice_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdefghij" * 3)
    secret.chmod(0o600)
    monkeypatch.setenv("OPENHNS_SECRET_KEY_FILE", str(secret))
    monkeypatch.setenv("OPENHNS_SECRET_KEY", "0123456789abcdefghij" * 3)
    assert _ids() == ["E011"]


def test_debugging_on_a_public_host_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENHNS_DEBUG", "yes")
    assert _ids() == []
    monkeypatch.setenv("OPENHNS_LOG_HOST", "log.example.org")
    assert _ids() == ["E007"]


@pytest.mark.parametrize(
    "url", ["https://hns.example.org", "https://hns.example.org:8443/", "http://localhost:8123"]
)
def test_an_address_that_browsers_trust_is_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("OPENHNS_URL", url)
    configuration = read_configuration()
    assert _ids(configuration) == []
    assert configuration.url == url.rstrip("/")
    assert configuration.https == url.startswith("https")


def test_the_demonstration_s_door_opens_in_its_own_folder_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPENHNS_DEMONSTRATION", "yes")
    assert _ids() == ["E023"]
    (tmp_path / "data").mkdir(mode=0o700)
    make_private_file(tmp_path / "data" / "demonstration")
    assert _ids() == []


def test_a_data_folder_that_cannot_be_made_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("OPENHNS_DATA", str(file / "data"))
    assert _ids() == ["E001"]


def test_keys_that_others_may_read_are_errors(tmp_path: Path) -> None:
    keys = tmp_path / "data" / "keys"
    keys.mkdir(parents=True, mode=0o700)
    key = keys / "party.key"
    key.touch(mode=0o600)
    assert _ids() == []
    key.chmod(0o640)
    assert _ids() == ["E003"]
    key.chmod(0o600)
    keys.chmod(0o750)
    assert _ids() == ["E002"]


def test_a_master_key_elsewhere_is_looked_at_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = tmp_path / "master.key"
    key.touch(mode=0o604)
    key.chmod(0o604)
    monkeypatch.setenv("OPENHNS_MASTER_KEY_FILE", str(key))
    assert _ids() == ["E003"]
    monkeypatch.setenv("OPENHNS_MASTER_KEY_FILE", str(tmp_path / "data" / "master.key"))
    assert _ids() == ["E014"]


def test_a_secret_s_file_that_all_may_read_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.touch()
    passphrase.chmod(0o644)
    monkeypatch.setenv("OPENHNS_KEY_PASSPHRASE_FILE", str(passphrase))
    assert _ids() == ["W003"]


@pytest.mark.parametrize("end", ["", "-wal", "-shm"])
def test_a_database_that_others_may_read_is_a_warning(tmp_path: Path, end: str) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    for name in ("db.sqlite3", f"db.sqlite3{end}"):
        make_private_file(data / name)
    assert _ids() == []
    (data / f"db.sqlite3{end}").chmod(0o644)
    assert _ids() == ["W004"]


def test_every_check_has_a_test() -> None:
    files = (Path(__file__), Path(__file__).with_name("test_key_checks.py"))
    tested = "".join(path.read_text() for path in files)
    missing = [c.check_id for c in CHECKS if f'"{c.check_id[8:]}"' not in tested]
    assert missing == []


def test_reading_the_settings_writes_nothing_and_opens_no_database(tmp_path: Path) -> None:
    data = tmp_path / "untouched"
    script = (
        "import sys, openhns.project.settings as s;"
        "assert not {'django.db.models', 'structlog', 'psycopg'} & set(sys.modules)"
    )
    environ = {"OPENHNS_DATA": str(data), "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", script], check=True, env=environ)
    assert list(tmp_path.iterdir()) == []


def test_checks_run_with_django_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENHNS_DEBUG", "perhaps")
    with override_settings(CONFIGURATION=read_configuration()):
        found = [message.id for message in django_checks.run_checks()]
    assert "openhns.E013" in found
