"""A report gives the sheet back untouched, with its findings beside the cells."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from openhns.formats.errors import FileUnwritableError
from openhns.formats.report import Result, RowFinding, write_report
from openhns.formats.table import parse_table, read_table
from openhns.formats.tests.making import put, sheet_xml, with_sheet_xml, workbook
from openhns.formats.values import Table

MADE_AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
ROWS: list[list[object]] = [
    ["Register 2024"],
    [],
    ["name", "lat", "since", "note"],
    ["#loc +name", "#geo+lat", "#date", None],
    ["=cmd|' /C calc'!A0", 12.5, datetime(2020, 1, 2), "http://example.org"],  # noqa: DTZ001 - A sheet's dates have no zone.
    [],
    [" 007 ", 91, datetime(2020, 1, 2, 3, 4), "bell\x07 _x0041_ <b>&"],  # noqa: DTZ001 - As above.
    ["مستشفى", "12°30'N", True, None],
]
FINDINGS = {
    5: RowFinding(Result.ACCEPTED),
    7: RowFinding(
        Result.REFUSED, ("latitude is outside the earth",), {1: "91 is more than 90 degrees"}
    ),
    8: RowFinding(Result.WARNED, ("a", "b"), {0: "=looks like a formula"}),
}


def report(folder: Path, table: Table) -> Path:
    path = folder / "report.xlsx"
    write_report(path, table, FINDINGS, made_at=MADE_AT, notes=["A note."])
    return path


def test_the_original_cells_come_back_untouched(tmp_path: Path) -> None:
    table = parse_table(workbook(ROWS))
    again = read_table(report(tmp_path, table))
    kept = [0, 2, 4, 5]
    assert [again.header[place] for place in kept] == list(table.header)
    assert (again.header_row, again.hxl_row) == (table.header_row, table.hxl_row)
    assert again.preamble[0].cells[0] == "Register 2024"
    for before, after in zip(table.rows, again.rows, strict=True):
        assert after.number == before.number
        cells = [after.cells[place] for place in kept]
        assert cells == list(before.cells)
        assert [type(cell) for cell in cells] == [type(cell) for cell in before.cells]


def test_each_finding_stands_right_of_its_cell_and_the_result_at_the_end(tmp_path: Path) -> None:
    again = read_table(report(tmp_path, parse_table(workbook(ROWS))))
    assert again.header == (
        *("name", "name ⚠", "lat", "lat ⚠", "since", "note"),
        *("OpenHNS result", "OpenHNS reasons"),
    )
    results = [row.cells[6:8] for row in again.rows]
    assert results == [
        ("accepted", None),
        ("refused", "latitude is outside the earth"),
        ("warned", "a; b"),
    ]
    assert again.rows[1].cells[3] == "91 is more than 90 degrees"
    assert again.rows[2].cells[1] == "=looks like a formula"


def test_no_text_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    path = report(tmp_path, parse_table(workbook(ROWS)))
    with zipfile.ZipFile(path) as packed:
        xml = packed.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml
    assert b"hyperlink" not in xml
    assert load_workbook(path).active["A5"].data_type == "s"


def test_a_formula_comes_back_as_its_source_and_as_text(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
        '<row r="2"><c r="A2" t="str"><f>"Hospital "&amp;"A"</f><v>Hospital A</v></c></row>'
        '<row r="3"><c r="A3"><f>UPPER("b")</f></c></row>'
    )
    table = parse_table(with_sheet_xml(sheet_xml(cells)))
    assert table.rows[0].cells == ("Hospital A",)
    path = tmp_path / "report.xlsx"
    write_report(path, table, {})
    page = load_workbook(path).worksheets[0]
    assert [page[place].value for place in ("A2", "A3")] == ['="Hospital "&"A"', '=UPPER("b")']
    assert {page[place].data_type for place in ("A2", "A3")} == {"s"}


def test_a_refusal_is_marked_by_colour_and_by_word(tmp_path: Path) -> None:
    page = load_workbook(report(tmp_path, parse_table(workbook(ROWS)))).active
    assert page["G7"].value == "refused"
    assert page["G7"].fill.fgColor.rgb == "FFF8CBAD"
    assert page["D7"].fill.fgColor.rgb == "FFF8CBAD"
    assert page["G5"].fill.fill_type is None
    assert page.freeze_panes == "A4"
    assert page.auto_filter.ref == "A3:H8"


def test_the_second_sheet_counts_and_names_the_file(tmp_path: Path) -> None:
    table = parse_table(workbook(ROWS))
    page = load_workbook(report(tmp_path, table))["OpenHNS summary"]
    facts = [(row[0].value, row[1].value) for row in page.iter_rows()]
    assert facts[:8] == [
        ("rows", 3),
        ("accepted", 1),
        ("warned", 1),
        ("refused", 1),
        ("not judged", 0),
        ("file SHA-256", table.sha256),
        ("file read as", "xlsx"),
        ("report made at", "2024-05-06T07:08:09Z"),
    ]
    assert ("note", "A note.") in facts
    assert ("1 row", "latitude is outside the earth") in facts


def test_a_row_that_nobody_judged_says_so(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_report(path, parse_table(b"name,lat\nAlice,1\n"), {})
    assert read_table(path).rows[0].cells == ("Alice", "1", "not judged", None)


def test_what_a_sheet_cannot_hold_is_written_as_text(tmp_path: Path) -> None:
    table = parse_table(b'[{"name": "A\\uffff", "lat": 1e999, "note": "x"}]')
    path = tmp_path / "report.xlsx"
    write_report(path, table, {})
    assert read_table(path).rows[0].cells[:3] == ("A\ufffd", "inf", "x")


def test_nothing_is_left_half_written(tmp_path: Path) -> None:
    table = parse_table(b"name,lat\nAlice,1\n")
    with pytest.raises(FileUnwritableError) as caught:
        write_report(tmp_path / "absent" / "report.xlsx", table, {})
    assert caught.value.code == "file_unwritable"
    old = put(tmp_path, "report.xlsx", b"old")
    wrong = {2: RowFinding(Result.REFUSED, (), {0: 5})}  # type: ignore[dict-item]
    with pytest.raises(TypeError):
        write_report(old, table, wrong)
    assert old.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.xlsx"]
