"""A table is read as the person who made it sees it, whatever its encoding or format."""

import gzip
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from openhns.formats.errors import FormatError, NoHeaderError
from openhns.formats.faults import cell_faults, cell_text, row_faults
from openhns.formats.table import parse_table, read_table
from openhns.formats.tests.making import open_document, put, sheet_xml, with_sheet_xml, workbook
from openhns.formats.values import Limits

SITES = "name,lat,lon\nHôpital Alice,12.5,-7.9\nمستشفى,12.6,-8\n"


@pytest.mark.parametrize(
    ("codec", "label"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with BOM"), ("utf-16", "UTF-16")],
)
def test_an_encoding_that_the_bytes_prove_is_read_and_named(codec: str, label: str) -> None:
    table = parse_table(SITES.encode(codec))
    assert table.encoding == label
    assert table.header == ("name", "lat", "lon")
    assert [row.cells[0] for row in table.rows] == ["Hôpital Alice", "مستشفى"]


@pytest.mark.parametrize(
    ("codec", "text", "label"),
    [
        ("cp1252", "nom\nHôpital général\nÉtablissement\n", "Windows-1252 (guessed)"),
        ("cp1256", "الاسم\nمستشفى الأمل\nعيادة المدينة\n", "Windows-1256 (guessed)"),  # noqa: RUF001
        ("cp1251", "назва\nЛікарня міська\nПоліклініка\n", "Windows-1251 (guessed)"),  # noqa: RUF001
    ],
)
def test_an_encoding_that_nothing_proves_is_guessed_and_said_to_be(
    codec: str, text: str, label: str
) -> None:
    table = parse_table(text.encode(codec))
    assert table.encoding == label
    assert any("guessed" in note for note in table.notes)
    assert [table.header[0], *(row.cells[0] for row in table.rows)] == text.split("\n")[:-1]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    table = parse_table(SITES.replace(",", delimiter).encode())
    assert table.delimiter == delimiter
    assert table.rows[0].cells == ("Hôpital Alice", "12.5", "-7.9")


def test_decimal_commas_do_not_divide_cells() -> None:
    table = parse_table(b"name;lat;lon\nAlice;12,5;7,9\nBob;12,6;7,8\n")
    assert table.rows[1].cells == ("Bob", "12,6", "7,8")


def test_the_line_that_names_the_delimiter_is_no_header() -> None:
    table = parse_table(b"sep=;\nname;lat\nAlice;12\n")
    assert (table.header, table.header_row, table.rows[0].number) == (("name", "lat"), 2, 3)


def test_rows_keep_the_number_that_a_person_sees() -> None:
    text = 'name,note\nAlice,"two\nlines"\n\nBob,\n,\n  ,\n\n\n'
    table = parse_table(text.encode())
    assert [(row.number, row.cells) for row in table.rows] == [
        (2, ("Alice", "two\nlines")),
        (4, ("Bob", None)),
    ]
    assert table.row_count == 2


def test_a_title_above_the_header_is_kept_apart() -> None:
    table = parse_table(b"Register 2024\n\nname,lat,lon\nAlice,1,2\n")
    assert (table.header, table.header_row) == (("name", "lat", "lon"), 3)
    assert table.preamble[0].cells == ("Register 2024",)


def test_hxl_tags_are_found_and_are_no_row() -> None:
    table = parse_table(b"name,lat,lon\n#loc +name,#geo+lat,#geo+lon\nAlice,1,2\n")
    assert table.hxl == ("#loc +name", "#geo+lat", "#geo+lon")
    assert [row.number for row in table.rows] == [3]


def test_a_sheet_without_a_header_is_refused_without_repeating_its_data() -> None:
    with pytest.raises(NoHeaderError, match="Row 1") as caught:
        parse_table(b"Alice Clinic,12.60006,-7.94504\nBob Clinic,12.5924,-7.9172\n")
    assert "Alice" not in caught.value.message


def test_the_hash_is_of_the_bytes_on_disk(tmp_path: Path) -> None:
    packed = gzip.compress(SITES.encode(), mtime=0)
    table = read_table(put(tmp_path, "sites.csv.gz", packed))
    plain = read_table(put(tmp_path, "sites.csv", SITES))
    assert table.rows == plain.rows
    assert table.sha256 != plain.sha256
    assert table.notes == plain.notes


def test_a_workbooks_cells_keep_their_types() -> None:
    cells = ["text ", 5, 1.5, True, datetime(2024, 5, 6, 7, 8), time(9, 10), timedelta(hours=30)]  # noqa: DTZ001 - A sheet's dates have no zone.
    table = parse_table(workbook([["a", "b", "c", "d", "e", "f", "g"], cells]))
    assert table.format == "xlsx"
    assert table.sheet == "Sites"
    assert list(table.rows[0].cells) == [*cells[:1], 5.0, *cells[2:]]


def test_blank_rows_and_columns_before_a_workbooks_table_keep_the_numbering() -> None:
    table = parse_table(workbook([[], [], [None, "name", "lat"], [], [None, "Alice", 1]]))
    assert (table.header, table.header_row) == (("", "name", "lat"), 3)
    assert table.rows[0].number == 5


def test_a_formula_gives_its_value_and_an_error_stays_visible() -> None:
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
        '<row r="2"><c r="A2" t="str"><f>"x"&amp;"y"</f><v>xy</v></c></row>'
        '<row r="3"><c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B3"><v>1</v></c>'
        '<c r="C3" s="0"/><c r="D3"><f>1+1</f><v>2</v></c></row>'
    )
    table = parse_table(with_sheet_xml(sheet_xml(cells)))
    assert [row.cells[0] for row in table.rows] == ["xy", "#DIV/0!"]
    assert dict(table.formulas) == {2: {0: '="x"&"y"'}, 3: {0: "=1/0", 3: "=1+1"}}
    codes = [fault.code for fault in row_faults(table, table.rows[1])[0]]
    assert codes == ["sheet_error", "formula"]


def test_a_formula_without_a_value_is_told_and_its_row_does_not_vanish() -> None:
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>lat</t></is></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0" ref="A2:A3">UPPER(C2)</f></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="0"/></c><c r="B3"><v>1</v></c></row>'
    )
    table = parse_table(with_sheet_xml(sheet_xml(cells)))
    assert [(row.number, row.cells) for row in table.rows] == [(2, (None, None)), (3, (None, 1.0))]
    assert table.formulas[3][0] == "=(filled from the formula in A2)"
    for row in table.rows:
        assert [fault.code for fault in row_faults(table, row)[0]] == ["formula_without_value"]


def test_json_records_become_rows() -> None:
    data = (
        b'[{"name": "Alice", "lat": 12.5, "tags": ["a", "b"]}, {"lat": "NaN", "extra": {"k": 1}}]'
    )
    table = parse_table(data)
    assert table.header == ("name", "lat", "tags", "extra")
    assert table.rows[0].cells == ("Alice", 12.5, "a; b", None)
    assert table.rows[1].cells == (None, "NaN", None, '{"k": 1}')
    assert [row.number for row in table.rows] == [2, 3]


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Clinic\x07", ["control_character"]),
        ("two\tcells\nand lines", []),
        ("\u202egnp.exe", ["direction_character"]),
        ("=HYPERLINK(1)", ["formula_text"]),
        ("@SUM(A1)", ["formula_text"]),
        ("+cmd|' /C calc'!A0", ["formula_text"]),
        ("-7.94504", []),
        ("+223 76 00 00 00", []),
        ("SÃ©gou", ["garbled_text"]),
        ("S\ufffdgou", ["broken_character"]),
        ("Ségou", []),
        ("Âge d'or", []),
        (float("nan"), ["not_finite"]),
        (float("inf"), ["not_finite"]),
        (12.5, []),
        (None, []),
    ],
)
def test_a_cells_faults_are_named(cell: str | float | None, codes: list[str]) -> None:
    assert [fault.code for fault in cell_faults(cell)] == codes


def test_a_cell_beyond_the_headers_is_a_fault_of_its_row() -> None:
    table = parse_table(b"name,lat,lon\nAlice,1,2\nBob, the clinic,1,2\n")
    assert [fault.code for fault in row_faults(table, table.rows[1])[3]] == ["no_header"]
    assert row_faults(table, table.rows[0]) == {}


def test_a_cells_text_is_what_a_person_would_write() -> None:
    assert [cell_text(cell) for cell in (" a ", 42822.0, 1.5, None, 7)] == [
        "a",
        "42822",
        "1.5",
        "",
        "7",
    ]


ODS_ROW = "<table:table-row{repeat}>{cells}</table:table-row>"
ODS_TEXT = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
ODS_NUMBER = '<table:table-cell office:value-type="float" office:value="{}"/>'


def open_document_sheet(rows: str) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    names = f'xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0"'
    return open_document(
        content='<?xml version="1.0" encoding="UTF-8"?>'
        f'<office:document-content {names} xmlns:text="{space}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Sites">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )


def test_an_open_document_sheet_is_read() -> None:
    header = ODS_ROW.format(repeat="", cells=ODS_TEXT.format("name") + ODS_TEXT.format("lat"))
    blank = ODS_ROW.format(
        repeat=' table:number-rows-repeated="2"', cells="<table:table-cell/><table:table-cell/>"
    )
    row = ODS_ROW.format(repeat="", cells=ODS_TEXT.format("مستشفى") + ODS_NUMBER.format("12.5"))
    table = parse_table(open_document_sheet(header + blank + row))
    assert (table.format, table.sheet, table.header) == ("ods", "Sites", ("name", "lat"))
    assert [(row.number, row.cells) for row in table.rows] == [(4, ("مستشفى", 12.5))]


def test_an_open_document_that_repeats_a_row_without_end_is_refused() -> None:
    cells = ODS_TEXT.format("name") + ODS_TEXT.format("x" * 1000)
    endless = ODS_ROW.format(repeat=' table:number-rows-repeated="900000000"', cells=cells)
    with pytest.raises(FormatError) as caught:
        parse_table(open_document_sheet(endless), limits=Limits(reader_seconds=5))
    assert caught.value.code in {"file_too_large", "too_many_rows", "file_unreadable"}
