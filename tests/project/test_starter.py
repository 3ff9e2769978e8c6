"""A command that a starter begins is what everybody's command is, only sooner."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from openhns import testing_starter
from openhns.testing import Installation

pytestmark = pytest.mark.skipif(not testing_starter.USABLE, reason="forked on Linux alone")


@pytest.mark.parametrize(
    "words",
    [("--version",), ("check", "--json"), ("party", "list"), ("inti",), ("verify", "nothing")],
    ids=lambda words: words[0],
)
def test_it_answers_as_a_command_started_by_hand(tmp_path: Path, words: tuple[str, ...]) -> None:
    installation = Installation(tmp_path, f"sqlite:///{tmp_path}/db.sqlite3")
    process = installation.start(*words)
    out, err = process.communicate()
    done = installation.run(*words)
    assert (done.returncode, done.stdout, done.stderr) == (process.returncode, out, err)


def test_it_sees_its_own_environment_alone(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir(mode=0o700)
        url = f"sqlite:///{tmp_path}/{name}/db.sqlite3"
        installation = Installation(tmp_path / name, url)
        assert installation.run("init", "--mechanism", name).returncode == 0
        origin = installation.run("log", "checkpoint").stdout.splitlines()[0]
        assert origin.endswith(f"/{name}")


def test_the_tables_that_it_makes_are_those_of_a_command_started_by_hand(tmp_path: Path) -> None:
    made = []
    for begun in (_by_hand, Installation.run):
        folder = tmp_path / begun.__name__
        folder.mkdir(mode=0o700)
        file = folder / "db.sqlite3"
        begun(Installation(folder, f"sqlite:///{file}"), "init", "--mechanism", "one")
        with closing(sqlite3.connect(file)) as connection:
            made.append(sorted(connection.execute("SELECT name, sql FROM sqlite_master")))
    assert made[0] == made[1]
    assert len(made[0]) > 100


def _by_hand(installation: Installation, *words: str) -> None:
    installation.start(*words).communicate()
