"""`openhns log tidy`: remove from the published folder what is superseded, and nothing else."""

import argparse

from openhns.cli.common import mechanism_of
from openhns.cli.output import emit
from openhns.record.actions import do_tidy


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Each tick leaves partial tiles behind; once a tile is full they are superseded. Remove "
        "these, and the temporary files of processes that were killed. Run it daily."
    )


def run(args: argparse.Namespace) -> int:
    removed = do_tidy(mechanism_of(args).id)
    data = {"files": removed.files, "bytes": removed.bytes}
    emit(args, data, [f"Removed {removed.files} superseded files, {removed.bytes} bytes."])
    return 0
