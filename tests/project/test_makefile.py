"""`make` explains itself, and its shell is the plainest one."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
MAKEFILE = (PROJECT / "Makefile").read_text()


def test_make_alone_explains_every_target() -> None:
    if not shutil.which("make"):
        pytest.skip("make is not installed")
    said = subprocess.check_output(["make", "--no-print-directory"], text=True, cwd=PROJECT)
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE.replace("\\\n", ""), re.MULTILINE)
    assert phony
    for target in phony[1].split():
        assert re.search(rf"^  make {target} +\S.{{10,}}", said, re.MULTILINE), target


def test_nothing_newer_than_make_3_81_is_used() -> None:
    assert ".ONESHELL" not in MAKEFILE
    assert "!=" not in MAKEFILE
    assert "$(file" not in MAKEFILE
    assert "SHELL" not in MAKEFILE
