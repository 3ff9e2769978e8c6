"""Comma-separated values: RFC 4180 and what real files make of it.

A row is a record, as in a spreadsheet: a line break within quotes does not start another.
"""

import csv
import io
import re
from collections.abc import Iterator

from openhns.formats.errors import CellTooLongError, FileEmptyError
from openhns.formats.gathering import Gatherer
from openhns.formats.text_in import Encoding, encoding_of
from openhns.formats.values import Cell, Limits, RawTable

_DELIMITERS = (",", ";", "\t", "|")
_SNIFFED_CHARS = 64 * 1024
_SNIFFED_RECORDS = 60
_SEP_LINE = re.compile(r"^sep=(.)\r?\n", re.IGNORECASE)
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def read_csv(data: bytes, limits: Limits) -> RawTable:
    """Read all records of a text; raises FormatError only."""
    encoding = encoding_of(data)
    sample = _text(data, encoding).read(_SNIFFED_CHARS)
    if not sample.strip():
        raise FileEmptyError("The file holds no text. Check that the right file was chosen.")
    delimiter, has_sep_line = _delimiter(sample)
    gatherer = Gatherer(limits)
    for number, cells in _records(data, encoding, delimiter):
        if not (number == 1 and has_sep_line):
            gatherer.add(number, cells)
    return RawTable(
        rows=gatherer.rows,
        format="csv",
        encoding=encoding.label,
        delimiter=delimiter,
        notes=_notes(encoding, delimiter),
    )


def _text(data: bytes, encoding: Encoding) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding.codec, newline="")


def _records(data: bytes, encoding: Encoding, delimiter: str) -> Iterator[tuple[int, list[Cell]]]:
    reader = csv.reader(_text(data, encoding), delimiter=delimiter)
    number = 0
    try:
        for number, record in enumerate(reader, 1):
            yield number, list(record)
    except csv.Error as error:
        raise CellTooLongError(
            f"Row {number + 1} has a cell that does not end: a quotation mark may be missing near "
            f"line {reader.line_num} of the file. Correct that cell and send the file again.",
            row=number + 1,
        ) from error


def _delimiter(sample: str) -> tuple[str, bool]:
    """Return the delimiter, and whether the first line is only a spreadsheet's `sep=` hint."""
    hint = _SEP_LINE.match(sample)
    if hint is not None and hint.group(1) in _DELIMITERS:
        return hint.group(1), True
    ranked = [(_fitness(sample, delimiter), delimiter) for delimiter in _DELIMITERS]
    best, chosen = ranked[0]
    for fitness, delimiter in ranked[1:]:
        if fitness > best:
            best, chosen = fitness, delimiter
    return chosen, False


def _fitness(sample: str, delimiter: str) -> tuple[float, int]:
    """Rate a delimiter: share of records as wide as the first wide one, then that width."""
    widths = [width for width in _widths(sample, delimiter) if width]
    widest = max(widths[:5], default=0)
    if widest < 2:  # noqa: PLR2004 - A delimiter that never divides says nothing.
        return (0.0, 0)
    same = sum(width == widest for width in widths)
    return (round(same / len(widths), 1), widest)


def _widths(sample: str, delimiter: str) -> list[int]:
    widths: list[int] = []
    try:
        for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            widths.append(len(record))
            if len(widths) >= _SNIFFED_RECORDS:
                return widths
    except csv.Error:
        return widths
    # The sample may end within a record.
    return widths[:-1] if len(sample) == _SNIFFED_CHARS and len(widths) > 1 else widths


def _notes(encoding: Encoding, delimiter: str) -> tuple[str, ...]:
    notes = [f"Read as CSV in {encoding.label}, cells divided by {_NAMES[delimiter]}."]
    if encoding.guessed:
        notes.append(
            "The file does not say its encoding; it was guessed. "
            "Check names with accents or in Arabic or Cyrillic letters."
        )
    return tuple(notes)
