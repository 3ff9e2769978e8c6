import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openhns.formats.csv_out import write_csv
from openhns.formats.geojson_out import write_geojson
from openhns.screening.command import run
from openhns.testing import shared

SITES = """\
id,lat,lon,accuracy_m,valid_from,valid_to
hospital,35.6142,36.6575,50,2019-04-01T00:00Z,
clinic,"35,6202","36,6575",50,2019-04-01T00:00Z,2019-05-05T12:00Z
far,34.0,36.0,50,,
"""
EVENTS = """\
event_id,latitude,longitude,accuracy_m,time
gate,35.6142,36.6600,100,2019-05-05T14:30:00Z
day,35.6142,36.6600,100,2019-05-05
before,35.6142,36.6600,100,2019-03-01T00:00:00Z
coarse,35.6142,36.6575,25000,2019-05-05T14:30:00Z
vague,35.6142,36.6575,,2019-05-05T14:30:00Z
timeless,35.6142,36.6575,10,
"""


def matched(
    folder: Path, events: str, sites: str, *options: str
) -> tuple[int, dict[tuple[str, str], tuple[float, str]]]:
    (folder / "events.csv").write_text(events, encoding="utf-8")
    (folder / "sites.csv").write_text(sites, encoding="utf-8")
    out = folder / "out.csv"
    arguments = [str(folder / "events.csv"), "--sites", str(folder / "sites.csv")]
    status = run([*arguments, "-o", str(out), *options])
    with out.open(encoding="utf-8", newline="") as file:
        found = {
            (row["event_id"], row["site_id"]): (float(row["distance_m"]), row["verdict"])
            for row in csv.DictReader(file)
        }
    return status, found


def test_place_and_time_count_with_their_uncertainty(tmp_path: Path) -> None:
    status, found = matched(tmp_path, EVENTS, SITES, "--radius", "1000")
    assert status == 0
    assert {pair: verdict for pair, (_, verdict) in found.items()} == {
        ("gate", "hospital"): "certain",
        ("day", "hospital"): "certain",
        ("day", "clinic"): "possible",  # The clinic was cancelled in the course of that day.
        ("coarse", "hospital"): "possible",
        ("vague", "hospital"): "possible",
        ("timeless", "hospital"): "possible",
        ("timeless", "clinic"): "possible",
    }
    assert found["gate", "hospital"][0] == pytest.approx(226.4, abs=0.5)


def test_an_event_known_to_25_km_is_never_certain_however_wide_the_radius(tmp_path: Path) -> None:
    _, found = matched(tmp_path, EVENTS, SITES, "--radius", "100000")
    assert found["coarse", "hospital"][1] == "possible"
    assert found["gate", "hospital"][1] == "certain"


def test_an_accuracy_can_be_stated_for_rows_without_one(tmp_path: Path) -> None:
    events, sites = "id,lat,lon\na,10,20\n", "id,lat,lon\nb,10,20.001\n"
    assert matched(tmp_path, events, sites)[1]["a", "b"][1] == "possible"
    assert matched(tmp_path, events, sites, "--accuracy", "20")[1]["a", "b"][1] == "certain"


def test_refused_rows_are_listed_with_number_and_reason_and_the_rest_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [
        "nan,1,a,",
        "91,1,b,",
        ",,c,",
        "1,2",
        "x,1,d,",
        "1_0,1,e,",
        "1,1,,",
        "1,1,f\x07,",
        "1,1,g,-5",
        "1,1,h,200000",
        "inf,1,i,",
        "12,1,j,abc",
    ]
    events = "lat,lon,id,accuracy_m\n" + "\n".join(bad) + "\n10,20,good,5\n"
    status, found = matched(tmp_path, events, "id,lat,lon,accuracy_m\ns,10,20,5\n")
    assert status == 1
    assert list(found) == [("good", "s")]
    told = [line.split(": ", 1)[1] for line in capsys.readouterr().err.splitlines()]
    assert told == [
        "row 2: refused: position_not_finite",
        "row 3: refused: position_out_of_range",
        "row 4: refused: position_empty",
        "row 5: refused: row_of_other_width",
        "row 6: refused: position_not_a_number",
        "row 7: refused: position_unreadable",
        "row 8: refused: id_empty",
        "row 9: refused: id_unusable",
        "row 10: refused: accuracy_not_a_number",
        "row 11: refused: accuracy_too_coarse",
        "row 12: refused: position_not_finite",
        "row 13: refused: accuracy_not_a_number",
    ]


def test_geojson_is_read_too_and_its_faults_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    point = {"type": "Point", "coordinates": [20.0, 10.0]}
    features = [
        {"type": "Feature", "id": "a", "geometry": point, "properties": {"accuracy_m": 5}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [True, 1]}},
        {"type": "Feature", "id": "b", "geometry": {"type": "Point", "coordinates": [10**400, 1]}},
        "none",
    ]
    whole = {"type": "FeatureCollection", "features": features}
    events = tmp_path / "events.geojson"
    events.write_text(json.dumps(whole), encoding="utf-8")
    arguments = [str(events), "--sites", str(events), "-o", str(tmp_path / "out.csv"), "--json"]
    assert run(arguments) == 1
    told = capsys.readouterr()
    assert json.loads(told.out) == {
        "events": 1,
        "sites": 1,
        "refused_events": 4,
        "refused_sites": 4,
        "certain": 1,
        "possible": 0,
        "pairs": 1,
    }
    assert "row 2: refused: not_a_point" in told.err
    assert "row 4: refused: position_out_of_range" in told.err
    assert (tmp_path / "out.csv").read_text() == (
        "event_id,site_id,distance_m,verdict\na,a,0.00,certain\n"
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"name,town\na,b\n", "no_columns"),
        (b"lat,lon\n\xff\xfe1,2\n", "not_utf8"),
        (b'{"type": "Feature"}', "not_geojson"),
        (b"{" * 100_000, "not_geojson"),
        (b'lat,lon\n"' + b"1" * 2_000_000, "unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, code: str
) -> None:
    (tmp_path / "events").write_bytes(content)
    (tmp_path / "sites").write_text("lat,lon\n1,2\n")
    out = tmp_path / "out.csv"
    assert run([str(tmp_path / "events"), "--sites", str(tmp_path / "sites"), "-o", str(out)]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert f"({code})" in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events", "sites"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["events"],
        ["absent", "--sites", "absent", "-o", "out"],
        ["e", "--sites", "s", "-o", "o", "--radius", "nan"],
        ["e", "--sites", "s", "-o", "o", "--radius", "-1"],
    ],
)
def test_misuse_is_two(arguments: list[str]) -> None:
    assert run(arguments) == 2


def test_a_result_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    points = tmp_path / "points.csv"
    points.write_text("lat,lon\n1,2\n")
    assert run([str(points), "--sites", str(points), "-o", str(tmp_path / "no" / "out.csv")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_an_id_with_commas_and_quotes_stays_whole(tmp_path: Path) -> None:
    sites = 'id,lat,lon\n"a ""b"", c",1,2\n'
    _, found = matched(tmp_path, sites, sites)
    assert list(found) == [('a "b", c', 'a "b", c')]


def test_the_command_starts_without_django_shapely_or_pyproj() -> None:
    code = (
        "import sys; from openhns.screening.command import run; run(['--help']);"
        "import openhns.screening.match_files;"
        "bad = {'django', 'shapely', 'pyproj', 'h3', 'pyogrio'} & set(sys.modules);"
        "sys.exit(len(bad))"
    )
    ended = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert ended.returncode == 0, ended.stderr


def test_a_real_register_matches_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register = str(shared("data/registers/mali_public_health_facilities.csv"))
    out = tmp_path / "out.csv"
    assert run([register, "--sites", register, "--radius", "0", "-o", str(out), "--json"]) == 1
    summary = json.loads(capsys.readouterr().out)
    assert (summary["events"], summary["refused_events"]) == (1448, 30)
    assert summary["possible"] >= 1448
    assert summary["certain"] == 0


@pytest.mark.parametrize(("name", "write"), [("b.csv", write_csv), ("b.geojson", write_geojson)])
def test_a_bundle_of_ours_is_read_with_its_end_of_validity_and_no_false_accuracy(
    tmp_path: Path, name: str, write: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """`precision_m` is how finely a position is written, not how far off it may be."""
    point = {"type": "Point", "coordinates": [-366_575_000, 356_142_000]}
    ring = [[-366_575_000, 356_142_000], [-366_500_000, 356_142_000], [-366_500_000, 356_100_000]]
    told = {"precision_m": 1, "valid_from": "2019-04-01T00:00:00.000000Z"}
    features = [
        {"id": "stated", "geometry": point, "properties": {"accuracy_m": 50, **told}},
        {"id": "unstated", "geometry": point, "properties": told},
        {
            "id": "ended",
            "geometry": point,
            "properties": {"accuracy_m": 50, **told, "valid_until": "2019-05-01T00:00:00Z"},
        },
        {
            "id": "cell",
            "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
            "properties": told,
        },
    ]
    write(tmp_path / name, features)
    events = tmp_path / "events.csv"
    events.write_text("id,lat,lon,accuracy_m,time\ngate,35.6142,-36.66,100,2019-05-05T14:30Z\n")
    out = tmp_path / "out.csv"
    assert run([str(events), "--sites", str(tmp_path / name), "-o", str(out)]) == 1
    with out.open(encoding="utf-8", newline="") as file:
        found = {row["site_id"]: row["verdict"] for row in csv.DictReader(file)}
    assert found == {"stated": "certain", "unstated": "possible"}
    reason = "not_a_point" if name == "b.geojson" else "position_empty"
    assert f"refused: {reason}\n" in capsys.readouterr().err
