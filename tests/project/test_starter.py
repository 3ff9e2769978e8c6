"""A command that a starter begins is what everybody's command is, only sooner."""

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
