import stat
from pathlib import Path

import pytest
from django.conf import settings

from openhns.cli import main
from openhns.cli.tests.conftest import Run
from openhns.mechanism.models import Mechanism
from openhns.record.log_key import key_path
from openhns.record.models import Event, Log
from openhns.testing import Installation


def test_init_sets_up_mechanism_parties_and_keys(fresh: Path, answer: Run) -> None:
    data = answer(
        "init",
        *("--mechanism", "mali", "--country", "MLI"),
        *("--party", "Party A", "--party", "Party B"),
    )
    assert data["countries"] == ["MLI"]
    assert [party["name"] for party in data["parties"]] == ["Party A", "Party B"]
    assert data["policy"]["name"] == "one-person"
    assert data["standard_policy"] == "two-person"
    assert data["log"]["origin"] == "openhns.localhost/mali"
    assert (fresh / "tiles" / "checkpoint").exists()
    assert stat.S_IMODE((fresh / "keys").stat().st_mode) == 0o700
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o600 for p in (fresh / "keys").iterdir())


@pytest.mark.usefixtures("fresh")
def test_init_says_what_its_policy_is_and_what_an_operator_should_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["init", "--mechanism", "mali"]) == 0
    told = capsys.readouterr().out
    assert "One person clears and vets" in told
    assert "--policy two-person" in told
    assert "what an operator should run" in told
    assert main(["init", "--mechanism", "niger", "--policy", "two-person"]) == 0
    assert "should run" not in capsys.readouterr().out


@pytest.mark.usefixtures("fresh")
def test_init_takes_several_mechanisms_and_no_slug_twice(answer: Run, refusal: Run) -> None:
    answer("init", "--mechanism", "mali", "--country", "Mali")
    assert refusal("init", "--mechanism", "mali") == "mechanism_exists"
    answer("init", "--mechanism", "niger", "--country", "NE")
    assert [mechanism.countries for mechanism in Mechanism.objects.order_by("slug")] == [
        ["MLI"],
        ["NER"],
    ]
    assert refusal("party", "list") == "mechanism_not_named"
    assert answer("party", "list", "--mechanism", "mali") == {"parties": []}


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--mechanism", "mali", "--country", "Narnia"), "mechanism_invalid"),
        (("--mechanism", "Mali!"), "mechanism_invalid"),
        (("--mechanism", "mali", "--party", "A", "--party", " A "), "party_exists"),
        (("--mechanism", "mali", "--party", ""), "party_invalid"),
        (("--mechanism", "mali", "--language", "Klingon!"), "mechanism_invalid"),
    ],
)
def test_a_refused_init_leaves_no_mechanism(
    answer: Run, refusal: Run, words: tuple[str, ...], code: str
) -> None:
    assert refusal("init", *words) == code
    assert not Mechanism.objects.exists()
    assert not Event.objects.exists()
    answer("init", "--mechanism", "mali", "--country", "MLI")


def test_an_interrupted_init_is_taken_up(fresh: Path, answer: Run) -> None:
    (fresh / "keys").mkdir(mode=0o700)
    key_path("mali").write_bytes(b"of an init that was killed before it was recorded")
    answer("init", "--mechanism", "mali")
    assert len(list((fresh / "keys").glob("log-mali.key.unused-*"))) == 1


def test_init_refuses_where_a_log_was_published_that_the_database_lost(
    fresh: Path, refusal: Run
) -> None:
    for folder in ("keys", "tiles"):
        (fresh / folder).mkdir(mode=0o700)
    key_path("mali").write_bytes(b"of a log that signed")
    (fresh / "tiles" / "checkpoint").write_text("what it signed")
    assert refusal("init", "--mechanism", "mali") == "log_key_unusable"
    assert key_path("mali").exists()


@pytest.mark.usefixtures("fresh")
def test_the_secret_key_is_random_and_kept(answer: Run) -> None:
    answer("init", "--mechanism", "mali")
    assert len(str(settings.SECRET_KEY)) >= 64
    assert "functools" not in str(settings.SECRET_KEY)


def test_init_as_a_process_is_ready_for_the_next_command(installation: Installation) -> None:
    done = installation.run("init", "--mechanism", "mali", "--country", "MLI", "--party", "A")
    assert done.returncode == 0, done.stderr
    listed = installation.run("party", "list")
    assert (listed.returncode, listed.stdout.startswith("A: participating")) == (0, True)


def test_two_inits_at_once_end_in_one_mechanism_and_one_clear_error(
    installation: Installation,
) -> None:
    started = [installation.start("init", "--mechanism", "mali") for _ in range(2)]
    ended = [process.communicate() for process in started]
    assert sorted(process.returncode for process in started) == [0, 2]
    assert sum("mechanism_exists" in err for _, err in ended) == 1
    assert not any("Traceback" in err for _, err in ended)
    assert installation.run("tick").returncode == 0


@pytest.mark.usefixtures("fresh")
def test_only_whole_logs_stand_after_init(answer: Run) -> None:
    answer("init", "--mechanism", "mali", "--origin", "log.example.org/mali")
    log = Log.objects.get()
    assert log.origin == "log.example.org/mali"
    assert log.published_size == log.size > 0


def test_a_new_database_is_open_to_its_account_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o755)
    open_folder = Installation(data, f"sqlite:///{data}/db.sqlite3")
    assert open_folder.run("init", "--mechanism", "mali").returncode == 0
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in data.glob("db.sqlite3*")}
    assert found["db.sqlite3"] == 0o600
    assert set(found.values()) == {0o600}
