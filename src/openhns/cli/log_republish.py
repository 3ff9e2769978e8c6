"""`openhns log republish`: write the log's lost folder again from the database."""

import argparse
from pathlib import Path

from openhns.cli.common import mechanism_of
from openhns.cli.output import emit
from openhns.record.actions import do_republish


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Only for a folder that is truly lost; docs/recovery.md says when. The last checkpoint "
        "that anybody holds (a party, an organisation, a mirror) keeps this from forking the log."
    )
    parser.add_argument("--checkpoint", type=Path, required=True, metavar="FILE")


def run(args: argparse.Namespace) -> int:
    held = args.checkpoint.read_text("utf-8")
    size = do_republish(mechanism_of(args).id, held)
    emit(args, {"size": size}, [f"The log is published again with {size} entries."])
    return 0
