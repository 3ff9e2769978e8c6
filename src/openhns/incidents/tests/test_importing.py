"""Files of incidents: every row ends in one of three, and no claim is ever overwritten."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from openhns.formats.errors import MissingColumnError
from openhns.incidents.actions import do_import_incidents
from openhns.incidents.errors import ColumnsMissing, CountryUnknown, ReportNotWritable
from openhns.incidents.importing import Imported, Request
from openhns.incidents.models import Claim, Incident, Match
from openhns.incidents.tests.building import GAO, TOLD, send
from openhns.mechanism.errors import NotAllowed
from openhns.notices.models import Notice
from openhns.notices.tests.building import add_listing, site_facts
from openhns.record.actions import do_tick
from openhns.record.audit import audit_logs
from openhns.record.models import Event, Log
from openhns.testing import shared
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
SHEET = "data/attacks/attacks_on_health_care_2016_2023.xlsx"
OLDER = "data/attacks/attacks_on_health_care_2023_04.json"
HEADER = "SiND Event ID,Date,Event Description,Country,Latitude,Longitude,Geo Precision"

FAULTY_ROWS = (
    '1,2023-04-30,"A ward was hit.",Mali,16.2716,-0.0446,(2) 25 km',
    '2,,"Without a date.",Mali,16.2716,-0.0446,(2) 25 km',
    '3,soon,"Unreadable.",Mali,16.2716,-0.0446,(2) 25 km',
    '4,2023-04-30,"Off the globe.",Mali,96.2,-0.0446,(2) 25 km',
    '5,2023-04-30,"Half.",Mali,16.2,,(2) 25 km',
    '6,2023-04-30,"Not finite.",Mali,NaN,inf,(2) 25 km',
    '7,2023-04-30,"Swapped.",Mali,-0.0446,16.2716,(2) 25 km',
    '8,2023-04-30,"Elsewhere.",Mali,48.2,16.3,(2) 25 km',
    '9,2023-04-30,"No coordinates.",Mali,,,(2) 25 km',
    '10,2023-04-30,"No coordinates, country.",Mali,,,(6) Country',
    '11,2023-04-30,"Null.",Mali,0,0,(2) 25 km',
    '12,2023-04-30,"No precision.",Mali,16.2716,-0.0446,',
    '13,December 2023,"A month.",Mali,16.2716,-0.0446,(2) 25 km',
    ',2023-04-30,"No identifier.",Mali,16.2716,-0.0446,(2) 25 km',
    '15,2199-01-01,"Tomorrow.",Mali,16.2716,-0.0446,(2) 25 km',
    '16,2023-04-30,"Nowhere.",Atlantis,16.2716,-0.0446,(2) 25 km',
    '17,2023-04-30,"Covered by none.",Chad,12.1,15.0,(2) 25 km',
    '1,2023-05-01,"The same identifier.",Mali,16.2716,-0.0446,(2) 25 km',
    '1,2023-04-30,"A ward was hit.",Mali,16.2716,-0.0446,(2) 25 km',
)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def imported(world: World, path: Path, **options: Any) -> Imported:
    return do_import_incidents(
        Request(path, **options),
        mechanism=world.mechanism,
        acting_user=world.bob,
        tell=lambda *_: None,
    )


def sheet(folder: Path, *rows: str, header: str = HEADER, name: str = "attacks.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def sums(done: Imported) -> None:
    assert done.accepted + done.warned + done.refused == done.rows
    assert done.rows + done.outside == done.file_rows


def test_the_real_attacks_on_mali_add_up_and_older_claims_stand_beside_newer(
    world: World,
) -> None:
    older = imported(world, shared(OLDER), country="MLI")
    add_listing(world, site_facts("Hôpital de Gao"), {world.parties[0]: "exact"})
    send(world, TOLD)

    done = imported(world, shared(SHEET), country="Mali")

    sums(older)
    assert (older.file_rows, older.rows, older.claims) == (109, 1, 1)
    sums(done)
    assert (done.file_rows, done.rows, done.outside) == (8_239, 146, 8_093)
    assert (done.accepted, done.warned, done.refused) == (129, 17, 0)
    assert done.reasons["warned"] == {"garbled_text": 14, "dates_differ": 3}
    assert (done.incidents, done.claims) == (145, 146)
    assert done.matches["claims_none"] == 146  # Every attack was before the notice.
    twice = [item for item in Incident.objects.all() if item.claims.count() > 1]
    assert [item.id for item in twice] == [older.incident_ids[0]]
    _check_claims([claim.content for claim in Claim.objects.all()])


def _check_claims(contents: list[dict[str, Any]]) -> None:
    """Every cell is kept, and what a source reports stands as reported."""
    from_sheet = [item for item in contents if len(item["verbatim"]) == 35]
    assert Counter(item["precision_m"] for item in from_sheet) == {25_000: 90, None: 56}
    assert all(item["source"].startswith("Insecurity Insight") for item in contents)
    cells = dict(from_sheet[0]["verbatim"])
    facts = from_sheet[0]["facts"]
    assert cells["Reported Perpetrator"].strip() == facts["reported_perpetrator"]
    assert (from_sheet[0]["source_id"], cells["Location "]) == (
        cells["SiND Event ID"],
        facts["reported_location"],
    )


def test_attacks_while_a_place_was_held_are_possible_at_25_km(world: World) -> None:
    add_listing(world, site_facts("Hôpital de Gao"), {world.parties[0]: "exact"})
    add_listing(world, site_facts("Far", (110_000_000, -80_000_000)), {world.parties[0]: "exact"})
    send(world, TOLD.replace(year=2012))
    Notice.objects.update(valid_from=TOLD.replace(year=2012))

    done = imported(world, shared(SHEET), country="MLI")

    assert done.matches["certain"] == 0
    assert done.matches["possible"] == Match.objects.count() > 0
    assert set(Match.objects.values_list("verdict", flat=True)) == {"possible"}
    assert done.matches["possible_somewhere"] == 2 * 56
    assert {match.notice.listing for match in Match.objects.select_related("notice__listing")} == {
        world.mechanism.listing_set.order_by("registered_at")[0]
    }


def test_the_same_rows_again_write_nothing(world: World) -> None:
    imported(world, shared(OLDER))
    events, claims = Event.objects.count(), Claim.objects.count()

    again = imported(world, shared(OLDER))

    sums(again)
    assert (again.incidents, again.claims, again.unchanged) == (0, 0, 109)
    assert (Event.objects.count(), Claim.objects.count()) == (events, claims)


def test_each_claim_has_one_event_and_the_audit_finds_nothing_amiss(world: World) -> None:
    imported(world, shared(OLDER))
    do_tick(world.mechanism.id)

    assert Event.objects.filter(name="incident:reported").count() == 109
    assert not audit_logs(Log.objects.all()).findings


def test_every_fault_of_a_row_has_its_reason_beside_the_cell(world: World, tmp_path: Path) -> None:
    path = sheet(tmp_path, *FAULTY_ROWS)
    out = tmp_path / "report.xlsx"

    done = imported(world, path, report=out)

    sums(done)
    assert (done.rows, done.accepted, done.warned, done.refused) == (19, 3, 10, 6)
    assert done.reasons["refused"] == {
        "date_missing": 1,
        "date_unreadable": 1,
        "position_out_of_range": 1,
        "position_half": 1,
        "position_unreadable": 1,
        "date_in_future": 1,
    }
    assert done.reasons["warned"] == {
        "axes_swapped": 1,
        "outside_country": 1,
        "position_missing": 1,
        "position_null_island": 1,
        "precision_missing": 1,
        "date_vague": 1,
        "no_identifier": 1,
        "country_unknown": 1,
        "outside_mechanism": 1,
        "identifier_repeated": 1,
    }
    assert (done.incidents, done.claims, done.unchanged) == (11, 12, 1)
    said = [cell.value for row in load_workbook(out).worksheets[0].iter_rows() for cell in row]
    assert sum("cannot be read" in str(value) for value in said) >= 1
    assert "Swapped." in said


def test_a_place_that_contradicts_its_country_bounds_nothing(world: World, tmp_path: Path) -> None:
    imported(world, sheet(tmp_path, '1,2023-04-30,"Swapped.",Mali,-0.0446,16.2716,(2) 25 km'))

    content = Claim.objects.get().content
    assert content["precision_m"] is None
    assert content["position"] == {"lat_e7": GAO[1], "lon_e7": GAO[0]}
    assert dict(content["verbatim"])["Latitude"] == "-0.0446"


def test_a_dry_run_says_the_same_and_writes_nothing(world: World) -> None:
    dry = imported(world, shared(OLDER), dry_run=True)

    assert not Incident.objects.exists()
    done = imported(world, shared(OLDER))
    assert (dry.accepted, dry.warned, dry.claims) == (done.accepted, done.warned, done.claims)


def test_what_cannot_be_done_is_refused_before_anything_is_written(
    world: World, tmp_path: Path
) -> None:
    no_date = sheet(tmp_path, "1,x,Mali", header="SiND Event ID,Event Description,Country")
    with pytest.raises(MissingColumnError):
        imported(world, no_date)
    no_country = sheet(tmp_path, "1,2023-04-30", header="id,Date", name="b.csv")
    with pytest.raises(ColumnsMissing):
        imported(world, no_country, country="MLI")
    with pytest.raises(CountryUnknown):
        imported(world, no_country, country="Atlantis")
    with pytest.raises(ReportNotWritable):
        imported(world, no_country, report=tmp_path / "absent" / "report.xlsx")
    with pytest.raises(NotAllowed):
        do_import_incidents(
            Request(no_country),
            mechanism=world.mechanism,
            acting_user=world.outsider,
            tell=lambda *_: None,
        )
    assert not Incident.objects.exists()


def test_hostile_cells_are_kept_as_they_came(world: World, tmp_path: Path) -> None:
    path = tmp_path / "hostile.json"
    cells = {
        "id": "=cmd()",
        "Date": "2023-04-30",
        "Description": "half a pair \ud800, \u202e reversed",
        "Страна": "Mali",
        "Number": 2**80,
        "Float": 0.1,
    }
    path.write_text(json.dumps([cells]), encoding="utf-8")

    done = imported(world, path)

    assert done.warned == 1
    kept = dict(Claim.objects.get().content["verbatim"])
    assert kept["id"] == "=cmd()"
    assert kept["Float"] == "0.1"
    assert kept["Страна"] == "Mali"
    do_tick(world.mechanism.id)
    assert not audit_logs(Log.objects.all()).findings


def test_a_mapping_names_columns_that_no_word_would_find(world: World, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["k1", "k2"], ["2023-04-30", "A ward was hit."]])
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"date": "k1", "description": "k2"}', encoding="utf-8")

    done = imported(world, path, mapping=mapping)

    assert done.claims == 1
    assert Claim.objects.get().content["words"] == "A ward was hit."
