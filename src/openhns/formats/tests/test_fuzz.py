"""Reading raises FormatError and nothing else, whatever bytes come."""

import gzip

from hypothesis import given, settings
from hypothesis import strategies as st

from openhns.formats.columns import map_columns
from openhns.formats.errors import FormatError
from openhns.formats.faults import row_faults
from openhns.formats.site_fields import SITE_FIELDS
from openhns.formats.table import parse_table
from openhns.formats.tests.making import encrypted_workbook, workbook
from openhns.formats.values import MIB, Limits, Table

LIMITS = Limits(file_bytes=10 * MIB, unpacked_bytes=5 * MIB, rows=1000, reader_seconds=10)
WORKBOOK = workbook([["name", "lat", "lon"], ["Alice", 1.5, 2.5], ["=1", True, None]])
TEXT = "name;lat,lon\t|\"\n'=+-@#\r\0\ufeffé\u202eمц1.5\x07\\[]{}:sep"


def read(data: bytes) -> Table | None:
    """Read a table as an import does, its columns and faults too; None where it is refused."""
    try:
        table = parse_table(data, limits=LIMITS)
        for row in table.rows:
            row_faults(table, row)
        map_columns(table, SITE_FIELDS)
    except FormatError:
        return None
    return table


def is_whole(table: Table) -> bool:
    """Whether each row is counted once and has a cell for each column."""
    numbers = {row.number for row in table.rows}
    wide = all(len(row.cells) >= len(table.header) for row in table.rows)
    return table.row_count == len(numbers) and wide


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes(data: bytes) -> None:
    table = read(data)
    assert table is None or is_whole(table)


@settings(max_examples=400, deadline=None)
@given(
    st.text(alphabet=TEXT, max_size=300),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1256"]),
)
def test_any_text_in_any_encoding(text: str, codec: str) -> None:
    table = read(text.encode(codec, "replace"))
    assert table is None or is_whole(table)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='[]{}",:0123456789.eE-+naNltrufs\\ \n', max_size=200))
def test_anything_like_json(text: str) -> None:
    table = read(b"[" + text.encode())
    assert table is None or is_whole(table)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_workbook_with_some_bytes_changed(data: st.DataObject) -> None:
    mutated = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(mutated) - 1))
        mutated[at] = data.draw(st.integers(0, 255))
    table = read(bytes(mutated[: data.draw(st.integers(len(mutated) // 2, len(mutated)))]))
    assert table is None or is_whole(table)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([gzip.compress(WORKBOOK), encrypted_workbook()]), st.data())
def test_other_containers_with_a_byte_changed(original: bytes, data: st.DataObject) -> None:
    mutated = bytearray(original)
    at = data.draw(st.integers(0, len(mutated) - 1))
    mutated[at] ^= data.draw(st.integers(1, 255))
    table = read(bytes(mutated))
    assert table is None or is_whole(table)
