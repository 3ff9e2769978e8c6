"""JSON as a table: a list of objects or of lists, alone or as the one list within an object."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from openhns.formats.errors import FileEmptyError, FileTooLargeError, FileUnreadableError
from openhns.formats.gathering import Gatherer
from openhns.formats.text_in import encoding_of
from openhns.formats.values import Cell, Limits, RawTable

_EXACT_INTEGER = 2**53
_MAX_DEPTH = 100
_ADVICE = "Send a list of objects with the same members, or save the table as CSV."


def read_json(data: bytes, limits: Limits) -> RawTable:
    """Read records as rows: the first row is the members' names. Raises FormatError only."""
    if len(data) > limits.json_bytes:
        raise FileTooLargeError(
            f"The JSON file is larger than {limits.json_bytes // 1_000_000} MB, the most that is "
            "read at once. Divide it, or save the table as CSV.",
            limit=limits.json_bytes,
        )
    encoding = encoding_of(data)
    records = _records(_parsed(data.decode(encoding.codec)))
    gatherer = Gatherer(limits)
    for number, cells in enumerate(_rows(records), 1):
        gatherer.add(number, [_cell(value) for value in cells])
    return RawTable(
        rows=gatherer.rows,
        format="json",
        encoding=encoding.label,
        notes=("Read as JSON; a record's row is its place in the list, counted after row 1.",),
    )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise FileUnreadableError(
            "The file begins like JSON but is not whole or not well formed. "
            "Export it again from its source, or save the table as CSV."
        ) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise FileUnreadableError(
            "An object in the JSON file has the same member twice, so that one value would be "
            "lost. Export it again from its source."
        )
    return members


def _records(parsed: Any) -> list[Any]:
    found = parsed
    if isinstance(parsed, dict):
        lists = [member for member in parsed.values() if isinstance(member, list)]
        if len(lists) != 1:
            raise FileUnreadableError(f"The JSON file holds {len(lists)} lists. {_ADVICE}")
        found = lists[0]
    if not isinstance(found, list):
        raise FileUnreadableError(f"The JSON file holds no list of records. {_ADVICE}")
    if not found:
        raise FileEmptyError("The JSON file holds an empty list. Check that it is the right file.")
    return found


def _rows(records: list[Any]) -> Sequence[Sequence[Any]]:
    if all(isinstance(record, list) for record in records):
        return records
    if not all(isinstance(record, dict) for record in records):
        raise FileUnreadableError(f"The JSON file mixes objects with other values. {_ADVICE}")
    names = list(dict.fromkeys(name for record in records for name in record))
    return [names, *([record.get(name) for name in names] for record in records)]


def _cell(value: Any) -> Cell:
    """Return a value as a cell; what a cell cannot hold becomes its text, never another value."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _EXACT_INTEGER else str(value)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode() if not _is_writable(value) else value
    return _nested(value)


def _is_writable(text: str) -> bool:
    """Tell whether a text has no half of a surrogate pair, which no file can hold."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _nested(value: Sequence[Any] | Mapping[str, Any]) -> Cell:
    if isinstance(value, list) and all(item is None or isinstance(item, str) for item in value):
        return _cell("; ".join(item for item in value if item)) or None
    if _depth(value) > _MAX_DEPTH:
        raise FileUnreadableError(f"The JSON file is nested too deeply. {_ADVICE}")
    return _cell(json.dumps(value, ensure_ascii=False))


def _depth(value: Any) -> int:
    """Return how many levels of lists and objects a value has, without recursion."""
    level, depth = [value], 0
    while level and depth <= _MAX_DEPTH:
        level = [
            inner
            for outer in level
            if isinstance(outer, list | dict)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        depth += 1
    return depth
