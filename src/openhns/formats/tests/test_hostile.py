"""Whatever is sent in is read, or refused with a named reason and without harm."""

import gzip
import io
import os
import struct
import zipfile
from pathlib import Path

import pytest

from openhns.formats.errors import BrokenEncodingError, FormatError
from openhns.formats.table import parse_table, read_table
from openhns.formats.tests.making import (
    archive,
    encrypted_workbook,
    open_document,
    put,
    sheet_xml,
    with_sheet_xml,
    workbook,
)
from openhns.formats.values import MIB, Limits
from openhns.testing import shared

ROWS: list[list[object]] = [["name", "lat", "lon"], ["Alice", 12.5, -7.9]]
CSV = b"name,lat,lon\nAlice,12.5,-7.9\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def code_of(data: bytes, name: str = "", limits: Limits | None = None) -> str:
    with pytest.raises(FormatError) as caught:
        parse_table(data, name=name, limits=limits)
    assert caught.value.message.endswith(".")
    assert "Alice" not in caught.value.message
    return caught.value.code


def _gzipped(data: bytes) -> bytes:
    """Return the same bytes whenever it is called: tests are known by their values."""
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b" \n\r\n", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"\xef\xbb\xbf\n\n", "file_empty"),
        (_gzipped(b""), "file_empty"),
        (b"[]", "file_empty"),
        (PNG, "file_wrong_type"),
        (b"%PDF-1.7\n", "file_wrong_type"),
        (b"<!DOCTYPE html><table><tr><td>name", "file_wrong_type"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><kml/>", "file_wrong_type"),
        (bytes(range(256)) * 4, "file_wrong_type"),
        (b"\xff\xfe\x00\x00n\x00\x00\x00", "file_wrong_type"),
        (_gzipped(PNG), "file_wrong_type"),
        (_gzipped(_gzipped(CSV)), "file_wrong_type"),
        (archive({"sites.csv": CSV}), "file_wrong_type"),
        (archive({"word/document.xml": "<w/>"}), "file_wrong_type"),
        (b"PK\x03\x04 and no archive", "file_unreadable"),
        (workbook(ROWS)[:-200], "file_unreadable"),
        (_gzipped(CSV * 100)[:-9], "file_unreadable"),
        (b'[{"name": "Alice"', "file_unreadable"),
        (b'[{"name": "Alice", "name": "Bob"}]', "file_unreadable"),
        (b'{"a": [], "b": []}', "file_unreadable"),
        (b"[" * 100_000, "file_unreadable"),
        (b'[{"a":' + b"[" * 900 + b"]" * 900 + b"}]", "file_unreadable"),
        (open_document(content="<broken"), "file_unreadable"),
        (encrypted_workbook(), "file_password_protected"),
        (open_document('<m:encryption-data m:checksum="x"/>'), "file_password_protected"),
        (b"1,2\n3,4.55\n", "no_header"),
        (workbook([[1.5, 2.5], [3.5, 4.5]]), "no_header"),
        (b'name,lat\n"Alice,1\n' + b"Bob,2\n" * 30_000, "cell_too_long"),
        (b"name,lat\n" + b"A" * 40_000 + b",1\n", "cell_too_long"),
        (b"name" + b"," * 600 + b"x\n", "too_many_columns"),
        (b"\xff\xfename\x00", "broken_encoding"),
    ],
)
def test_a_bad_file_is_refused_by_name(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_a_workbook_without_data_is_empty() -> None:
    assert code_of(workbook([])) == "file_empty"


def test_a_password_on_an_old_workbook_is_recognised() -> None:
    data = bytearray(shared("data/formats/hxl/test_io/input-valid.xls").read_bytes())
    second_record = data.find(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    data[second_record : second_record + 2] = struct.pack("<H", 0x2F)
    assert code_of(bytes(data)) == "file_password_protected"


def test_an_archive_entry_with_a_password_is_recognised() -> None:
    data = bytearray(workbook(ROWS))
    data[data.find(b"PK\x01\x02") + 8] |= 1
    assert code_of(bytes(data)) == "file_password_protected"


def test_300_mb_are_refused_without_reading(tmp_path: Path) -> None:
    path = put(tmp_path, "sites.csv", b"")
    os.truncate(path, 300_000_000)
    with pytest.raises(FormatError, match="larger than 100 MB") as caught:
        read_table(path)
    assert caught.value.code == "file_too_large"


def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    paths = {
        tmp_path / "absent.csv": "file_missing",
        tmp_path / "absent" / "file.csv": "file_missing",
        tmp_path / "nul\0.csv": "file_missing",
        tmp_path: "file_unreadable",
        tmp_path / "pipe": "file_unreadable",
        Path("/dev/null"): "file_unreadable",
    }
    for path, code in paths.items():
        with pytest.raises(FormatError) as caught:
            read_table(path)
        assert caught.value.code == code


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "sites.csv", CSV)
    path.chmod(0)
    with pytest.raises(FormatError, match="may not read") as caught:
        read_table(path)
    assert caught.value.code == "file_unreadable"


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("sites.xlsx", CSV, "csv"),
        ("sites.csv", workbook(ROWS), "xlsx"),
        ("sites.csv", b'[{"name": "Alice"}]', "json"),
        ("sites.xls", workbook(ROWS), "xlsx"),
    ],
)
def test_a_wrong_ending_is_read_by_content_and_said(name: str, data: bytes, found: str) -> None:
    table = parse_table(data, name=name)
    assert table.format == found
    assert any("name ends in" in note for note in table.notes)


def test_a_picture_named_as_a_workbook_is_refused_as_a_picture() -> None:
    with pytest.raises(FormatError, match="a PNG image"):
        parse_table(PNG, name="sites.xlsx")


def test_lines_that_break_the_encoding_are_named() -> None:
    lines = [b"name", "Ségou".encode(), "Kayes é".encode(), b"Mopti \xe9", "Gao é".encode()]
    with pytest.raises(BrokenEncodingError, match="line 4") as caught:
        parse_table(b"\n".join(lines))
    assert caught.value.data["lines"] == (4,)


def test_too_many_rows_are_refused_and_none_is_cut_off() -> None:
    limits = Limits(rows=100)
    assert parse_table(b"name,x\n" + b"A,1\n" * 100, limits=limits).row_count == 100
    assert code_of(b"name,x\n" + b"A,1\n" * 101, limits=limits) == "too_many_rows"
    assert code_of(b"name,x\n" + b"A,1\n" * 1000, limits=limits) == "too_many_rows"
    assert code_of(b"name,x\n" + b"\n" * 1_100_000 + b"A,1\n") == "too_many_rows"


def test_a_packed_bomb_is_not_unpacked() -> None:
    limits = Limits(unpacked_bytes=MIB)
    assert code_of(gzip.compress(b"name\n" * MIB), limits=limits) == "file_too_large"
    bomb = archive({"xl/workbook.xml": b"x" * 2 * MIB})
    assert code_of(bomb, limits=limits) == "file_too_large"


def test_a_bomb_that_lies_about_its_size_is_not_unpacked() -> None:
    bomb = bytearray(archive({"xl/workbook.xml": b"x" * 5 * MIB}))
    directory = bomb.find(b"PK\x01\x02")
    bomb[directory + 24 : directory + 28] = struct.pack("<I", 10)
    assert code_of(bytes(bomb), limits=Limits(unpacked_bytes=MIB)) in {
        "file_too_large",
        "file_unreadable",
    }


def test_an_archive_of_many_entries_is_not_opened() -> None:
    members = {f"xl/{number}.xml": b"" for number in range(2_001)}
    assert code_of(archive({"xl/workbook.xml": b"", **members})) == "file_too_large"


def test_two_cells_at_far_corners_take_no_memory_from_us() -> None:
    first, last = '<c r="A1"><v>1</v></c>', '<c r="XFD1048576"><v>1</v></c>'
    corners = f'<row r="1">{first}</row><row r="1048576">{last}</row>'
    assert code_of(with_sheet_xml(sheet_xml(corners))) in {"file_too_large", "file_unreadable"}


def test_xml_entities_are_not_expanded_without_end() -> None:
    entities = "".join(
        f'<!ENTITY e{level} "{f"&e{level - 1};" * 10 if level else "x" * 10}">'
        for level in range(9)
    )
    document = f'<?xml version="1.0"?><!DOCTYPE w [{entities}]><worksheet>&e8;</worksheet>'
    assert code_of(with_sheet_xml(document)) in {"file_empty", "file_unreadable", "file_too_large"}


def test_infinite_and_huge_numbers_stay_what_was_sent() -> None:
    table = parse_table(
        b'[{"name": "A", "lat": NaN, "lon": -Infinity, "id": 12345678901234567890}]'
    )
    assert table.rows[0].cells == ("A", "NaN", "-Infinity", "12345678901234567890")
    assert parse_table(b"name,lat\nA,nan\n").rows[0].cells == ("A", "nan")


def test_half_a_surrogate_pair_does_not_pass() -> None:
    cell = parse_table(b'[{"name": "A\\ud800"}]').rows[0].cells[0]
    assert cell == "A?"


HXL = "data/formats/hxl"
REFUSED = {
    "input-invalid.png": "file_wrong_type",
    "input-notag1.html": "file_wrong_type",
    "input-notag2.html": "file_wrong_type",
    "input-untagged-csv.zip": "file_wrong_type",
    "input-valid-csv.zip": "file_wrong_type",
    "input-zip-invalid.zip": "file_wrong_type",
    "input-valid-json-selector.json": "file_unreadable",
}


def test_each_hxl_file_broken_on_purpose_is_read_or_refused_by_name() -> None:
    codes: dict[str, str] = {}
    for path in sorted(path for path in shared(HXL).rglob("*") if path.is_file()):
        try:
            assert read_table(path).header
        except FormatError as error:
            codes[path.name] = error.code
    assert codes == REFUSED


def test_a_reader_that_is_stopped_leaves_a_named_reason() -> None:
    limits = Limits(reader_memory_bytes=8 * MIB)
    assert code_of(workbook([["name"], *[["A" * 30]] * 20_000]), limits=limits) == "file_too_large"


def test_a_bad_checksum_is_damage() -> None:
    data = workbook(ROWS)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        at = packed.getinfo("xl/worksheets/sheet1.xml").header_offset
    broken = bytearray(data)
    broken[at + 80] ^= 0xFF
    assert code_of(bytes(broken)) == "file_unreadable"
