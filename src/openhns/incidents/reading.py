"""Read rows of a file of incidents into drafts; nothing here touches the database."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from openhns.formats.columns import ColumnMap, map_columns
from openhns.formats.faults import cell_text, row_faults
from openhns.formats.incident_fields import INCIDENT_FIELDS
from openhns.formats.values import Cell, Row, Table
from openhns.incidents import findings, moments, openings
from openhns.incidents.drafts import Draft, Finding, Plain
from openhns.incidents.errors import MomentUnreadable
from openhns.incidents.moments import Moment
from openhns.incidents.placing import country_of, place

SIND: Final = "Insecurity Insight, Security in Numbers Database"
"""The source of files whose identifiers stand under "SiND Event ID", whatever their form."""

_SIND_HEADER = "sindeventid"
_FACTS: Final = {
    "perpetrator": "reported_perpetrator",
    "perpetrator_name": "reported_perpetrator_name",
    "weapon": "reported_weapon",
    "location_type": "reported_location",
    "facility_name": "reported_facility",
    "certainty": "reported_certainty",
    "admin1": "admin1",
    "place": "place",
    "source": "named_source",
}
_VAGUE = frozenset({"month", "year"})
CLOCK_SLACK: Final = timedelta(days=1)
"""An attack stated later than this after now lies in the future; clocks and zones differ."""


@dataclass(slots=True)
class _Noted:
    """The findings of the row at hand, each once."""

    found: dict[str, Finding] = field(default_factory=dict)

    def __call__(self, finding: Finding) -> None:
        self.found.setdefault(finding.code, finding)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of incidents whose columns are known."""

    table: Table
    header: tuple[str, ...]
    columns: ColumnMap
    source: str

    def drafts(self, now: datetime) -> Iterator[Draft]:
        """Read every row; `now` is what a date in the future is judged by."""
        for row in self.table.rows:
            yield self.draft(row, now)

    def draft(self, row: Row, now: datetime) -> Draft:
        return _draft(self, row, now)

    def country_of(self, row: Row) -> str | None:
        """Return the country of a row by ISO 3166-1 alpha-3, without reading the rest of it."""
        return country_of(self.columns, row, _Noted())


def open_sheet(table: Table, mapping: Mapping[str, str | None] | None = None) -> Sheet:
    """Match the columns; raise MissingColumnError where the date has none."""
    columns = map_columns(table, INCIDENT_FIELDS, mapping)
    header = tuple(sound(text) for text in table.header)
    return Sheet(table, header, columns, _source(columns))


def _source(columns: ColumnMap) -> str:
    """Name the source by the identifier's header, so that two numberings are never mixed up."""
    choice = columns.choices.get("identifier")
    header = "".join(choice.header.casefold().split()) if choice else ""
    if header == _SIND_HEADER:
        return SIND
    return f"identifiers under {sound(choice.header.strip())!r}" if choice else "sheet"


def _draft(sheet: Sheet, row: Row, now: datetime) -> Draft:
    columns, noted = sheet.columns, _Noted()
    verbatim = _verbatim(sheet.header, row)
    words = columns.text(row, "description")
    country = country_of(columns, row, noted)
    when = _when(columns, row, words, now, noted)
    where = place(columns, row, country, noted)
    identifier = columns.text(row, "identifier")
    if not identifier:
        noted(findings.NO_IDENTIFIER)
    _note_faults(sheet.table, row, noted)
    return Draft(
        row=row.number,
        source=sheet.source,
        identifier=identifier,
        verbatim=verbatim,
        digest=_digest(verbatim),
        words=sound(words),
        facts={name: sound(columns.text(row, column)) for column, name in _FACTS.items()},
        where=where,
        when=when,
        findings=tuple(noted.found.values()),
    )


def _verbatim(header: Sequence[str], row: Row) -> tuple[tuple[str, Plain], ...]:
    """Return every cell beside its header to the letter; a cell without one stands beside ""."""
    headers = [*header, *("" for _ in row.cells[len(header) :])]
    return tuple((sound(head), _plain(cell)) for head, cell in zip(headers, row.cells, strict=True))


def _plain(cell: Cell) -> Plain:
    """Texts stay to the letter, blanks included; a float would have no canonical form."""
    if cell is None or isinstance(cell, bool):
        return cell
    return sound(cell if isinstance(cell, str) else cell_text(cell))


def sound(text: str) -> str:
    """Return a text that every encoding holds: half a surrogate pair is written as its number."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode()


def _when(columns: ColumnMap, row: Row, words: str, now: datetime, noted: _Noted) -> Moment | None:
    stated = _stated(columns, row, words, noted)
    if stated is None:
        return None
    if stated.start is not None and stated.start > now + CLOCK_SLACK:
        noted(findings.DATE_IN_FUTURE)
        return None
    reconciled = openings.reconcile(stated, words)
    if reconciled.noticed:
        noted(_NOTICED[reconciled.noticed])
    return reconciled.moment


_NOTICED = {
    "reported_date": findings.REPORTED_DATE,
    "rough_date": findings.ROUGH_DATE,
    "dates_differ": findings.DATES_DIFFER,
}


def _stated(columns: ColumnMap, row: Row, words: str, noted: _Noted) -> Moment | None:
    """Return the moment of the date's column, or of the description where the column is empty."""
    cell = columns.cell(row, "date")
    if not cell_text(cell):
        opening = openings.read_opening(words)
        noted(findings.DATE_FROM_WORDS if opening else findings.DATE_MISSING)
        return opening.moment if opening else None
    try:
        stated = moments.read_moment(cell)
    except MomentUnreadable:
        noted(findings.DATE_UNREADABLE)
        return None
    if stated.form in _VAGUE:
        noted(findings.DATE_VAGUE)
    if stated.form == "days":
        noted(findings.DATE_AMBIGUOUS)
    return _with_clock(columns, row, stated, noted)


def _with_clock(columns: ColumnMap, row: Row, stated: Moment, noted: _Noted) -> Moment:
    cell = columns.cell(row, "time")
    if not cell_text(cell) or stated.form != "day" or stated.start is None:
        return stated
    clock = moments.read_clock(cell)
    if clock is None:
        noted(findings.TIME_UNREADABLE)
        return stated
    return moments.of_clock((stated.start + moments.EASTERNMOST).date(), clock)


def _note_faults(table: Table, row: Row, noted: _Noted) -> None:
    """Note what is wrong with cells whatever they mean; they are kept as they came."""
    for column, faults in row_faults(table, row).items():
        for fault in faults:
            noted(Finding(fault.code, _field_of(table, column), f"A cell {fault.words}."))


def _field_of(table: Table, column: int) -> str:
    return table.header[column] if column < len(table.header) else f"column {column + 1}"


def content_identity(draft: Draft) -> str:
    """Return the text whose keyed hash finds the incident of a draft again."""
    if draft.identifier:
        return f"{draft.source}\n{sound(draft.identifier)}"
    return f"content\n{draft.digest}"


def _digest(verbatim: Sequence[tuple[str, Plain]]) -> str:
    """Return the digest of all cells, by which the same row is known again."""
    text = json.dumps(verbatim, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
