"""`openhns transmit`: prepare what the parties are to be told, and send it."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openhns.cli.common import acting_user, mechanism_of
from openhns.cli.output import counted, emit, progress, progress_ends
from openhns.jobs.actions import drain
from openhns.mechanism.models import Mechanism
from openhns.notices.actions import do_transmit
from openhns.notices.actions.transmitting import Report
from openhns.notices.due import DELIVER
from openhns.notices.foresight import Foreseen, Foresight, foresee
from openhns.notices.models import Transmission
from openhns.notices.public_register import read_public_register
from openhns.parties.access import find_party
from openhns.parties.models import Party


class DryRunNeeded(Exception):
    """An option was given that only a dry run reads."""

    code = "dry_run_needed"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Make the notices that each participating party is due and send them with their proofs. "
        "Urgent ones leave at once, marked 'proof follows'. Run again after any interruption: "
        "what left is not sent twice."
    )
    parser.add_argument("--party", metavar="NAME", help="this party alone")
    parser.add_argument("--urgent", action="store_true", help="send everything at once")
    parser.add_argument("--dry-run", action="store_true", help="say what would be sent")
    parser.add_argument(
        "--register",
        metavar="FILE",
        type=Path,
        help="with --dry-run: a public register of sites; say how many of the cells told hold "
        "exactly one of its places",
    )


def run(args: argparse.Namespace) -> int:
    if args.register and not args.dry_run:
        raise DryRunNeeded("--register is read with --dry-run alone. Nothing was sent.")
    mechanism = mechanism_of(args)
    party = find_party(mechanism, args.party) if args.party else None
    return (_foresee if args.dry_run else _transmit)(args, mechanism, party)


def _transmit(args: argparse.Namespace, mechanism: Mechanism, party: Party | None) -> int:
    progress("Preparing, signing and sending ...")
    report = do_transmit(mechanism, party, urgent=args.urgent, acting_user=acting_user(args))
    drain([DELIVER])
    progress_ends()
    emit(args, _report_json(report), _report_lines(report))
    return 1 if report.failures else 0


def _report_json(report: Report) -> dict[str, Any]:
    by_party = {party.name: _of_party(report, party) for party in report.parties}
    return {
        "notices": report.notice_ids,
        "parties": by_party,
        "skipped": [party.name for party in report.skipped],
        "problems": [
            {"code": getattr(error, "code", type(error).__name__), "message": str(error)}
            for error in report.failures
        ],
    }


def _of_party(report: Report, party: Party) -> dict[str, Any]:
    own = [item for item in report.transmissions if item.party_id == party.id]
    if not own:
        return {"notices": 0, "numbers": None, "transmission": None, "status": "nothing to send"}
    held_back = [item for item in own if item.status != Transmission.Status.TRANSMITTED]
    return {
        "notices": sum(item.last_number - item.first_number + 1 for item in own),
        "numbers": [own[0].first_number, own[-1].last_number],
        "transmission": own[-1].id,
        "status": (held_back or own)[0].status,
        "transmissions": [_of_transmission(item) for item in own],
    }


def _of_transmission(item: Transmission) -> dict[str, Any]:
    return {
        "id": item.id,
        "numbers": [item.first_number, item.last_number],
        "status": item.status,
        "transmitted_at": item.transmitted_at,
        "proof": _proof_of(item),
        "sha256": item.delivered_sha256 or None,
    }


def _proof_of(item: Transmission) -> str:
    if not item.proof_follows:
        return "enclosed"
    return "follows" if item.proof_sent_at is None else "followed"


def _report_lines(report: Report) -> Iterator[str]:
    for party in report.parties:
        found = _of_party(report, party)
        if not found["notices"]:
            yield f"{party.name}: nothing to send; it was told everything that it is to be told."
            continue
        first, last = found["numbers"]
        yield (
            f"{party.name}: {counted(found['notices'], 'notice')}, numbers {first} to {last}: "
            f"{found['status']}"
        )
    for party in report.skipped:
        yield f"{party.name}: skipped, for it takes no part."
    for error in report.failures:
        yield f"Held back: {error}"


def _foresee(args: argparse.Namespace, mechanism: Mechanism, party: Party | None) -> int:
    public = read_public_register(args.register) if args.register else None
    found = foresee(mechanism, party, public=public, acting_user=acting_user(args))
    data = {
        "dry_run": True,
        "parties": {item.party.name: _foreseen_json(item) for item in found.parties},
        "skipped": [item.name for item in found.skipped],
        "public_register": public and {"rows": public.rows, "placed": public.placed},
    }
    emit(args, data, _foreseen_lines(found))
    return 0


def _foreseen_json(item: Foreseen) -> dict[str, Any]:
    return {
        "notices": item.total,
        "by_grade": item.counts,
        "prepared_before": item.waiting,
        "cells": {
            "told": item.exposure.told,
            "with_one_site": item.exposure.single,
            "percent": item.exposure.percent,
            "words": item.exposure.words(),
        },
        "public_register": item.pinned
        and {
            "told": item.pinned.told,
            "with_one_place": item.pinned.single,
            "with_none": item.pinned.none,
            "percent": item.pinned.percent,
            "words": item.pinned.words(),
        },
    }


def _foreseen_lines(found: Foresight) -> Iterator[str]:
    for item in found.parties:
        yield f"{item.party.name}: {counted(item.total, 'notice')} would be made."
        for grade, kinds in item.counts.items():
            listed = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
            yield f"  {grade}: {listed}"
        if item.waiting:
            yield f"  {item.waiting} notices were prepared before and would leave with them."
        yield f"  {item.exposure.words()}"
        if item.pinned is not None and item.pinned.told:
            yield f"  {item.pinned.words()}"
    for party in found.skipped:
        yield f"{party.name}: skipped, for it takes no part."
    yield "Nothing was written."
