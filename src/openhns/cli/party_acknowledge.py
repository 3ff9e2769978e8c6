"""`openhns party acknowledge`: read the party's mailbox and sign an answer to each notice."""

import argparse
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from openhns.cli.common import acting_user, mechanism_of, settle
from openhns.cli.output import emit, progress, progress_ends
from openhns.cli.passphrase import read_passphrase
from openhns.cli.receipt import receipts_json, receipts_words
from openhns.notices.access import require_answerer
from openhns.notices.actions import do_record_receipts
from openhns.notices.answers import Answer, Delivered, delivered_to, seen_head, sign_answer
from openhns.notices.errors import NothingToAnswer, NoticeNotFound
from openhns.notices.models import Receipt
from openhns.notices.questions import require_question
from openhns.parties.access import find_party
from openhns.parties.models import Party
from openhns.proofs.key_file import read_key_file


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Read what lies in a party's mailbox, check that the mechanism signed it, and sign one "
        "receipt for each notice with the party's key (grade A). Several at once are marked as "
        "acknowledged in bulk."
    )
    parser.add_argument("--party", required=True, metavar="NAME")
    parser.add_argument("--key", type=Path, required=True, metavar="FILE")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--all", action="store_true", help="every notice in the mailbox")
    which.add_argument("--notice", type=UUID, nargs="+", metavar="ID")
    parser.add_argument("--answer", choices=Receipt.Answer.values, default="acknowledged")
    parser.add_argument("--question", default="", help="what is asked, with --answer queried")
    parser.add_argument("--echelon", default="", help="how far down it went, in your own words")
    parser.add_argument("--machine", action="store_true", help="no person looked at the notices")


def run(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    party = find_party(mechanism, args.party)
    person = acting_user(args)
    require_answerer(person, party)
    key, public = read_key_file(args.key, read_passphrase())
    progress("Reading the mailbox and signing ...")
    delivered = _chosen(party, None if args.all else args.notice)
    answer = Answer(
        word=args.answer,
        echelon=args.echelon,
        bulk=args.all or len(delivered) > 1,
        machine=args.machine,
        head=seen_head(party),
        question=require_question(args.question) if args.answer == "queried" else "",
    )
    now = timezone.now()
    receipts = [sign_answer(key, public.kid, item, answer, now) for item in delivered]
    recorded = do_record_receipts(party, receipts, acting_user=person)
    settle(mechanism)
    progress_ends()
    emit(args, receipts_json(recorded), [receipts_words(party, recorded)])
    return 0


def _chosen(party: Party, ids: list[UUID] | None) -> list[Delivered]:
    lying = list(delivered_to(party))
    if not lying:
        raise NothingToAnswer(f"The mailbox of {party.name} is empty: there is nothing to answer.")
    if ids is None:
        return lying
    wanted = {str(notice) for notice in ids}
    chosen = [item for item in lying if item.payload["id"] in wanted]
    if len(chosen) != len(wanted):
        raise NoticeNotFound(
            f"{len(wanted) - len(chosen)} of {len(wanted)} notices do not lie in the mailbox of "
            f"{party.name}."
        )
    return chosen
