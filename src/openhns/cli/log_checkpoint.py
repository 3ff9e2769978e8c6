"""`openhns log checkpoint`: what was published last, or the key that verifies it."""

import argparse

from openhns.cli.common import mechanism_of
from openhns.cli.output import emit
from openhns.record.guard import folder_of
from openhns.record.writing import find_log


class NothingPublished(Exception):
    """The log has no checkpoint yet."""

    code = "nothing_published"
    exit_status = 1


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--vkey", action="store_true", help="print the verifier key instead")


def run(args: argparse.Namespace) -> int:
    log = find_log(mechanism_of(args).id)
    if args.vkey:
        emit(args, {"origin": log.origin, "verifier_key": log.verifier_key}, [log.verifier_key])
        return 0
    text = folder_of(log).read_checkpoint()
    if text is None:
        raise NothingPublished("Nothing is published yet: `openhns tick` publishes.")
    emit(args, {"origin": log.origin, "checkpoint": text}, text.splitlines())
    return 0
