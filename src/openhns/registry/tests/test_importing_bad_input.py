"""Bad input: a named error, a sentence, and nothing written."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from openhns.formats.errors import FormatError
from openhns.formats.tests.making import put, sheet_xml, with_sheet_xml
from openhns.parties.models import Party
from openhns.registry.actions.importing import Request, do_import_sheet
from openhns.registry.errors import ReportNotWritable, ReportNotWritten
from openhns.registry.models import Consent, Listing, SheetImport, Version
from openhns.registry.models.consent import Grade
from openhns.registry.tests.building import import_sheet, sheet_rows, write_sheet
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


def encrypted(path: Path) -> None:
    """Write the outer shape of a workbook with a password: OLE with an encrypted package."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    path.write_bytes(head + "EncryptedPackage".encode("utf-16-le") + bytes(512))


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 300_000_000)


def other_archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")


def document(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7 " + bytes(100))


BAD_FILES: dict[str, Callable[[Path], object]] = {
    "file_missing": Path.exists,
    "file_empty": Path.touch,
    "file_password_protected": encrypted,
    "file_too_large": sparse,
    "file_wrong_type": document,
}


@pytest.mark.parametrize("code", BAD_FILES)
def test_a_file_that_cannot_be_used_is_named_and_nothing_is_written(
    world: World, tmp_path: Path, code: str
) -> None:
    path = tmp_path / "register.xlsx"
    BAD_FILES[code](path)

    with pytest.raises(FormatError) as error:
        import_sheet(world, path, consents=grades(world))

    assert error.value.code == code
    assert "register" not in str(error.value)
    assert nothing_written()


def test_an_archive_that_is_no_sheet_is_refused(world: World, tmp_path: Path) -> None:
    path = tmp_path / "register.csv.gz"
    other_archive(path)

    with pytest.raises(FormatError):
        import_sheet(world, path)
    assert nothing_written()


def test_a_wrongly_named_file_is_read_by_its_content(world: World, tmp_path: Path) -> None:
    path = write_sheet(tmp_path, sheet_rows(2), name="sites.xlsx")

    done = import_sheet(world, path)

    assert counts(done) == (2, 2, 0, 0)
    assert any("read as" in note for note in done.notes)


def test_a_missing_column_is_one_sentence(world: World, tmp_path: Path) -> None:
    path = write_sheet(tmp_path, [["x", "1"]], ("Name", "Beds"))

    with pytest.raises(FormatError, match="latitude") as error:
        import_sheet(world, path)

    assert error.value.code == "missing_column"
    assert nothing_written()


def test_a_sheet_without_rows_is_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        import_sheet(world, write_sheet(tmp_path, []))


def test_bad_cells_are_told_beside_them(world: World, tmp_path: Path) -> None:
    rows = [
        ["1", "=HYPERLINK(1)", "Clinic", "16.27162", "-0.04461"],
        ["2", "Con\x07trol", "Clinic", "16.28162", "-0.04461"],
        ["3", "Broken \ufffd name", "Clinic", "16.29162", "-0.04461"],
        ["4", "NaN", "Clinic", "NaN", "-0.04461"],
        ["5", "Infinite", "Clinic", "inf", "-0.04461"],
        ["6", "Too far", "Clinic", "91.5", "-0.04461"],
        ["7", "Sound", "Clinic", "16.30162", "-0.04461"],
    ]

    done = import_sheet(world, write_sheet(tmp_path, rows), report=tmp_path / "r.xlsx")

    assert counts(done) == (7, 1, 3, 3)
    assert done.reasons["warned"] == {"readable-text": 3}
    assert done.reasons["refused"] == {"position-parses": 3}
    names = {version.content["name"] for version in Version.objects.all()}
    assert {"=HYPERLINK(1)", "Control", "Broken \ufffd name", "Sound"} == names
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0]
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


def test_a_sheet_in_an_old_encoding_is_read(world: World, tmp_path: Path) -> None:
    text = "Nom,Latitude,Longitude\nHôpital de Gao,16.27162,-0.04461\n"
    path = tmp_path / "sites.csv"
    path.write_bytes(text.encode("cp1252"))

    import_sheet(world, path)

    assert Version.objects.get().content["name"] == "Hôpital de Gao"


def test_a_report_that_cannot_be_written_stops_the_import_first(
    world: World, tmp_path: Path
) -> None:
    path = write_sheet(tmp_path, sheet_rows(2))

    for report in (tmp_path / "absent" / "r.xlsx", tmp_path):
        with pytest.raises(ReportNotWritable):
            import_sheet(world, path, report=report)
    assert nothing_written()


def test_a_name_that_is_a_formula_without_a_value_is_told(world: World, tmp_path: Path) -> None:
    header = "".join(
        f'<c r="{column}1" t="inlineStr"><is><t>{word}</t></is></c>'
        for column, word in zip("ABC", ("Name", "Latitude", "Longitude"), strict=True)
    )
    place = '<c r="B{0}"><v>16.2716{0}</v></c><c r="C{0}"><v>-0.04461</v></c>'
    named = '<c r="A2" t="str"><f>"Hospital "&amp;"A"</f><v>Hospital A</v></c>'
    cells = (
        f'<row r="1">{header}</row><row r="2">{named}{place.format(2)}</row>'
        f'<row r="3"><c r="A3"><f>UPPER("b")</f></c>{place.format(3)}</row>'
        f'<row r="4"><c r="A4"><f>UPPER("c")</f></c></row>'
    )
    path = put(tmp_path, "sites.xlsx", with_sheet_xml(sheet_xml(cells)))

    done = import_sheet(world, path, report=tmp_path / "r.xlsx")

    assert counts(done) == (3, 0, 1, 2)
    assert Version.objects.get().content["name"] == "Hospital A"
    page = openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0]
    assert page["A2"].value == '="Hospital "&"A"'
    assert "a formula without a stored value: save the sheet with values" in page["B3"].value


def test_a_report_that_fails_at_the_very_end_says_that_the_rows_are_in(
    world: World, tmp_path: Path
) -> None:
    path, out = write_sheet(tmp_path, sheet_rows(2)), tmp_path / "out"
    out.mkdir()
    request = Request(path, "Ministry of Health", report=out / "r.xlsx")

    def fold_away(what: str, _done: int, _total: int) -> None:
        if "report" in what:
            out.rmdir()

    with pytest.raises(ReportNotWritten, match="2 rows were imported"):
        do_import_sheet(request, mechanism=world.mechanism, acting_user=world.alice, tell=fold_away)
    assert Listing.objects.count() == 2
    out.mkdir()
    assert import_sheet(world, path, report=request.report).repeated
    assert (out / "r.xlsx").exists()
