"""Match a sheet's columns with the fields wanted, by meaning: HXL tags first, then header words.

The choice is deterministic and is reported. From best to worst: the mapping given by a person, an
HXL tag, a header that is the field's own word, the same with units and datum set aside, a header
that holds the words among others. A column without any value is taken only where nothing else
fits. Among equals the earlier word, then the earlier field, then the column further left wins.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple

from openhns.formats.errors import BadMappingError, MissingColumnError
from openhns.formats.faults import cell_text
from openhns.formats.fields import Field
from openhns.formats.header_words import fold_header, split_tag
from openhns.formats.report_words import is_report_header
from openhns.formats.values import Cell, Row, Table

_MAPPING_BYTES = 1_000_000
_SAMPLED_ROWS = 2_000
_SHOWN_HEADERS = 60
_SHOWN_CHARS = 60
_EMPTY_PENALTY = 10
_ASIDE = frozenset(
    {"wgs", "84", "dd", "deg", "degree", "degrees", "decimal", "decimals", "gps", "required"}
    | {"optional", "obligatoire", "degres", "decimaux", "m", "metres", "meters"}
)


class How(IntEnum):
    """How a column was matched, from best to worst."""

    MAPPING = 0
    HXL = 1
    WORDS = 2
    WORDS_AND_UNITS = 3
    WORDS_AMONG_OTHERS = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """The column taken for a field; `others` are the headers that also fitted and were not."""

    field: str
    column: int
    header: str
    how: How
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which column, from 0, holds which field; `unused` are the columns that hold none."""

    choices: Mapping[str, Choice]
    unused: tuple[int, ...]

    def __contains__(self, field: str) -> bool:
        return field in self.choices

    def column(self, field: str) -> int | None:
        """Return the field's column from 0, or None where the sheet has none."""
        choice = self.choices.get(field)
        return None if choice is None else choice.column

    def cell(self, row: Row, field: str) -> Cell:
        """Return the field's cell untouched, or None where the sheet has no such column."""
        choice = self.choices.get(field)
        return None if choice is None else row.cells[choice.column]

    def text(self, row: Row, field: str) -> str:
        """Return the field's cell as trimmed text, "" where there is none."""
        return cell_text(self.cell(row, field))


class _Candidate(NamedTuple):
    """Sorts by fitness; the field's and the column's place make every order definite."""

    fitness: int
    rank: int
    extra_words: int
    field_place: int
    column: int


def map_columns(
    table: Table, wanted: Sequence[Field], mapping: Mapping[str, str | None] | None = None
) -> ColumnMap:
    """Match columns with fields.

    `mapping` gives a field's header (or tag) and overrides all matching; None as a header leaves
    the field out. Raises BadMappingError, and MissingColumnError for a required field.
    """
    fixed = _fixed(table, wanted, mapping or {})
    choices = {choice.field: choice for choice in fixed.values() if choice is not None}
    open_fields = [field for field in wanted if field.name not in fixed]
    taken = {choice.column for choice in choices.values()}
    candidates = sorted(_candidates(table, open_fields))
    for candidate in candidates:
        field = open_fields[candidate.field_place]
        if candidate.column not in taken and field.name not in choices:
            choices[field.name] = _choice(table, field, candidate)
            taken.add(candidate.column)
    choices = _with_others(table, open_fields, candidates, choices)
    _require(table, wanted, choices)
    unused = tuple(place for place in range(len(table.header)) if place not in taken)
    return ColumnMap(
        {field.name: choices[field.name] for field in wanted if field.name in choices}, unused
    )


def _choice(table: Table, field: Field, candidate: _Candidate) -> Choice:
    how = How(candidate.fitness % _EMPTY_PENALTY)
    return Choice(field.name, candidate.column, table.header[candidate.column], how)


def _with_others(
    table: Table,
    fields: Sequence[Field],
    candidates: Sequence[_Candidate],
    choices: Mapping[str, Choice],
) -> dict[str, Choice]:
    """Add to each choice the headers that fitted too and hold no other field."""
    taken = {choice.column for choice in choices.values()}
    others: dict[str, dict[str, None]] = {}
    for candidate in candidates:
        if candidate.column not in taken:
            headers = others.setdefault(fields[candidate.field_place].name, {})
            headers[table.header[candidate.column]] = None
    return {
        name: Choice(name, old.column, old.header, old.how, tuple(others.get(name, ())))
        for name, old in choices.items()
    }


def _candidates(table: Table, fields: Sequence[Field]) -> Iterator[_Candidate]:
    filled = _filled_columns(table)
    for column, header in enumerate(table.header):
        if is_report_header(header):
            continue
        tag = table.hxl[column] if table.hxl else ""
        penalty = 0 if column in filled else _EMPTY_PENALTY
        for place, field in enumerate(fields):
            fit = _fit(field, header, tag)
            if fit is not None:
                how, rank, extra = fit
                yield _Candidate(how + penalty, rank, extra, place, column)


def _filled_columns(table: Table) -> set[int]:
    filled: set[int] = set()
    for row in table.rows[:_SAMPLED_ROWS]:
        if len(filled) == len(table.header):
            break
        filled.update(place for place, cell in enumerate(row.cells) if cell is not None)
    return filled


def _fit(field: Field, header: str, tag: str) -> tuple[How, int, int] | None:
    """Return how well a column fits a field: the way, the rank of its word, words too many."""
    for rank, pattern in enumerate(field.tags):
        if tag and _tag_fits(pattern, tag):
            return How.HXL, rank, len(split_tag(tag)[1]) - pattern.count("+")
    words = fold_header(header).split()
    plain = [word for word in words if word not in _ASIDE]
    for how, seen in ((How.WORDS, words), (How.WORDS_AND_UNITS, plain)):
        for rank, wanted in enumerate(field.words):
            # Joined, for "FacilityName", "facilityname" and "SiND" are divided differently.
            if seen and "".join(seen) == fold_header(wanted).replace(" ", ""):
                return how, rank, 0
    return None if field.strict else _fit_among_others(field, plain)


def _fit_among_others(field: Field, seen: list[str]) -> tuple[How, int, int] | None:
    """Find the field's words standing together within a header."""
    for rank, wanted in enumerate(field.words):
        words = fold_header(wanted).split()
        if len(words) > 1 or wanted.startswith("~"):
            starts = range(len(seen) - len(words) + 1)
            if any(seen[start : start + len(words)] == words for start in starts):
                return How.WORDS_AMONG_OTHERS, rank, len(seen) - len(words)
    return None


def _tag_fits(pattern: str, tag: str) -> bool:
    name, attributes = split_tag(tag)
    bare = pattern.endswith(".")
    wanted_name, *conditions = pattern.removesuffix(".").split()
    if name != wanted_name or (bare and attributes):
        return False
    return all(
        (condition[1:] in attributes) == condition.startswith("+") for condition in conditions
    )


def _require(table: Table, wanted: Sequence[Field], choices: Mapping[str, Choice]) -> None:
    missing = [
        field
        for field in wanted
        if field.required and field.name not in choices and field.alternative not in choices
    ]
    if missing:
        raise _missing(table, missing)


def _missing(table: Table, missing: Sequence[Field]) -> MissingColumnError:
    headers = [header.strip()[:_SHOWN_CHARS] for header in table.header if header.strip()]
    shown = ", ".join(f'"{header}"' for header in headers[:_SHOWN_HEADERS])
    more = f" and {len(headers) - _SHOWN_HEADERS} more" if len(headers) > _SHOWN_HEADERS else ""
    labels = " nor for ".join(f'"{field.label}" ({field.name})' for field in missing)
    return MissingColumnError(
        f"No column was found for {labels} among the headers in row {table.header_row}: "
        f"{shown}{more}; name it with --mapping FILE, a JSON file such as "
        f'{{"{missing[0].name}": "Header in the sheet"}}.',
        fields=[field.name for field in missing],
        headers=headers,
    )


def _fixed(
    table: Table, wanted: Sequence[Field], mapping: Mapping[str, str | None]
) -> dict[str, Choice | None]:
    known = [field.name for field in wanted]
    fixed: dict[str, Choice | None] = {}
    for name, header in mapping.items():
        if name not in known:
            raise BadMappingError(
                f'The mapping names a field "{name[:_SHOWN_CHARS]}" that does not exist. '
                f"The fields are: {', '.join(known)}."
            )
        fixed[name] = None if header is None else _mapped(table, name, header)
    _refuse_shared(fixed)
    return fixed


def _mapped(table: Table, field: str, header: str) -> Choice:
    for places in _places_by_exactness(table, header):
        if len(places) > 1:
            raise BadMappingError(
                f'The mapping\'s header for "{field}" stands in {len(places)} columns. '
                "Give these columns different headers."
            )
        if places:
            return Choice(field, places[0], table.header[places[0]], How.MAPPING)
    seen = ", ".join(f'"{text.strip()[:_SHOWN_CHARS]}"' for text in table.header[:_SHOWN_HEADERS])
    raise BadMappingError(
        f'The mapping gives for "{field}" a header that is not in the sheet. '
        f"The headers are: {seen}."
    )


def _places_by_exactness(table: Table, header: str) -> Iterator[list[int]]:
    """Yield the columns that bear a header: to the letter, then as a tag, then by its words."""
    yield [place for place, seen in enumerate(table.header) if seen == header]
    if header.strip().startswith("#") and table.hxl:
        tags = enumerate(table.hxl)
        yield [place for place, tag in tags if tag and split_tag(tag) == split_tag(header)]
    folded = fold_header(header)
    headers = enumerate(table.header)
    yield [place for place, seen in headers if folded and fold_header(seen) == folded]


def _refuse_shared(fixed: Mapping[str, Choice | None]) -> None:
    users: dict[int, str] = {}
    for choice in fixed.values():
        if choice is not None and users.setdefault(choice.column, choice.field) != choice.field:
            raise BadMappingError(
                f'The mapping gives one column to both "{users[choice.column]}" and '
                f'"{choice.field}". Give each field a column of its own.'
            )


def read_mapping(path: Path) -> dict[str, str | None]:
    """Read a mapping file, a JSON object of field to header; raises BadMappingError."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAPPING_BYTES + 1)
        parsed: Any = json.loads(data.decode("utf-8-sig")) if len(data) <= _MAPPING_BYTES else None
    except (OSError, ValueError, RecursionError) as error:
        raise BadMappingError(
            'The mapping file cannot be read as JSON. It holds {"field": "Header in the sheet"}.'
        ) from error
    if not isinstance(parsed, dict) or not all(
        header is None or isinstance(header, str) for header in parsed.values()
    ):
        raise BadMappingError(
            'The mapping file must hold one JSON object of texts: {"field": "Header in the sheet"}.'
        )
    return parsed
