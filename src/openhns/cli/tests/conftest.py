"""What the tests of the command line share."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from openhns.cli import main
from openhns.vault import rings

PASSPHRASE = "four plain words here"
Run = Callable[..., Any]


@pytest.fixture
def fresh(data_folder: Path, transactional_db: None) -> Path:
    """Give this test an empty data folder, and a process that has opened no key yet."""
    del transactional_db
    rings.forget()
    return data_folder


@pytest.fixture
def passphrase_file(tmp_path: Path, settings: Settings) -> Path:
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    settings.OPENHNS_KEY_PASSPHRASE_FILE = path
    return path


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with --json; return what it answered, its exit status checked."""

    def run(*words: str | Path, status: int = 0) -> Any:
        capsys.readouterr()
        found = main([*map(str, words), "--json"])
        out = capsys.readouterr().out
        assert found == status, out
        return json.loads(out)

    return run


@pytest.fixture
def refusal(answer: Run) -> Run:
    """Run a command that is refused; return the error's code."""

    def run(*words: str | Path, status: int = 2) -> Any:
        return answer(*words, status=status)["error"]["code"]

    return run
