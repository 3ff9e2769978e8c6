"""One value has one canonical form, the same that RFC 8785 gives it."""

import unicodedata
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from openhns.proofs.canonical import SAFE_INTEGER, CanonicalError, canonical, parse

keys = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-SAFE_INTEGER, SAFE_INTEGER)
    | st.text(max_size=30).map(lambda text: unicodedata.normalize("NFC", text))
)
values = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20
)


@given(values)
def test_it_is_what_an_independent_rfc_8785_writes(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(values)
def test_what_was_written_is_read_back(value: Any) -> None:
    assert parse(canonical(value)) == value


def test_strings_are_composed_so_that_one_name_has_one_hash() -> None:
    assert canonical("e\u0301") == canonical("\u00e9")


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        SAFE_INTEGER + 1,
        "\ud800",
        {1: "a"},
        {"\u00e9": 1},
        b"bytes",
        {"a": {1, 2}},
    ],
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(CanonicalError):
        canonical(value)


def test_depth_is_bounded() -> None:
    value: Any = []
    for _ in range(100):
        value = [value]
    with pytest.raises(CanonicalError):
        canonical(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b' {"a":1}',
        b'{"a":1}\n',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":NaN}',
        b'{"a":-0}',
        b'{"a":"\\u0041"}',
        b'{"a":"e\xcc\x81"}',
        b"[" * 100_000,
    ],
)
def test_bytes_that_are_not_canonical_are_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        parse(data)
