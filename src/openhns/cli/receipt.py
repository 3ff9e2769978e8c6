"""`openhns receipt letter|call`: what a party said back, recorded by hand."""

import argparse
from pathlib import Path
from typing import Any
from uuid import UUID

from openhns.cli.common import Action, acting_user, mechanism_of, read_time, settle
from openhns.cli.output import emit
from openhns.notices.actions import do_log_call, do_record_letter
from openhns.notices.actions.answering import Recorded
from openhns.notices.models import Receipt
from openhns.parties.access import find_party
from openhns.parties.models import Party


def _configure_letter(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Record a letter or an authenticated e-mail with its scan: grade C. It is the normal road "
        "for parties that make no key."
    )
    parser.add_argument("--file", type=Path, required=True, help="the scan or the message")
    parser.add_argument("--question", default="", help="what it asks, where it queries a notice")
    _common(parser)


def _configure_call(parser: argparse.ArgumentParser) -> None:
    parser.description = "Log a call or message by which a party answered: grade D."
    parser.add_argument("--words", required=True, help="what was said")
    parser.add_argument("--who", required=True, help="who said it")
    _common(parser)


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--party", required=True, metavar="NAME")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--notice", type=UUID, nargs="+", metavar="ID")
    which.add_argument("--all", action="store_true", help="every notice transmitted so far")
    parser.add_argument("--answer", choices=Receipt.Answer.values, default="acknowledged")
    parser.add_argument("--at", metavar="TIME", help="when it was answered (now)")
    parser.add_argument("--echelon", default="", help="how far down it went, in the party's words")


def _letter(args: argparse.Namespace) -> int:
    party = find_party(mechanism_of(args), args.party)
    recorded = do_record_letter(
        party,
        None if args.all else args.notice,
        args.file,
        answer=args.answer,
        received_at=read_time(args.at) if args.at else None,
        echelon=args.echelon,
        question=args.question,
        acting_user=acting_user(args),
    )
    return _shown(args, party, recorded)


def _call(args: argparse.Namespace) -> int:
    party = find_party(mechanism_of(args), args.party)
    recorded = do_log_call(
        party,
        None if args.all else args.notice,
        args.words,
        args.who,
        read_time(args.at) if args.at else None,
        answer=args.answer,
        echelon=args.echelon,
        acting_user=acting_user(args),
    )
    return _shown(args, party, recorded)


def _shown(args: argparse.Namespace, party: Party, recorded: Recorded) -> int:
    settle(party.mechanism)
    emit(args, receipts_json(recorded), [receipts_words(party, recorded)])
    return 0


def receipts_json(recorded: Recorded) -> dict[str, Any]:
    first = recorded.receipts[0] if recorded.receipts else None
    return {
        "recorded": len(recorded.receipts),
        "already_recorded": recorded.already,
        "receipts": [row.id for row in recorded.receipts],
        "grade": first.grade if first else None,
        "answer": first.answer if first else None,
        "bulk": first.bulk if first else None,
    }


def receipts_words(party: Party, recorded: Recorded) -> str:
    before = f"; {recorded.already} were recorded before" if recorded.already else ""
    if not recorded.receipts:
        return f"Nothing new from {party.name}{before}."
    first = recorded.receipts[0]
    bulk = ", in bulk" if first.bulk else ""
    return (
        f"{len(recorded.receipts)} answers of {party.name} recorded as {first.answer}{bulk}, "
        f"grade {first.grade}{before}."
    )


LETTER = Action(_configure_letter, _letter)
CALL = Action(_configure_call, _call)
