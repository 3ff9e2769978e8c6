"""The parts of the pages that others have written are pinned, licensed, and in the package."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
VENDOR = PROJECT / "src" / "openhns" / "ui" / "static" / "vendor"
IN_WHEEL = "openhns/ui/static/vendor"
FREE = {"ISC", "MIT", "BSD-2-Clause", "BSD-3-Clause", "(MIT OR Apache-2.0)"}
LOCK = json.loads((PROJECT / "frontend" / "package-lock.json").read_text())
PARTS = {path: entry for path, entry in LOCK["packages"].items() if path}


def test_every_part_is_pinned_by_hash_and_names_no_place_to_get_it_from() -> None:
    assert [path for path, entry in PARTS.items() if "integrity" not in entry] == []
    assert [path for path, entry in PARTS.items() if "resolved" in entry] == []


def test_no_part_runs_a_script_when_it_is_installed() -> None:
    assert [path for path, entry in PARTS.items() if entry.get("hasInstallScript")] == []


def test_every_part_is_free_to_pass_on_and_its_licence_goes_with_it() -> None:
    assert [path for path, entry in PARTS.items() if entry["license"] not in FREE] == []
    texts = (VENDOR / "LICENCES.txt").read_text()
    for path, entry in PARTS.items():
        name = path.removeprefix("node_modules/")
        assert f"{name} {entry['version']} (" in texts or name.startswith("@types/")


def test_the_parts_are_made_from_what_is_locked_now() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import hatch_build; print(hatch_build.wanted_stamp())"],
        check=True,
        capture_output=True,
        text=True,
        cwd=PROJECT,
    )
    assert (VENDOR / "stamp.txt").read_text() == said.stdout.strip(), "make install"


def test_no_part_points_to_another_host() -> None:
    shipped = (VENDOR / "maplibre" / "maplibre-gl.css").read_text()
    assert "url(http" not in shipped
    for path in VENDOR.rglob("*.mjs"):
        assert "sourceMappingURL" not in path.read_text()


@pytest.mark.slow
def test_a_wheel_carries_the_parts_and_no_test(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        check=True,
        capture_output=True,
        cwd=PROJECT,
    )
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    parts = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert {"maplibre/maplibre-gl.mjs", "maplibre/maplibre-gl.mjs.gz", "towns/SYR.json"} <= parts
    assert {f"{IN_WHEEL}/{part}" for part in parts} <= names
    assert "openhns/ui/templates/ui/map.html" in names
    assert [name for name in names if "/tests/" in name] == []


def test_without_a_registry_the_build_says_what_to_do(tmp_path: Path) -> None:
    program = (
        "import pathlib, hatch_build\n"
        f"hatch_build.VENDOR = pathlib.Path({str(tmp_path)!r}) / 'vendor'\n"
        "hatch_build.bring_in()"
    )
    nowhere = {
        "NPM_CONFIG_REGISTRY": "http://127.0.0.1:9/",
        "NPM_CONFIG_CACHE": str(tmp_path / "cache"),
        "NPM_CONFIG_FETCH_RETRIES": "0",
    }
    said = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env={**os.environ, **nowhere},
    )
    assert said.returncode != 0
    assert "NPM_CONFIG_REGISTRY" in said.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
