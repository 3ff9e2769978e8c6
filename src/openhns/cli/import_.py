"""`openhns import`: a sheet of sites, movements or incidents."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from openhns.cli.common import acting_user, mechanism_of, settle, settle_what_is_left
from openhns.cli.output import emit, progress, progress_ends
from openhns.registry.actions.consenting import read_consents
from openhns.registry.actions.importing import Imported, Request, do_import_sheet
from openhns.registry.models import Listing

_KINDS: Final = {"sites": Listing.Kind.SITE, "movements": Listing.Kind.MOVEMENT}


class OrganisationNotNamed(Exception):
    """Sites and movements belong to an organisation."""

    code = "organisation_not_named"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Import a sheet. Every row ends as accepted, warned or refused; refused rows are not "
        "registered, and the status is 1 if there are any."
    )
    parser.add_argument("file", type=Path, help="CSV, CSV.GZ, XLSX, XLS, ODS or JSON")
    parser.add_argument("--kind", choices=[*_KINDS, "incidents"], default="sites")
    parser.add_argument("--organisation", metavar="ORG", help="whose sites or movements these are")
    parser.add_argument(
        "--consent",
        action="append",
        default=[],
        metavar="PARTY=GRADE",
        help="let a party be told, at the grade exact, vicinity or presence; may be repeated",
    )
    parser.add_argument("--mapping", type=Path, metavar="FILE", help="JSON: field to header")
    parser.add_argument("--country", metavar="ISO3", help="incidents of this country alone")
    parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
    parser.add_argument(
        "--report", type=Path, metavar="OUT.xlsx", help="the sheet with the reasons beside it"
    )


def run(args: argparse.Namespace) -> int:
    if args.kind == "incidents":
        from openhns.cli import import_incidents  # noqa: PLC0415 - sites need no incidents.

        return import_incidents.run(args)
    if not args.organisation:
        raise OrganisationNotNamed("Say whose they are: --organisation ORG.")
    mechanism, person = mechanism_of(args), acting_user(args)
    request = Request(
        args.file,
        args.organisation,
        _KINDS[args.kind],
        read_consents(mechanism, args.consent),
        args.mapping,
        args.report,
        args.dry_run,
    )
    try:
        done = do_import_sheet(request, mechanism=mechanism, acting_user=person, tell=_tell)
    finally:
        progress_ends()
    if not done.dry_run:
        (settle_what_is_left if done.repeated else settle)(mechanism)
    emit(args, _data(done, request), _lines(done, request))
    return 1 if done.refused else 0


def _tell(what: str, done: int, total: int) -> None:
    progress(f"{what} {done} of {total}" if done else f"{what} ...")


def _data(done: Imported, request: Request) -> dict[str, Any]:
    facts = asdict(done)
    grades = {party.name: str(grade) for party, grade in request.consents.items()}
    return {**facts, "organisation": request.organisation, "consents": grades}


def _lines(done: Imported, request: Request) -> Iterator[str]:
    if done.organisation_entered:
        act = "would be entered" if done.dry_run else "was entered"
        yield f"{request.organisation} {act} and vetted by the local administrator."
    if done.repeated:
        yield "This file was imported before for this organisation; nothing was written."
    dry = " (dry run: nothing was written)" if done.dry_run else ""
    yield (
        f"{done.rows} {'row' if done.rows == 1 else 'rows'}: {done.accepted} accepted, "
        f"{done.warned} warned, {done.refused} refused{dry}."
    )
    for result, reasons in done.reasons.items():
        for name, count in reasons.items():
            yield f"  {result.replace('_', ' ')}: {count} by {name}"
    changes = ", ".join(f"{count} {change}" for change, count in done.changes.items() if count)
    if changes and not done.dry_run:
        yield f"In the register: {changes}."
    columns = "; ".join(f'{name} = "{header}"' for name, header in done.mapping.items())
    yield f"Columns used: {columns}."
    if done.unused:
        yield f"Columns not used: {', '.join(done.unused)}."
    yield from done.notes
    if request.report:
        yield f"The reasons stand beside the cells in {request.report}."
