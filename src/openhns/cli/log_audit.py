"""`openhns log audit`: tiles against themselves, and the database against the tiles."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openhns.cli import commands
from openhns.cli.output import counted, emit
from openhns.tlog.audit import LogReplay, replay
from openhns.tlog.note import Verifier
from openhns.tlog.policy import Policy

_MOST_SHOWN = 200


class PolicyNeeded(Exception):
    """A folder cannot be audited without knowing whose signature to look for."""

    code = "policy_needed"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Replay the log and compare the database with it: each row that was changed, added or "
        "removed behind the log's back is named. With DIR, only the tiles there are replayed. The "
        "logs of all mechanisms are audited at once, for rows belong to several of them."
    )
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="a folder of tiles")
    parser.add_argument("--policy", type=Path, help="with DIR: the policy that names the log's key")
    parser.add_argument("--mechanism", metavar="SLUG", help="narrows nothing: all are audited")
    parser.add_argument("--as", dest="acting_as", metavar="USER", help="asks for no role here")


def run(args: argparse.Namespace) -> int:
    if args.folder is not None:
        return _audit_folder(args)
    return _audit_installation(args)


def _audit_folder(args: argparse.Namespace) -> int:
    if args.policy is None:
        raise PolicyNeeded(
            "To audit a folder alone, give --policy FILE with the log's key, had from elsewhere."
        )
    policy = Policy.parse(args.policy.read_bytes())
    replayed = replay(args.folder, [Verifier(log.key) for log in policy.logs])
    emit(args, _folder_json(replayed), _folder_lines(replayed))
    return 0 if replayed.is_intact else 1


def _folder_json(replayed: LogReplay) -> dict[str, Any]:
    return {
        "entries": replayed.reader.size,
        "findings": [
            {
                "kind": str(one.kind),
                "where": f"entries {one.start} to {one.end}",
                "words": one.message,
            }
            for one in replayed.differences
        ],
        "findings_untold": replayed.untold,
        "intact": replayed.is_intact,
    }


def _folder_lines(replayed: LogReplay) -> Iterator[str]:
    for one in replayed.differences[:_MOST_SHOWN]:
        yield f"{one.kind}: entries {one.start} to {one.end}: {one.message}"
    yield _verdict(len(replayed.differences) + replayed.untold, replayed.reader.size)


def _verdict(findings: int, entries: int) -> str:
    if findings:
        return (
            f"{counted(findings, 'finding')}, log of size {entries}: it is not as it was written."
        )
    return f"The log, of size {entries}, is as it was written."


def _audit_installation(args: argparse.Namespace) -> int:
    commands.django_setup()
    from openhns.cli import readiness  # noqa: PLC0415 - needs Django's start.

    readiness.require_sound_configuration()
    readiness.require_installation()
    from openhns.record.audit import audit_logs  # noqa: PLC0415
    from openhns.record.models import Log  # noqa: PLC0415
    from openhns.record.snapshot import one_view  # noqa: PLC0415

    with one_view():  # A server may be writing beside.
        audit = audit_logs(Log.objects.order_by("name"))
    data = {
        "entries": audit.entries,
        "events": audit.events,
        "events_waiting": audit.pending,
        "findings": [finding.as_json() for finding in audit.findings],
        "intact": not audit.findings,
        "rows": audit.rows,
        "ticks": audit.ticks,
    }
    lines = [f"{one.kind}: {one.where}: {one.words}" for one in audit.findings[:_MOST_SHOWN]]
    emit(args, data, [*lines, _verdict(len(audit.findings), audit.entries)])
    return 1 if audit.findings else 0
