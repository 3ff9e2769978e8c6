"""A bundle is exact, states its count and hash, and runs nothing on the liaison's machine."""

import hashlib
import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhns.formats.csv_out import check_csv, original_text, safe_text, write_csv
from openhns.formats.errors import BundleAlteredError, FormatError, NotWritableError
from openhns.formats.exact import decimal_degrees
from openhns.formats.geojson_out import check_geojson, write_geojson
from openhns.formats.table import read_table

RING = [[10, 20], [30, 20], [30, 40], [10, 20]]
FEATURES: list[dict[str, Any]] = [
    {
        "id": "a-1",
        "geometry": {"type": "Point", "coordinates": [-79450400, 126000600]},
        "properties": {"name": "=1+1", "phone": "+223 76", "beds": -4, "none": None},
    },
    {
        "id": "a-2",
        "geometry": {"type": "Polygon", "coordinates": [RING]},
        "properties": {"name": 'عيادة "A",\nB', "closed": True, "tags": ["x", 1]},
    },
    {"id": "a-3", "geometry": None, "properties": {"name": "presence"}},
]


@given(st.integers(-1_800_000_000, 1_800_000_000))
def test_degrees_are_written_exactly(value: int) -> None:
    assert Decimal(decimal_degrees(value)) == Decimal(value) / 10_000_000
    assert round(float(decimal_degrees(value)) * 10_000_000) == value


def test_geojson_holds_the_features_and_what_it_states(tmp_path: Path) -> None:
    path = tmp_path / "bundle.geojson"
    stated = write_geojson(path, iter(FEATURES), facts={"party": "Party A"})
    read = json.loads(path.read_text(), parse_float=Decimal)
    assert read["openhns"] == {"party": "Party A", "count": 3, "sha256": stated.sha256}
    assert read["features"][0]["geometry"] == {
        "type": "Point",
        "coordinates": [Decimal("-7.94504"), Decimal("12.60006")],
    }
    assert "0.0000010" not in path.read_text()
    assert [feature["properties"] for feature in read["features"]] == [
        feature["properties"] for feature in FEATURES
    ]
    assert check_geojson(path) == stated


def test_the_hash_of_geojson_can_be_checked_without_this_software(tmp_path: Path) -> None:
    path = tmp_path / "bundle.geojson"
    stated = write_geojson(path, FEATURES)
    command = f"grep '^{{\"type\":\"Feature\",' {path} | sed 's/,$//' | sha256sum"
    ran = subprocess.run(["sh", "-c", command], capture_output=True, check=True)
    assert ran.stdout.decode().split()[0] == stated.sha256


def test_csv_holds_the_features_and_what_it_states(tmp_path: Path) -> None:
    path = tmp_path / "bundle.csv"
    stated = write_csv(path, FEATURES)
    table = read_table(path)
    assert table.header == (
        *("id", "latitude", "longitude", "outline_wkt", "name", "phone", "beds", "none"),
        *("closed", "tags", f"openhns rows=3 sha256={stated.sha256}"),
    )
    first, second, third = (row.cells for row in table.rows)
    assert first[:8] == ("a-1", "12.60006", "-7.94504", None, "'=1+1", "'+223 76", "-4", None)
    wkt = "POLYGON ((0.000001 0.000002,0.000003 0.000002,0.000003 0.000004,0.000001 0.000002))"
    assert second[3:5] == (wkt, 'عيادة "A",\nB')
    assert second[8:] == ("true", '["x",1]', "2")
    assert third[1:4] == (None, None, None)
    body = path.read_bytes().split(b"\n", 1)[1]
    assert hashlib.sha256(body).hexdigest() == stated.sha256
    assert check_csv(path) == stated


@pytest.mark.parametrize("kind", ["geojson", "csv"])
def test_an_empty_bundle_states_that_it_is_empty(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"bundle.{kind}"
    stated = write_geojson(path, []) if kind == "geojson" else write_csv(path, [])
    assert stated.count == 0
    assert (check_geojson(path) if kind == "geojson" else check_csv(path)) == stated


def test_a_changed_or_cut_bundle_is_noticed(tmp_path: Path) -> None:
    geojson, csv = tmp_path / "bundle.geojson", tmp_path / "bundle.csv"
    write_geojson(geojson, FEATURES)
    write_csv(csv, FEATURES)
    for path, check in ((geojson, check_geojson), (csv, check_csv)):
        whole = path.read_bytes()
        last_row = b',\n{"type":"Feature","id":"a-3"' if path is geojson else b"a-3"
        for damaged in (
            whole.replace(b"7.94504", b"7.94505"),
            whole[: whole.find(last_row)],
            whole.replace(b"presence", b"absence"),
            b"",
        ):
            path.write_bytes(damaged)
            with pytest.raises(BundleAlteredError):
                check(path)


@given(st.text())
def test_a_text_made_safe_can_be_made_original_again(text: str) -> None:
    safe = safe_text(text)
    assert not safe.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert original_text(safe) == text


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [12.5, 7.5]},
        {"type": "Point", "coordinates": [True, 1]},
        {"type": "Point", "coordinates": [1_800_000_001, 1]},
        {"type": "Point", "coordinates": [1, 900_000_001]},
        {"type": "Point", "coordinates": [1, 2, 3]},
        {"type": "Polygon", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Circle", "coordinates": [1, 2]},
    ],
)
def test_a_geometry_that_is_not_exact_is_refused_and_nothing_written(
    tmp_path: Path, geometry: dict[str, Any]
) -> None:
    feature = {"geometry": geometry, "properties": {}}
    for write in (write_geojson, write_csv):
        with pytest.raises(NotWritableError):
            write(tmp_path / "bundle", [feature])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [1.5, {"a": [float("nan")]}, "A\ud800"])
def test_a_property_that_cannot_be_written_exactly_is_refused(tmp_path: Path, value: Any) -> None:
    feature = {"geometry": None, "properties": {"x": value}}
    for write in (write_geojson, write_csv):
        with pytest.raises(FormatError):
            write(tmp_path / "bundle", [feature])
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_replaces_an_older_one_whole(tmp_path: Path) -> None:
    path = tmp_path / "bundle.geojson"
    write_geojson(path, FEATURES)
    before = path.read_bytes()
    with pytest.raises(NotWritableError):
        write_geojson(path, [*FEATURES, {"geometry": None, "properties": {"x": 1.5}}])
    assert path.read_bytes() == before
    assert write_geojson(path, FEATURES[:1]).count == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["bundle.geojson"]
