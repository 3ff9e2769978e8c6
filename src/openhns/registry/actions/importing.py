"""Import a sheet: read it, check every row, keep what is not refused, in one transaction."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from openhns.formats.columns import How
from openhns.formats.errors import FileUnwritableError
from openhns.formats.report import write_report
from openhns.mechanism.access import NotFound, find_organisation
from openhns.mechanism.actions import do_admit
from openhns.mechanism.models import Mechanism, Organisation, Person
from openhns.mechanism.policy import policy_of
from openhns.record.writing import NewEvent, find_log, write_event
from openhns.registry.actions.consenting import Consents
from openhns.registry.actions.kept import Submitter
from openhns.registry.actions.submitting import (
    Change,
    Judged,
    Outcome,
    Result,
    judge,
    submitter,
    write,
)
from openhns.registry.checks.finding import Verdict, worth_telling
from openhns.registry.checks.running import Progress, silent
from openhns.registry.drafts import Draft
from openhns.registry.errors import OrganisationUnknown, ReportNotWritable, ReportNotWritten
from openhns.registry.events import RegistryEvent
from openhns.registry.models import Listing, SheetImport
from openhns.registry.sheets import Sheet, Told, read_sheet, report_findings, told
from openhns.vault.rings import ring_of

_CHANGES: Final = (Change.ADDED, Change.AMENDED, Change.REOPENED, Change.UNCHANGED)
_GRAVE: Final = {Result.REFUSED: Verdict.FAIL, Result.WARNED: Verdict.WARN}


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a sheet; `accepted`, `warned` and `refused` add up to `rows`.

    `reasons` counts, under `refused` and `warned`, the rows by the checks that say so, and under
    `not_checked` by the checks that lacked what they compare with; a row with two reasons counts
    under both. `changes` counts rows added, amended, reopened (removed
    before, and listed again) and unchanged. `unused` are the headers that no field was read from.
    """

    rows: int
    accepted: int
    warned: int
    refused: int
    reasons: Mapping[str, Mapping[str, int]]
    changes: Mapping[str, int]
    mapping: Mapping[str, str]
    sha256: str
    import_id: UUID | None = None
    repeated: bool = False
    dry_run: bool = False
    organisation_entered: bool = False
    unused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be imported, for whom, and to whom it may be told."""

    path: Path
    organisation: str
    kind: Listing.Kind = Listing.Kind.SITE
    consents: Consents = field(default_factory=dict)
    mapping: Path | None = None
    report: Path | None = None
    dry_run: bool = False


def do_import_sheet(
    request: Request,
    *,
    mechanism: Mechanism,
    acting_user: Person,
    tell: Progress = silent,
) -> Imported:
    """Import a sheet for an organisation; see `Imported`. Refused rows are not registered.

    An organisation that is not known is entered where one person suffices. The same file for
    the same organisation is imported once. Raises FormatError, OrganisationUnknown, NotAllowed,
    ReportNotWritable, and nothing was written; the report comes last, and ReportNotWritten says
    that the rows were imported without it.
    """
    _require_writable(request.report)
    organisation = _organisation(request.organisation, mechanism, acting_user)
    tell("reading", 0, 0)
    sheet = read_sheet(request.path, request.kind, request.mapping)
    former = organisation and _former(organisation, sheet)
    if former:
        return _repeated(former, sheet, request)
    judged = judge(sheet.drafts(), mechanism, organisation, tell)
    if request.dry_run:
        done = _imported(sheet, [Outcome(item, Change.NOTHING, None) for item in judged])
        done = replace(done, dry_run=True, organisation_entered=organisation is None)
    else:
        tell("keeping", 0, len(judged))
        done = _keep(request, sheet, judged, mechanism, acting_user)
        if done.repeated:  # Another process imported it meanwhile.
            return done
        done = replace(done, organisation_entered=organisation is None)
    try:
        _report(request.report, sheet, _told_rows(judged), tell)
    except FileUnwritableError as error:
        if request.dry_run:
            raise
        raise ReportNotWritten(
            f"{done.accepted + done.warned} rows were imported, but the report was not written. "
            f"{error} The same command again writes the report alone."
        ) from error
    return done


def _require_writable(report: Path | None) -> None:
    """Refuse before any work what would only fail after it."""
    if report is None:
        return
    if report.is_dir() or not report.parent.is_dir() or not os.access(report.parent, os.W_OK):
        raise ReportNotWritable(
            "The report cannot be written there: --report names a file in a folder that exists "
            "and that this account may write to."
        )


def _organisation(name: str, mechanism: Mechanism, acting_user: Person) -> Organisation | None:
    """Return the organisation, or None where it will be entered; raise where it may not be."""
    try:
        organisation = find_organisation(mechanism, name)
    except NotFound:
        if acting_user.local and policy_of(mechanism).one_person_suffices:
            return None
        raise OrganisationUnknown(
            "No organisation of that name takes part. Under this policy it applies first "
            "(`openhns organisation apply`) and is vetted by two persons (`openhns organisation "
            "vet`); then import as one of its reporters (--as USER)."
        ) from None
    submitter(organisation, acting_user)
    return organisation


def _file_hash(organisation: Organisation, sheet: Sheet) -> bytes:
    """Return the keyed hash of the file as it was read: another mapping reads it anew."""
    fixed = {
        name: choice.header
        for name, choice in sheet.columns.choices.items()
        if choice.how == How.MAPPING
    }
    read_as = hashlib.sha256(json.dumps([sheet.kind, fixed], sort_keys=True).encode()).hexdigest()
    value = f"{organisation.id}:{sheet.table.sha256}:{read_as}"
    return ring_of(organisation.mechanism_id).keyed_hash("sheet", value)


def _former(organisation: Organisation, sheet: Sheet) -> SheetImport | None:
    found = SheetImport.objects.filter(organisation=organisation)
    return found.filter(file_hash=_file_hash(organisation, sheet)).first()


def _repeated(former: SheetImport, sheet: Sheet, request: Request) -> Imported:
    """Answer as the first time; only the report is written again."""
    content = former.content
    rows = {int(row): Told.from_json(value) for row, value in content["findings"].items()}
    _report(request.report, sheet, rows, silent)
    asked = _consents_json(request.consents)
    notes = sheet.notes
    if asked and asked != content["consents"]:
        notes.append(
            "The file was imported before, so the consents asked for now were not recorded: "
            "change consents with `openhns consent`."
        )
    return Imported(
        rows=former.rows,
        accepted=former.accepted,
        warned=former.warned,
        refused=former.refused,
        reasons=content["reasons"],
        changes=content["changes"],
        mapping=content["mapping"],
        sha256=sheet.table.sha256,
        import_id=former.id,
        repeated=True,
        dry_run=request.dry_run,
        unused=tuple(sheet.unused),
        notes=tuple(notes),
    )


def _consents_json(consents: Consents) -> dict[str, str]:
    return {str(party.id): str(grade) for party, grade in consents.items()}


def _keep(
    request: Request,
    sheet: Sheet,
    judged: Sequence[Judged],
    mechanism: Mechanism,
    acting_user: Person,
) -> Imported:
    import_id = uuid4()
    sha256 = sheet.table.sha256

    def origin(draft: Draft) -> dict[str, Any]:
        return {"import": str(import_id), "row": draft.row, "sha256": sha256}

    with transaction.atomic():
        if _organisation(request.organisation, mechanism, acting_user) is None:
            do_admit(request.organisation, mechanism=mechanism, acting_user=acting_user)
        found = find_organisation(mechanism, request.organisation)
        by = submitter(
            Organisation.objects.select_for_update(no_key=True).get(id=found.id), acting_user
        )
        former = _former(by.organisation, sheet)
        if former:
            return _repeated(former, sheet, request)
        written = _imported(sheet, write(judged, request.consents, by, origin))
        done = replace(written, import_id=import_id)
        _record(done, request, sheet, judged, by)
    return done


def _record(
    done: Imported, request: Request, sheet: Sheet, judged: Sequence[Judged], by: Submitter
) -> None:
    row = SheetImport(
        id=done.import_id,
        scope=by.scope,
        mechanism_id=by.scope,
        organisation=by.organisation,
        file_hash=_file_hash(by.organisation, sheet),
        rows=done.rows,
        accepted=done.accepted,
        warned=done.warned,
        refused=done.refused,
        imported_at=timezone.now(),
    )
    row.seal_content(
        {
            "file_name": request.path.name,
            "kind": str(request.kind),
            "sha256": done.sha256,
            "mapping": dict(done.mapping),
            "consents": _consents_json(request.consents),
            "reasons": done.reasons,
            "changes": done.changes,
            "findings": {str(n): each.to_json() for n, each in _told_rows(judged).items()},
        }
    )
    row.save(force_insert=True)
    body = {
        "sha256": done.sha256,
        "kind": str(request.kind),
        "by": by.person.handle,
        "counts": {name: getattr(done, name) for name in ("accepted", "warned", "refused")},
        "changes": dict(done.changes),
    }
    event = NewEvent(
        RegistryEvent.SHEET_IMPORTED, "sheet", row.id, body, rows=[row], actor=by.actor
    )
    write_event(find_log(by.scope), event)


def _imported(sheet: Sheet, outcomes: Sequence[Outcome]) -> Imported:
    results = Counter(item.result for item in outcomes)
    changes = Counter(item.change for item in outcomes)
    return Imported(
        rows=len(outcomes),
        accepted=results[Result.ACCEPTED],
        warned=results[Result.WARNED],
        refused=results[Result.REFUSED],
        reasons={
            **{str(result): _reasons(outcomes, result) for result in _GRAVE},
            "not_checked": _not_checked(outcomes),
        },
        changes={str(change): changes[change] for change in _CHANGES},
        mapping=sheet.mapping,
        sha256=sheet.table.sha256,
        unused=tuple(sheet.unused),
        notes=tuple(sheet.notes),
    )


def _reasons(outcomes: Iterable[Outcome], result: Result) -> dict[str, int]:
    """Count the rows of a result by the checks that brought it about, the most frequent first."""
    counted: Counter[str] = Counter()
    for outcome in outcomes:
        if outcome.result == result:
            found = outcome.judged.findings
            counted.update({item.name for item in found if item.verdict == _GRAVE[result]})
    return dict(counted.most_common())


def _not_checked(outcomes: Iterable[Outcome]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for outcome in outcomes:
        found = worth_telling(outcome.judged.findings)
        counted.update({item.name for item in found if item.verdict == Verdict.NOT_CHECKED})
    return dict(counted.most_common())


def _told_rows(judged: Iterable[Judged]) -> dict[int, Told]:
    rows = (
        (item.draft.row, told(str(item.result), item.findings))
        for item in judged
        if item.draft.row is not None
    )
    return {row: each for row, each in rows if each.findings}


def _report(path: Path | None, sheet: Sheet, rows: Mapping[int, Told], tell: Progress) -> None:
    if path is None:
        return
    tell("writing the report", 0, len(sheet.table.rows))
    left = [note for note in sheet.notes if note not in sheet.table.notes]
    write_report(path, sheet.table, report_findings(sheet, rows), notes=left)
