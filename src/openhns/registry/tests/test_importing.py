from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import openpyxl
import pytest
from django.db import connection

from openhns.formats.errors import FormatError
from openhns.mechanism.access import NotAllowed
from openhns.mechanism.models import Organisation
from openhns.parties.models import Party
from openhns.record.models import Event
from openhns.registry.actions import do_clear_passing, do_import_sheet, do_remove
from openhns.registry.actions.importing import Request
from openhns.registry.errors import OrganisationUnknown
from openhns.registry.models import Consent, Listing, SheetImport, Version
from openhns.registry.models.consent import Grade
from openhns.registry.tests.building import HEADER, import_sheet, sheet_rows, write_sheet
from openhns.testing_world import World, make_world


@pytest.fixture
def world(data_folder: Path, transactional_db: None) -> World:
    del data_folder, transactional_db
    return make_world()


def counts(done: Any) -> tuple[int, int, int, int]:
    assert done.accepted + done.warned + done.refused == done.rows
    return done.rows, done.accepted, done.warned, done.refused


def nothing_written() -> bool:
    tables = (Listing, Version, SheetImport, Consent)
    return not any(table.objects.exists() for table in tables)


def grades(world: World) -> dict[Party, Grade]:
    return dict(zip(world.parties, (Grade.EXACT, Grade.VICINITY), strict=True))


def test_every_row_ends_in_exactly_one_of_three(world: World, tmp_path: Path) -> None:
    rows = sheet_rows(3)
    rows += [["X-1", "Coarse clinic", "Clinic", "16.9", "-0.1"], ["X-2", "", "Clinic", "", ""]]
    report = tmp_path / "report.xlsx"

    done = import_sheet(world, write_sheet(tmp_path, rows), consents=grades(world), report=report)

    assert counts(done) == (5, 3, 1, 1)
    assert done.reasons == {
        "refused": {"required-fields": 1},
        "warned": {"too-few-decimals": 1},
        "not_checked": {},
    }
    assert done.mapping["identifier"] == "Site ID"
    assert (Listing.objects.count(), Version.objects.count()) == (4, 4)
    assert Consent.objects.count() == 8
    names = {"site:submitted": 4, "consent:given": 8, "sheet:imported": 1}
    for name, count in names.items():
        assert Event.objects.filter(name=name).count() == count
    row = openpyxl.load_workbook(report).worksheets[0]
    cells = [[cell.value for cell in line] for line in row.iter_rows()]
    assert cells[0][-2:] == ["OpenHNS result", "OpenHNS reasons"]
    assert [line[-2] for line in cells[1:]] == ["accepted"] * 3 + ["warned", "refused"]
    assert "The name of the site is missing." in cells[5]
    original = [cells[4][cells[0].index(title)] for title in HEADER]
    assert original == rows[3]  # Untouched.


def test_a_dry_run_writes_nothing_and_counts_the_same(world: World, tmp_path: Path) -> None:
    path = write_sheet(tmp_path, [*sheet_rows(2), ["X", "No place", "", "", ""]])

    dry = import_sheet(world, path, dry_run=True, report=tmp_path / "report.xlsx")

    assert counts(dry) == (3, 2, 0, 1)
    assert nothing_written()
    assert (tmp_path / "report.xlsx").exists()
    assert counts(import_sheet(world, path)) == counts(dry)


def test_the_same_file_again_answers_alike_and_writes_nothing(world: World, tmp_path: Path) -> None:
    path = write_sheet(tmp_path, [*sheet_rows(2), ["X", "No place", "", "", ""]])
    first = import_sheet(world, path)
    events = Event.objects.count()

    again = import_sheet(world, path, consents=grades(world), report=tmp_path / "report.xlsx")

    assert again.repeated
    assert counts(again) == counts(first)
    assert (again.reasons, again.import_id) == (first.reasons, first.import_id)
    assert any("consents" in note for note in again.notes)
    assert Event.objects.count() == events
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx").worksheets[0]
    assert [sheet.cell(line, sheet.max_column - 1).value for line in (2, 3, 4)] == [
        "accepted",
        "accepted",
        "refused",
    ]


def test_a_corrected_sheet_amends_what_changed_and_leaves_the_rest(
    world: World, tmp_path: Path
) -> None:
    rows = [*sheet_rows(3), ["ML-4", "", "Clinic", "16.5001", "-0.0401"]]
    import_sheet(world, write_sheet(tmp_path, rows), consents=grades(world))
    do_clear_passing(world.mechanism, acting_user=world.bob)
    rows[1][3] = "16.99999"
    rows[3][1] = "The name that was missing"

    done = import_sheet(world, write_sheet(tmp_path, rows, name="b.csv"), consents=grades(world))

    assert done.changes == {"added": 1, "amended": 1, "reopened": 0, "unchanged": 2}
    assert Listing.objects.count() == 4
    assert Version.objects.filter(number=2, action="amend").count() == 1
    assert Consent.objects.count() == 8
    assert do_clear_passing(world.mechanism, acting_user=world.bob).cleared == 2


def test_a_removed_site_that_a_sheet_lists_again_is_counted_apart(
    world: World, tmp_path: Path
) -> None:
    import_sheet(world, write_sheet(tmp_path, sheet_rows(2)))
    do_remove(Listing.objects.order_by("id")[0], "It has closed.", acting_user=world.alice)
    do_clear_passing(world.mechanism, acting_user=world.bob)

    done = import_sheet(world, write_sheet(tmp_path, sheet_rows(3)))

    assert done.changes == {"added": 1, "amended": 0, "reopened": 1, "unchanged": 1}


def test_without_identifiers_equal_rows_are_known_again(world: World, tmp_path: Path) -> None:
    rows = [row[1:] for row in sheet_rows(3)]
    import_sheet(world, write_sheet(tmp_path, rows, HEADER[1:]))

    more = [*rows, *[row[1:] for row in sheet_rows(1, start=9)]]
    done = import_sheet(world, write_sheet(tmp_path, more, HEADER[1:], "b.csv"))

    assert done.changes == {"added": 1, "amended": 0, "reopened": 0, "unchanged": 3}


def test_one_identifier_on_two_rows_refuses_the_second(world: World, tmp_path: Path) -> None:
    rows = sheet_rows(20)
    rows[0][1] = ""  # Refused, so it takes no identifier from the good row.
    rows[5][0] = "ml-1 "
    rows[7][0] = "ML-9"

    done = import_sheet(world, write_sheet(tmp_path, rows))

    assert done.reasons["refused"] == {"required-fields": 1, "identifier-once": 1}
    assert Listing.objects.count() == 18


def test_a_column_that_tells_no_rows_apart_is_no_identifier(world: World, tmp_path: Path) -> None:
    rows = [["ML-05", *row[1:]] for row in sheet_rows(4)]

    done = import_sheet(world, write_sheet(tmp_path, rows))

    assert counts(done) == (4, 4, 0, 0)
    assert any("identifier" in note for note in done.notes)


def test_a_register_that_repeats_a_row_is_told(world: World, tmp_path: Path) -> None:
    rows = sheet_rows(3)
    rows.append(["ML-4", *rows[0][1:]])

    done = import_sheet(world, write_sheet(tmp_path, rows))

    assert done.reasons["warned"] == {"repeated-row": 1}


def test_movements_are_imported(world: World, tmp_path: Path) -> None:
    header = (
        "Convoy", "Departure", "Arrival", "Origin latitude", "Origin longitude",
        "Destination latitude", "Destination longitude",
    )  # fmt: skip
    row = (
        "C-7",
        "2031-05-01 06:00",
        "2031-05-01 18:00",
        "16.27162",
        "-0.04461",
        "15.65967",
        "0.5022",
    )
    path = write_sheet(tmp_path, [row, ("C-8", "soon", *row[2:])], header)

    done = import_sheet(world, path, kind=Listing.Kind.MOVEMENT)

    assert counts(done) == (2, 1, 0, 1)
    assert done.reasons["refused"] == {"valid-dates": 1}
    assert do_clear_passing(world.mechanism, acting_user=world.bob).cleared == 1
    assert Listing.objects.get().status == "cleared"


def test_an_unknown_organisation_is_entered_in_the_same_transaction(
    world: World, tmp_path: Path
) -> None:
    path = write_sheet(tmp_path, sheet_rows(2))
    as_root = {"organisation": "Red Crescent", "acting_user": world.administrator}
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"")

    with pytest.raises(FormatError):
        import_sheet(world, broken, **as_root)
    import_sheet(world, path, dry_run=True, **as_root)
    assert Organisation.objects.count() == 1

    done = import_sheet(world, path, **as_root)
    assert done.organisation_entered
    assert Organisation.objects.count() == 2
    assert not import_sheet(
        world, write_sheet(tmp_path, sheet_rows(3)), **as_root
    ).organisation_entered


def test_under_two_persons_an_unknown_organisation_is_refused(
    data_folder: Path, transactional_db: None, tmp_path: Path
) -> None:
    del data_folder, transactional_db
    world = make_world("two-person")
    path = write_sheet(tmp_path, sheet_rows(2))

    with pytest.raises(OrganisationUnknown, match="organisation apply"):
        import_sheet(world, path, organisation="Unheard of", acting_user=world.administrator)
    with pytest.raises(NotAllowed):
        import_sheet(world, path, acting_user=world.administrator)
    assert counts(import_sheet(world, path)) == (2, 2, 0, 0)


def test_two_imports_of_one_file_at_once_write_it_once(world: World, tmp_path: Path) -> None:
    path = write_sheet(tmp_path, sheet_rows(5))
    together = Barrier(2)

    def send(_: int) -> bool:
        try:
            together.wait()
            return import_sheet(world, path).repeated
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, range(2))) == [False, True]
    assert (Listing.objects.count(), SheetImport.objects.count()) == (5, 1)


def test_a_mapping_overrules_the_headers(world: World, tmp_path: Path) -> None:
    rows = [["a", "Clinic of Gao", "16.27162", "-0.04461"]]
    path = write_sheet(tmp_path, rows, ("name", "official", "lat", "lon"))
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"name": "official"}')

    done = do_import_sheet(
        Request(path, "Ministry of Health", mapping=mapping),
        mechanism=world.mechanism,
        acting_user=world.alice,
    )

    assert done.mapping["name"] == "official"
    assert Version.objects.get().content["name"] == "Clinic of Gao"


def test_an_import_and_a_clearance_at_once_both_end(world: World, tmp_path: Path) -> None:
    import_sheet(world, write_sheet(tmp_path, sheet_rows(40)))
    rows = [[*row[:3], f"{float(row[3]) + 0.0005:.5f}", row[4]] for row in sheet_rows(60)]
    corrected = write_sheet(tmp_path, rows, name="b.csv")
    together = Barrier(2)

    def act(number: int) -> int:
        try:
            together.wait()
            if number:
                return do_clear_passing(world.mechanism, acting_user=world.bob).cleared
            return import_sheet(world, corrected).accepted
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        imported, cleared = pool.map(act, (0, 1))

    later = do_clear_passing(world.mechanism, acting_user=world.bob).cleared
    assert (imported, Listing.objects.filter(status="active").count()) == (60, 60)
    assert Version.objects.filter(status="cleared").count() == cleared + later
    assert not Version.objects.filter(status="submitted").exists()


def test_columns_that_nothing_is_read_from_are_listed(world: World, tmp_path: Path) -> None:
    row = ["ML-1", "Clinic of Gao", "16.27162", "-0.04461", "12", "Asma"]
    header = ("Code", "Nom FOSA", "Latitude", "Longitude", "Beds", "Opérateur")
    path = write_sheet(tmp_path, [row], header)

    for _ in range(2):
        done = import_sheet(world, path)
        assert (done.mapping["name"], done.mapping["operator"]) == ("Nom FOSA", "Opérateur")
        assert done.unused == ("Beds",)
