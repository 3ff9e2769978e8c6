"""Import a file of incidents: every row becomes a claim, is known already, or is refused.

One transaction holds it all. The same row again writes nothing; a row that changed since adds a
second claim beside the first, and nothing is overwritten.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from openhns.formats.columns import read_mapping
from openhns.formats.report import Result, RowFinding, write_report
from openhns.formats.table import read_table
from openhns.formats.values import Row
from openhns.incidents import findings
from openhns.incidents.access import require_keeper
from openhns.incidents.drafts import Draft, claim_content
from openhns.incidents.errors import ColumnsMissing, CountryUnknown, ReportNotWritable
from openhns.incidents.matching import Matcher, Outcome
from openhns.incidents.placing import iso3_of
from openhns.incidents.reading import Sheet, content_identity, open_sheet
from openhns.incidents.recording import NewClaim, Recorded, Recorder, save
from openhns.mechanism.models import Mechanism, Person

Progress = Callable[[str, int, int], None]
LISTED_IDS: Final = 100
"""Identifiers are listed in the answer where there are no more of them than this."""


@dataclass(frozen=True, slots=True)
class Request:
    """Which file, and which of its rows; `country` is ISO 3166-1 alpha-3."""

    path: Path
    country: str | None = None
    mapping: Path | None = None
    report: Path | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file.

    `accepted`, `warned` and `refused` add up to `rows`; these and `outside`, the rows of other
    countries than the one asked for, add up to `file_rows`. `country_untold` counts those of
    `outside` whose country cannot be told. `unchanged` counts rows whose claim was known.
    `incidents` and `claims` are new ones.
    """

    file_rows: int
    outside: int
    country_untold: int
    rows: int
    accepted: int
    warned: int
    refused: int
    reasons: Mapping[str, Mapping[str, int]]
    precision: Mapping[str, int]
    unchanged: int
    incidents: int
    claims: int
    matches: Mapping[str, int]
    matched: Sequence[Mapping[str, str]]
    mapping: Mapping[str, str]
    sha256: str
    dry_run: bool
    notes: Sequence[str] = field(default=())
    incident_ids: Sequence[UUID] = field(default=())


def do_import_incidents(
    request: Request, *, mechanism: Mechanism, acting_user: Person, tell: Progress
) -> Imported:
    """Import a file of incidents; see `Imported`. Whatever is raised, nothing was written.

    Raises FormatError, CountryUnknown, ColumnsMissing, ReportNotWritable, NotAllowed.
    """
    require_keeper(acting_user, mechanism)
    _require_writable(request.report)
    country = _country(request.country)
    tell("reading", 0, 0)
    sheet = _sheet(request)
    now = timezone.now()
    rows, untold = _rows_of(sheet, country)
    drafts = _with_repeats(_drafts(sheet, rows, now, tell))
    considered = [_covered(draft, mechanism) for draft in drafts]
    kept = [draft for draft in considered if draft.verdict != "refused"]
    done = _keep(mechanism, sheet, kept, now, dry_run=request.dry_run)
    if request.report:
        _report(request.report, sheet, considered)
    return replace(_imported(request, sheet, considered, done), country_untold=untold)


def _require_writable(report: Path | None) -> None:
    """Refuse before any work what would only fail after it."""
    if report is None:
        return
    if report.is_dir() or not report.parent.is_dir() or not os.access(report.parent, os.W_OK):
        raise ReportNotWritable(
            "The report cannot be written there: --report names a file in a folder that exists "
            "and that this account may write to."
        )


def _country(name: str | None) -> str | None:
    if name is None:
        return None
    found = iso3_of(name)
    if found is None:
        raise CountryUnknown("--country names no country: give its three letters, such as MLI.")
    return found


def _sheet(request: Request) -> Sheet:
    mapping = read_mapping(request.mapping) if request.mapping else None
    sheet = open_sheet(read_table(request.path), mapping)
    if request.country and not {"country", "iso3"} & sheet.columns.choices.keys():
        raise ColumnsMissing(
            "--country was given, and the file has no column of countries. Leave --country out, "
            'or name the column with --mapping FILE, such as {"country": "Header in the sheet"}.'
        )
    return sheet


def _rows_of(sheet: Sheet, country: str | None) -> tuple[Sequence[Row], int]:
    """Return the rows of a country, and of how many others the country cannot be told."""
    if country is None:
        return sheet.table.rows, 0
    countries = [sheet.country_of(row) for row in sheet.table.rows]
    pairs = zip(sheet.table.rows, countries, strict=True)
    return [row for row, found in pairs if found == country], countries.count(None)


def _drafts(sheet: Sheet, rows: Sequence[Row], now: datetime, tell: Progress) -> Iterator[Draft]:
    for place, row in enumerate(rows):
        if not place % 200:
            tell("reading row", place, len(rows))
        yield sheet.draft(row, now)


def _with_repeats(drafts: Iterable[Draft]) -> list[Draft]:
    """Note the rows that repeat an earlier row's identifier with other content."""
    seen: dict[str, set[str]] = {}
    found = []
    for draft in drafts:
        digests = seen.setdefault(content_identity(draft), set())
        repeats = bool(digests) and draft.digest not in digests
        digests.add(draft.digest)
        noted = (*draft.findings, findings.SAME_IDENTIFIER) if repeats else draft.findings
        found.append(replace(draft, findings=noted))
    return found


def _covered(draft: Draft, mechanism: Mechanism) -> Draft:
    country, covered = draft.where.country, mechanism.countries
    if not covered or country is None or country in covered:
        return draft
    return replace(draft, findings=(*draft.findings, findings.OUTSIDE_MECHANISM))


@dataclass(frozen=True, slots=True)
class _Done:
    recorded: Sequence[Recorded]
    outcomes: Mapping[UUID, Outcome]


def _keep(
    mechanism: Mechanism, sheet: Sheet, drafts: Sequence[Draft], now: datetime, *, dry_run: bool
) -> _Done:
    """Record the drafts in one transaction; a dry run does the same and keeps nothing."""
    with transaction.atomic():
        # Two imports at once wait for each other here, and the second finds what the first made.
        Mechanism.objects.select_for_update().get(id=mechanism.id)
        claims = [_new_claim(sheet, draft) for draft in drafts]
        recorder = Recorder(mechanism, claims, now)
        recorded = [item for claim in claims if (item := recorder.add(claim)) is not None]
        ends = [draft.when.end for draft in drafts if draft.when]
        matcher = Matcher(mechanism, max(ends, default=now))
        outcomes = {
            item.claim.id: matcher.outcome(item.claim.id, item.claim.content) for item in recorded
        }
        if not dry_run:
            save(mechanism, recorded, outcomes, now)
    return _Done(recorded, outcomes)


def _new_claim(sheet: Sheet, draft: Draft) -> NewClaim:
    origin = {"how": "import", "row": draft.row, "file_sha256": sheet.table.sha256}
    return NewClaim(content_identity(draft), draft.digest, claim_content(draft, origin))


def _report(path: Path, sheet: Sheet, drafts: Sequence[Draft]) -> None:
    write_report(path, sheet.table, {draft.row: _row_finding(sheet, draft) for draft in drafts})


def _row_finding(sheet: Sheet, draft: Draft) -> RowFinding:
    cells: dict[int, str] = {}
    for finding in draft.findings:
        column = sheet.columns.column(finding.field)
        if column is None and finding.field in sheet.header:
            column = sheet.header.index(finding.field)
        if column is not None:
            cells[column] = " ".join(filter(None, [cells.get(column), finding.words]))
    reasons = tuple(finding.words for finding in draft.findings)
    return RowFinding(Result(draft.verdict), reasons, cells)


def _imported(
    request: Request,
    sheet: Sheet,
    considered: Sequence[Draft],
    done: _Done,
) -> Imported:
    verdicts = Counter(draft.verdict for draft in considered)
    new = [item.incident.id for item in done.recorded if item.new_incident]
    matched = list(_matched(done))
    return Imported(
        file_rows=sheet.table.row_count,
        outside=sheet.table.row_count - len(considered),
        country_untold=0,
        rows=len(considered),
        accepted=verdicts["accepted"],
        warned=verdicts["warned"],
        refused=verdicts["refused"],
        reasons=_reasons(considered),
        precision=dict(
            Counter(draft.where.precision_words or "not stated" for draft in considered)
        ),
        unchanged=len(considered) - verdicts["refused"] - len(done.recorded),
        incidents=len(new),
        claims=len(done.recorded),
        matches=_counts(done.outcomes.values()),
        matched=matched if len(matched) <= LISTED_IDS else (),
        mapping={name: choice.header for name, choice in sheet.columns.choices.items()},
        sha256=sheet.table.sha256,
        dry_run=request.dry_run,
        notes=sheet.table.notes,
        incident_ids=new if len(new) <= LISTED_IDS and not request.dry_run else (),
    )


def _reasons(drafts: Sequence[Draft]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {"refused": Counter(), "warned": Counter()}
    for draft in drafts:
        for finding in draft.findings:
            found["refused" if finding.refuses else "warned"][finding.code] += 1
    return {verdict: dict(counts.most_common()) for verdict, counts in found.items()}


def _counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Count pairs, and claims by their best verdict; `possible_somewhere` counts notices."""
    listed = list(outcomes)
    claims = Counter(outcome.verdict for outcome in listed)
    return {
        "certain": sum(outcome.count("certain") for outcome in listed),
        "possible": sum(outcome.count("possible") for outcome in listed),
        "possible_somewhere": sum(sum(outcome.unplaced.values()) for outcome in listed),
        "claims_certain": claims["certain"],
        "claims_possible": claims["possible"],
        "claims_none": claims["none"],
    }


def _matched(done: _Done) -> Iterator[dict[str, Any]]:
    for item in done.recorded:
        outcome = done.outcomes[item.claim.id]
        if outcome.pairs:
            yield {
                "incident": str(item.incident.id),
                "claim": str(item.claim.id),
                "verdict": outcome.verdict,
            }
