"""A column is found by what it means, in three languages, and the choice is reported."""

import json
from pathlib import Path

import pytest

from openhns.formats.columns import ColumnMap, How, map_columns, read_mapping
from openhns.formats.errors import BadMappingError, MissingColumnError
from openhns.formats.incident_fields import INCIDENT_FIELDS
from openhns.formats.movement_fields import MOVEMENT_FIELDS
from openhns.formats.site_fields import SITE_FIELDS
from openhns.formats.table import parse_table, read_table
from openhns.formats.tests.making import put
from openhns.formats.values import Table
from openhns.testing import shared


def sheet(*lines: str) -> Table:
    return parse_table("\n".join(lines).encode())


def headers(columns: ColumnMap) -> dict[str, str]:
    return {name: choice.header for name, choice in columns.choices.items()}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "Facility Name,Type,LATITUDE,Longitude ",
            {"name": 0, "type": 1, "latitude": 2, "longitude": 3},
        ),
        (
            "Nom de l'établissement,Catégorie,Latitude,Longitude,Région,Téléphone",
            {"name": 0, "type": 1, "latitude": 2, "longitude": 3, "admin1": 4, "phone": 5},
        ),
        (
            "اسم المنشأة,نوع المنشأة,خط العرض,خط الطول,المحافظة,رقم الهاتف",
            {"name": 0, "type": 1, "latitude": 2, "longitude": 3, "admin1": 4, "phone": 5},
        ),
        ("site_name,GPS Latitude (WGS84),GPS Longitude (WGS84)", {"name": 0, "latitude": 1}),
        ("siteName,lat_dd,lon_dd,ADM1_EN", {"name": 0, "latitude": 1, "longitude": 2, "admin1": 3}),
        ("name,Coordonnées GPS", {"name": 0, "position": 1}),
        ("الاسم,الإحداثيات", {"name": 0, "position": 1}),
        ("name,lat,lon,Contact name,Contact phone", {"name": 0, "contact": 3, "phone": 4}),
        ("name,lat,lon,name (local)", {"name": 0, "name_local": 3}),
        ("name,lat,lon,Accuracy (m),P-Code,Valid until", {"accuracy": 3, "pcode": 4}),
    ],
)
def test_header_words_are_understood(header: str, expected: dict[str, int]) -> None:
    columns = map_columns(sheet(header, ",".join("x" * (header.count(",") + 1))), SITE_FIELDS)
    found = {name: columns.column(name) for name in expected}
    assert found == expected


def test_tags_go_before_words() -> None:
    table = sheet(
        "Name,Latitude,Longitude,Local", "#org,#lat,#geo +lon,#loc+name", "Alice,1,2,Clinic"
    )
    columns = map_columns(table, SITE_FIELDS)
    assert headers(columns)["name"] == "Local"
    assert headers(columns)["operator"] == "Name"
    assert {columns.choices[name].how for name in ("name", "latitude")} == {How.HXL}


def test_tags_alone_are_enough() -> None:
    table = sheet("#loc +name +ar,#loc +name,#geo +lat,#geo +lon", "عيادة,Clinic,1,2")
    assert map_columns(table, SITE_FIELDS).column("name") == 1


def test_of_two_columns_that_fit_the_better_is_taken_and_the_other_named() -> None:
    table = sheet("healthcare,amenity,name,lat,lon", "doctor,clinic,Alice,1,2")
    choice = map_columns(table, SITE_FIELDS).choices["type"]
    assert (choice.header, choice.others) == ("amenity", ("healthcare",))


def test_an_empty_column_is_taken_only_where_nothing_else_fits() -> None:
    table = sheet("facility name,name,lat,lon,phone", ",Alice,1,2,")
    columns = map_columns(table, SITE_FIELDS)
    assert headers(columns)["name"] == "name"
    assert headers(columns)["phone"] == "phone"


def test_a_missing_column_is_one_sentence_with_headers_and_no_data() -> None:
    table = sheet("Clinic label,Lat,Long", "Secret Clinic,1,2")
    with pytest.raises(MissingColumnError) as caught:
        map_columns(table, SITE_FIELDS)
    message = caught.value.message
    assert caught.value.fields == ("name",)
    assert '"name of the site" (name)' in message
    assert '"Clinic label", "Lat", "Long"' in message
    assert "--mapping" in message
    assert "Secret" not in message
    assert message.count(". ") == 0


def test_half_a_position_is_a_missing_column() -> None:
    with pytest.raises(MissingColumnError) as caught:
        map_columns(sheet("name,lat", "Alice,1"), SITE_FIELDS)
    assert caught.value.fields == ("longitude",)


def test_a_mapping_overrides_and_null_leaves_a_field_out(tmp_path: Path) -> None:
    table = sheet("name,Bâtiment,lat,lon,type", "x,Alice,1,2,clinic")
    path = put(tmp_path, "mapping.json", json.dumps({"name": "batiment", "type": None}))
    columns = map_columns(table, SITE_FIELDS, read_mapping(path))
    assert columns.column("name") == 1
    assert columns.choices["name"].how is How.MAPPING
    assert "type" not in columns
    assert columns.unused == (0, 4)


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"nmae": "name"}, "does not exist"),
        ({"name": "Titel"}, "not in the sheet"),
        ({"name": "lat", "latitude": "lat"}, "one column to both"),
        ({"type": "kind"}, "stands in 2 columns"),
    ],
)
def test_a_wrong_mapping_is_said_clearly(mapping: dict[str, str], words: str) -> None:
    table = sheet("name,lat,lon,kind,kind", "Alice,1,2,a,b")
    with pytest.raises(BadMappingError, match=words):
        map_columns(table, SITE_FIELDS, mapping)


@pytest.mark.parametrize("text", ["", "[]", '{"name": 1}', "{", '{"a":' * 100_000])
def test_a_broken_mapping_file_is_said_clearly(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadMappingError, match="mapping file"):
        read_mapping(put(tmp_path, "mapping.json", text))


def test_a_report_sent_again_is_read_without_the_columns_it_added() -> None:
    table = sheet("name,name ⚠,lat,lon,OpenHNS result", "Alice,,1,2,refused")
    columns = map_columns(table, SITE_FIELDS)
    assert columns.column("name") == 0
    assert columns.choices["name"].others == ()


def test_movements_have_their_own_columns() -> None:
    table = sheet(
        "Convoi,Date de départ,Date d'arrivée,Origine,Coordonnées origine,Destination,"
        "Coordonnées destination,Nombre de véhicules,Plaques,Objet",
        "Alice 1,2024-05-01,2024-05-02,Mopti,1 2,Gao,3 4,2,AB-1,food",
    )
    columns = map_columns(table, MOVEMENT_FIELDS)
    assert list(columns.choices) == [
        "reference",
        "departure",
        "arrival",
        "origin",
        "origin_position",
        "destination",
        "destination_position",
        "vehicles",
        "plates",
        "purpose",
    ]
    assert columns.unused == ()


REGISTER = {
    "name": "Facility name",
    "type": "Facility type",
    "operator": "Ownership",
    "latitude": "Lat",
    "longitude": "Long",
    "country": "Country",
    "iso3": "iso3c",
    "admin1": "Admin1",
    "position_method": "LL source",
}


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("africa_public_health_facilities.csv.gz", 97_918),
        ("mali_public_health_facilities.csv", 1_478),
        ("niger_public_health_facilities.csv", 2_886),
        ("burkina_faso_public_health_facilities.csv", 1_721),
    ],
)
def test_the_public_registers_are_understood(name: str, rows: int) -> None:
    table = read_table(shared(f"data/registers/{name}"))
    assert table.row_count == rows
    assert table.rows[-1].number == rows + 1
    assert headers(map_columns(table, SITE_FIELDS)) == REGISTER


def test_an_export_of_openstreetmap_is_understood() -> None:
    table = read_table(shared("data/registers/libya_healthsites.csv"))
    columns = map_columns(table, SITE_FIELDS)
    assert table.row_count == 2_432
    assert headers(columns) == {
        "name": "name",
        "type": "amenity",
        "function": "speciality",
        "operator": "operator",
        "identifier": "uuid",
        "latitude": "lat",
        "longitude": "lon",
        "country": "country",
        "iso3": "iso3c",
        "place": "addr_full",
        "functioning_status": "operational_status",
        "phone": "contact_number",
    }


INCIDENTS = {
    "identifier": "SiND Event ID",
    "date": "Date",
    "description": "Event Description",
    "country": "Country",
    "iso3": "Country ISO",
    "admin1": "Admin 1",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "precision": "Geo Precision",
    "perpetrator": "Reported Perpetrator",
    "perpetrator_name": "Reported Perpetrator Name",
    "weapon": "Weapon Carried/Used",
    "killed": "Health Workers Killed",
    "injured": "Health Workers Injured",
}


@pytest.mark.parametrize(
    ("name", "place", "rows"),
    [
        ("attacks_on_health_care_2016_2023.xlsx", "Location ", 8_239),
        ("attacks_on_health_care_2023_04.json", "Location of Incident", 109),
    ],
)
def test_both_versions_of_the_attacks_are_understood(name: str, place: str, rows: int) -> None:
    table = read_table(shared(f"data/attacks/{name}"))
    found = headers(map_columns(table, INCIDENT_FIELDS))
    assert table.row_count == rows
    assert found | INCIDENTS | {"location_type": place} == found


@pytest.mark.parametrize("fields", [SITE_FIELDS, INCIDENT_FIELDS, MOVEMENT_FIELDS])
def test_no_word_belongs_to_two_fields(fields: tuple[object, ...]) -> None:
    words = [word for field in fields for word in field.words]  # type: ignore[attr-defined]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    "header",
    [
        *("Nom_structure", "Nom structure", "Nom FOSA", "FOSA", "Structure sanitaire"),
        *("Formation sanitaire", "Etablissement", "Établissement", "Libellé", "Nom de l'hôpital"),
        *("Health facility", "Hospital", "Hospital name", "Clinic", "اسم المنشأة الصحية"),
    ],
)
def test_the_words_of_the_field_for_a_facility_head_its_name(header: str) -> None:
    table = parse_table(f"{header},Latitude,Longitude,Opérateur\nA,1,2,B\n".encode())
    found = map_columns(table, SITE_FIELDS)
    assert (found.column("name"), found.column("operator")) == (0, 3)
