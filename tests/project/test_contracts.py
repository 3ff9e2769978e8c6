"""The import contracts hold, and an import that breaks one is found."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from openhns.testing_plugin import FLOOR_0

PROJECT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = str(Path(sys.executable).with_name("lint-imports"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the project to a place where an import may be planted."""
    ignored = shutil.ignore_patterns("__pycache__", "tests", "data")
    shutil.copytree(PROJECT / "src", tmp_path / "src", ignore=ignored)
    shutil.copytree(PROJECT / "tools", tmp_path / "tools", ignore=ignored)
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def _check(project: Path) -> tuple[int, str]:
    done = subprocess.run(
        [LINT_IMPORTS, "--no-logo", "--no-cache"],
        check=False,
        capture_output=True,
        text=True,
        cwd=project,
        env={"PYTHONPATH": str(project / "src"), "COLUMNS": "200"},
    )
    return done.returncode, done.stdout


def test_imports_go_downward_only() -> None:
    status, said = _check(PROJECT)
    assert status == 0, said


@pytest.mark.parametrize(
    ("module", "planted", "broken"),
    [
        ("tlog/planted.py", "import openhns.record.models", "Imports go downward only"),
        ("proofs/planted.py", "from openhns.formats import table", "Imports go downward only"),
        ("registry/planted.py", "from openhns.notices import models", "Imports go downward only"),
        ("newroom/__init__.py", "", "Imports go downward only"),
        ("formats/planted.py", "from django.db import models", "Floor 0 knows no Django"),
        ("proofs/planted.py", "import h3", "Reading a proof needs cryptography"),
        ("tlog/planted.py", "from openhns import sealing", "Reading a proof needs cryptography"),
        ("registry/planted.py", "import openhns.testing", "The product imports no test support"),
    ],
)
def test_a_planted_import_breaks_its_contract(
    copy: Path, module: str, planted: str, broken: str
) -> None:
    target = copy / "src" / "openhns" / module
    target.parent.mkdir(exist_ok=True)
    target.write_text(f"{planted}\n")
    status, said = _check(copy)
    assert status == 1, said
    assert any(broken in line and "BROKEN" in line for line in said.splitlines()), said


def test_every_room_of_floor_0_is_under_the_contract() -> None:
    options = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]
    contract = next(c for c in options["contracts"] if c["id"] == "floor-0-without-django")
    assert {name.removeprefix("openhns.") for name in contract["rooms"]} == FLOOR_0
