"""What is installed is locked by hash, for every computer, and names no place to get it from."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
ENTRY = re.compile(
    r"^([a-z0-9._-]+)==(\S+)(?: ; ([^\\]+?))? \\\n((?:    --hash=sha256:\S+.*\n)+)", re.MULTILINE
)


def _entries(name: str) -> list[tuple[str, str]]:
    return [(e[0], e[1]) for e in ENTRY.findall((PROJECT / name).read_text())]


def _wanted(*groups: str) -> list[Requirement]:
    options = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    texts = list(options["project"]["dependencies"])
    for group in groups:
        texts += options["dependency-groups"][group]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_is_pinned_and_hashed(name: str) -> None:
    rest = ENTRY.sub("", (PROJECT / name).read_text())
    assert [line for line in rest.splitlines() if line.strip() and "#" not in line] == []


@pytest.mark.parametrize("name", LOCKS)
def test_no_address_and_no_path_stands_in_a_lock(name: str) -> None:
    text = (PROJECT / name).read_text()
    assert not re.search(r"://|index-url|find-links| /|^/", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("requirements.lock", _wanted()), ("requirements-dev.lock", _wanted("dev"))],
)
def test_what_the_project_asks_for_is_locked(name: str, wanted: list[Requirement]) -> None:
    locked = _entries(name)
    for requirement in wanted:
        versions = [v for n, v in locked if n == canonicalize_name(requirement.name)]
        assert versions, f"{requirement} is not locked: make lock"
        assert all(requirement.specifier.contains(v) for v in versions), f"{requirement}: make lock"


def test_tests_run_with_what_the_product_ships() -> None:
    assert set(_entries("requirements.lock")) <= set(_entries("requirements-dev.lock"))


def test_what_is_installed_here_is_what_is_locked() -> None:
    locked: dict[str, set[str]] = {}
    for name, number in _entries("requirements-dev.lock"):
        locked.setdefault(name, set()).add(number)
    for requirement in _wanted("dev"):
        name = canonicalize_name(requirement.name)
        assert version(name) in locked[name], f"{name} is not as locked: make install"
