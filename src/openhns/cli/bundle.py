"""`openhns bundle`: what a party holds, as a file that it can load."""

import argparse
from pathlib import Path

from openhns.cli.common import acting_user, mechanism_of, read_time, settle
from openhns.cli.output import emit
from openhns.notices.bundle import FORMS, do_bundle
from openhns.parties.access import find_party


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Write what a party holds: the newest of its notices on each place, cancelled ones left "
        "out, at the grade at which it was told. The file states its row count and hash."
    )
    parser.add_argument("--party", required=True, metavar="NAME")
    parser.add_argument("--format", choices=FORMS, required=True)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="PATH")
    parser.add_argument("--as-of", metavar="TIME", help="what it held then")


def run(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    party = find_party(mechanism, args.party)
    moment = read_time(args.as_of) if args.as_of else None
    made = do_bundle(party, args.format, args.output, moment, acting_user=acting_user(args))
    settle(mechanism)
    data = {
        "party": party.name,
        "format": args.format,
        "file": str(args.output),
        "rows": made.stated.count,
        "by_grade": made.by_grade,
        "content_sha256": made.stated.sha256,
        "sha256": made.file_sha256,
    }
    words = f"Entries that {party.name} holds, in {args.output}: {made.stated.count}."
    emit(args, data, [words, f"SHA-256 of the file: {made.file_sha256}"])
    return 0
