"""A sheet of sites or movements: its rows as drafts, and findings back beside its cells."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from openhns.formats.columns import ColumnMap, How, map_columns, read_mapping
from openhns.formats.errors import FileEmptyError
from openhns.formats.faults import Fault, cell_text, row_faults
from openhns.formats.fields import Field
from openhns.formats.movement_fields import MOVEMENT_FIELDS
from openhns.formats.report import Result, RowFinding
from openhns.formats.report_words import is_report_header
from openhns.formats.site_fields import SITE_FIELDS
from openhns.formats.table import Table, read_table
from openhns.formats.values import Row
from openhns.registry.checks.finding import PASSING, Finding, worth_telling
from openhns.registry.drafts import DRAFT_OF, Draft
from openhns.registry.facts import POSITION_NAMES
from openhns.registry.models import Listing
from openhns.registry.texts import fold_identifier

_FIELDS: Final[Mapping[Listing.Kind, Sequence[Field]]] = {
    Listing.Kind.SITE: SITE_FIELDS,
    Listing.Kind.MOVEMENT: MOVEMENT_FIELDS,
}
_IDENTIFIER: Final = "identifier"
_MOST_REPEATED: Final = 0.1
_NO_IDENTIFIER: Final = (
    'The column "{}" was not used as an identifier, for many rows share one. Name the right '
    "column with --mapping."
)


@dataclass(frozen=True)
class Sheet:
    """A table, the columns that hold its fields, and what it lists."""

    table: Table
    columns: ColumnMap
    kind: Listing.Kind

    @property
    def mapping(self) -> dict[str, str]:
        """Return the header that was taken for each field."""
        return {name: choice.header for name, choice in self.columns.choices.items()}

    @property
    def unused(self) -> list[str]:
        """Return the headers that hold no field, but for those that a report had added."""
        headers = [self.table.header[column] for column in self.columns.unused]
        left_out = [] if self.identifies else [self.mapping[_IDENTIFIER]]
        shown = [text for text in headers if text.strip() and not is_report_header(text)]
        return [*shown, *left_out]

    @property
    def notes(self) -> list[str]:
        left_out = [] if self.identifies else [_NO_IDENTIFIER.format(self.mapping[_IDENTIFIER])]
        return [*self.table.notes, *left_out]

    @cached_property
    def identifies(self) -> bool:
        """Whether the identifiers' column tells rows apart; one that a person named is believed."""
        choice = self.columns.choices.get(_IDENTIFIER)
        if choice is None or choice.how == How.MAPPING:
            return True
        cells = (cell_text(row.cells[choice.column]) for row in self.table.rows)
        counts = Counter(fold_identifier(cell) for cell in cells if cell)
        repeated = counts.total() - len(counts)
        return repeated <= _MOST_REPEATED * counts.total()

    def drafts(self) -> list[Draft]:
        """Read every row; a fault of a cell is told at its field."""
        names = {choice.column: name for name, choice in self.columns.choices.items()}
        if not self.identifies:
            names = {column: name for column, name in names.items() if name != _IDENTIFIER}
        make = DRAFT_OF[self.kind]
        return [make(*self._facts(row, names), row.number) for row in self.table.rows]

    def _facts(
        self, row: Row, names: Mapping[int, str]
    ) -> tuple[dict[str, Any], Mapping[str, Sequence[Fault]]]:
        facts = {name: row.cells[column] for column, name in names.items()}
        faults = {
            names[column]: found
            for column, found in row_faults(self.table, row).items()
            if column in names
        }
        return facts, faults

    def column_of(self, field_name: str, row: Row) -> int | None:
        """Return the column beside which a finding about a field is written."""
        columns = [
            column
            for name in POSITION_NAMES.get(field_name, (field_name,))
            if (column := self.columns.column(name)) is not None
        ]
        # A position is told beside what is missing of it, else beside its first cell.
        empty = [column for column in columns if not cell_text(row.cells[column])]
        halved = len(columns) > 1 and len(empty) < len(columns)
        return next(iter(empty if halved and empty else columns), None)


def read_sheet(path: Path, kind: Listing.Kind, mapping: Path | None) -> Sheet:
    """Read a file and match its columns. Raises FormatError, and nothing is written."""
    given = None if mapping is None else read_mapping(mapping)
    table = read_table(path)
    if not table.rows:
        raise FileEmptyError("The sheet has a header and no rows. Check the right one was sent.")
    return Sheet(table, map_columns(table, _FIELDS[kind], given), kind)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one row: its result, and the findings that are no pass."""

    result: str
    findings: Sequence[Finding] = field(default_factory=tuple)

    def to_json(self) -> dict[str, Any]:
        return {"result": self.result, "findings": [item.to_json() for item in self.findings]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Told":
        return cls(value["result"], tuple(map(Finding.from_json, value["findings"])))


def told(result: str, findings: Iterable[Finding]) -> Told:
    """Leave out what passed, and what is for reviewers alone."""
    shown = (item for item in findings if not item.reviewers_only)
    return Told(result, tuple(worth_telling(shown)))


def report_findings(sheet: Sheet, rows: Mapping[int, Told]) -> dict[int, RowFinding]:
    """Return the report's findings; a row of which nothing is told was accepted."""
    return {row.number: _row_finding(sheet, row, rows.get(row.number)) for row in sheet.table.rows}


def _row_finding(sheet: Sheet, row: Row, told_of: Told | None) -> RowFinding:
    if told_of is None:
        return RowFinding(Result.ACCEPTED)
    cells: dict[int, list[str]] = {}
    for finding in told_of.findings:
        column = None if finding.verdict in PASSING else sheet.column_of(finding.field, row)
        if column is not None:
            cells.setdefault(column, []).append(finding.words)
    return RowFinding(
        Result(told_of.result),
        tuple(finding.sentence for finding in told_of.findings),
        {column: " ".join(words) for column, words in cells.items()},
    )
