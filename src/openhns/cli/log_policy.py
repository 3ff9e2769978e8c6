"""`openhns log policy`: write the policy under which this log's proofs are anchored."""

import argparse
from pathlib import Path

from openhns.cli.output import emit
from openhns.tlog.durable import write_file
from openhns.tlog.note import VerifierKey
from openhns.tlog.policy import Log, Policy


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Write a c2sp.org/tlog-policy that trusts this mechanism's log. Hand it over by a way "
        "that the reader trusts, apart from any proof."
    )
    parser.add_argument("-o", "--output", type=Path, help="where to write it; else it is printed")


def run(args: argparse.Namespace) -> int:
    from openhns.mechanism.access import find_mechanism  # noqa: PLC0415 - needs Django's start.
    from openhns.record.writing import find_log  # noqa: PLC0415

    log = find_log(find_mechanism(args.mechanism).id)
    text = str(Policy(logs=(Log(VerifierKey.parse(log.verifier_key)),)))
    if args.output is None:
        emit(args, {"policy": text}, text.splitlines())
        return 0
    write_file(args.output, text.encode())
    data = {"file": str(args.output), "log": log.origin, "policy": text}
    emit(args, data, [f"The policy for {log.origin} is in {args.output}."])
    return 0
