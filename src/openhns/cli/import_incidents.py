"""`openhns import --kind incidents`: a file of reported attacks."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from openhns.cli.common import acting_user, mechanism_of, settle, settle_what_is_left
from openhns.cli.output import counted, emit, progress, progress_ends
from openhns.incidents.importing import Imported, Request, do_import_incidents


def run(args: argparse.Namespace) -> int:
    mechanism, person = mechanism_of(args), acting_user(args)
    request = Request(args.file, args.country, args.mapping, args.report, args.dry_run)
    try:
        done = do_import_incidents(request, mechanism=mechanism, acting_user=person, tell=_tell)
    finally:
        progress_ends()
    if not done.dry_run:
        (settle if done.claims else settle_what_is_left)(mechanism)
    emit(args, _data(done), _lines(done, request))
    return 1 if done.refused else 0


def _tell(what: str, done: int, total: int) -> None:
    progress(f"{what} {done} of {total}" if done else f"{what} ...")


def _data(done: Imported) -> dict[str, Any]:
    return asdict(done)


def _lines(done: Imported, request: Request) -> Iterator[str]:
    ended = " (dry run: nothing was written)" if done.dry_run else ""
    yield (
        f"{counted(done.rows, 'row')}: {done.accepted} accepted, {done.warned} warned, "
        f"{done.refused} refused{ended}."
    )
    if request.country:
        yield f"Rows of other countries: {done.outside} of the file's {done.file_rows}."
    if done.country_untold:
        yield f"  Of {done.country_untold} of these the country cannot be told."
    for verdict, reasons in done.reasons.items():
        for code, count in reasons.items():
            yield f"  {verdict}: {count} by {code}"
    yield (
        f"{counted(done.incidents, 'new incident')}, {counted(done.claims, 'new claim')}; "
        f"rows known already: {done.unchanged}."
    )
    yield from _matches(done)
    yield from done.notes
    if request.report:
        yield f"The reasons stand beside the cells in {request.report}."


def _matches(done: Imported) -> Iterator[str]:
    found = done.matches
    yield (
        f"Against what parties held at the time: {found['claims_certain']} claims match for "
        f"certain, {found['claims_possible']} possibly, {found['claims_none']} not at all."
    )
    if found["possible_somewhere"]:
        yield "  Some bound no place: the notices held then were counted, not listed."
    for item in done.matched:
        yield f"  {item['verdict']}: incident {item['incident']}"
