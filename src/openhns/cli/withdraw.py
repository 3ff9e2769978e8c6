"""`openhns withdraw`: a party leaves; what it means, recorded or only computed."""

import argparse
from collections.abc import Iterator
from typing import Any

from openhns.cli.common import acting_user, mechanism_of, read_time, settle, settle_what_is_left
from openhns.cli.output import counted, emit, moment
from openhns.notices.access import Held
from openhns.notices.actions import do_withdraw
from openhns.notices.actions.withdrawing import Withdrawal
from openhns.notices.errors import AlreadyWithdrawn
from openhns.notices.implications import (
    Implications,
    first_movements,
    movements,
    named_movements,
    organisation_names,
)
from openhns.parties.access import find_party


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Record that a party takes no part from a time on, past or to come: what it still holds "
        "is computed and recorded, consents to it are suspended, movements under way are listed, "
        "and every organisation gets a note."
    )
    parser.add_argument("party", metavar="PARTY")
    parser.add_argument("--effective", required=True, metavar="TIME")
    parser.add_argument("--reason", required=True, help="as the party stated it; it is sealed")
    parser.add_argument("--dry-run", action="store_true", help="change nothing, show what follows")


def run(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    try:
        done = do_withdraw(
            find_party(mechanism, args.party),
            read_time(args.effective),
            args.reason,
            dry_run=args.dry_run,
            acting_user=acting_user(args),
        )
    except AlreadyWithdrawn:
        # Recorded before, by a command that may have been cut off before its tick.
        if not args.dry_run:
            settle_what_is_left(mechanism)
        raise
    if not done.dry_run:
        settle(mechanism)
    emit(args, _json(done), _lines(done))
    return 0


def _json(done: Withdrawal) -> dict[str, Any]:
    found = done.implications
    names = organisation_names(found.by_organisation())
    return (
        found.as_json()
        | _named_movements(found)
        | {
            "dry_run": done.dry_run,
            "held_by_organisation": {
                names.get(key, key): counts for key, counts in found.by_organisation().items()
            },
            "consents_suspended": done.suspended,
            "note": done.note.id if done.note else None,
            "words": list(_words(found)),
        }
    )


def _named_movements(found: Implications) -> dict[str, Any]:
    """Return the movements as the event has them, with the names that the operator knows."""
    return {
        "movements_under_way": _named(found.under_way),
        "movements_to_come": _named(found.to_come),
    }


def _named(held: list[Held]) -> list[dict[str, Any]]:
    return [
        told
        | {
            "name": item.name,
            "organisation_name": item.organisation,
            "number": item.told.number,
        }
        for item, told in zip(named_movements(held), movements(held), strict=True)
    ]


def _movement_words(held: list[Held]) -> Iterator[str]:
    """Yield a line for each movement, the first to begin first."""
    shown = first_movements(held)
    for item in shown:
        told = item.told
        until = moment(told.valid_until) if told.valid_until else "no end"
        yield (
            f"  {item.name} of {item.organisation}, {moment(told.valid_from)} to {until}, "
            f"notice {told.number}, {told.listing_id}"
        )
    if len(held) > len(shown):
        yield f"  and {len(held) - len(shown)} more; --json lists all."


def _words(found: Implications) -> Iterator[str]:
    name, grades = found.party.name, found.by_grade()
    listed = ", ".join(f"{count} {grade}" for grade, count in grades.items()) or "nothing"
    yield f"{name} still holds {len(found.held)} entries ({listed}); they cannot be recalled."
    if found.sent_after:
        yield f"{found.sent_after} notices were transmitted after the stated time."
    if found.began_after:
        yield "It is recorded as taking part since a later time; that participation ends too."
    yield f"{counted(len(found.under_way), 'movement')} it was told of under way at that time."
    yield from _movement_words(found.under_way)
    yield f"{counted(len(found.to_come), 'movement')} it was told of to begin later."
    yield from _movement_words(found.to_come)
    yield f"{found.consents} consents to it are suspended when it has left."
    yield f"{found.organisations} organisations get a note."
    if found.never_left:
        yield f"{found.never_left} notices are prepared and will not be sent after it has left."
    yield "Its obligations under international humanitarian law stand unchanged."


def _lines(done: Withdrawal) -> Iterator[str]:
    yield from _words(done.implications)
    yield "Nothing was written." if done.dry_run else "All of it is recorded."
