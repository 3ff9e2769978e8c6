"""`openhns query make|reply|list`: what parties ask about notices, open until it is replied to."""

import argparse
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from openhns.cli.common import Action, acting_user, mechanism_of, settle
from openhns.cli.output import emit, moment
from openhns.mechanism.access import require_any_role
from openhns.mechanism.people import OPERATOR_ROLES
from openhns.notices.access import find_notice, find_query, waiting_queries
from openhns.notices.actions import do_query, do_reply
from openhns.notices.models import Receipt


def _configure_make(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Record that a party queries a notice, unsigned (grade D). `openhns party acknowledge "
        "--answer queried` signs one, `openhns receipt` records a letter or a call that asks."
    )
    parser.add_argument("notice", type=UUID, metavar="NOTICE")
    parser.add_argument("--question", required=True, help="the party's own words")
    parser.add_argument("--who", default="", help="the office or command that asks")


def _configure_reply(parser: argparse.ArgumentParser) -> None:
    parser.description = "Reply to a query; the party reads the reply beside its notice."
    parser.add_argument("query", type=UUID, metavar="QUERY")
    parser.add_argument("--reply", required=True, help="what is replied; it cannot be changed")


def _configure_list(_parser: argparse.ArgumentParser) -> None:
    """Take no options of its own."""


def _make(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    notice = find_notice(mechanism, args.notice)
    done = do_query(notice, args.question, made_by=args.who, acting_user=acting_user(args))
    (query,) = done.receipts
    settle(mechanism)
    words = f"Query {query.id} is recorded. `openhns query reply` answers it."
    emit(args, {"query": query.id, "notice": query.notice_id}, [words])
    return 0


def _reply(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    query = find_query(mechanism, args.query)
    done = do_reply(query, args.reply, acting_user=acting_user(args))
    settle(mechanism)
    data = {"query": query.id, "replied_at": done.replied_at}
    emit(args, data, [f"Query {query.id} is replied to; the party reads it at its notice."])
    return 0


def _list(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    require_any_role(acting_user(args), mechanism, sorted(OPERATOR_ROLES))
    rows = [_facts(item) for item in waiting_queries(mechanism)]
    emit(args, {"queries": rows}, _lines(rows))
    return 0


def _facts(query: Receipt) -> dict[str, Any]:
    return {
        "query": query.id,
        "notice": query.notice_id,
        "number": query.notice.number,
        "party": query.notice.party.name,
        "asked_at": query.answered_at,
        "grade": query.grade,
        "question": query.question,
    }


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield f"{row['query']} by {row['party']}, {moment(row['asked_at'])}, grade {row['grade']}"
        yield f"  notice {row['number']}, {row['notice']}: {row['question'] or 'without words'}"
    if not rows:
        yield "No query waits for a reply."


MAKE = Action(_configure_make, _make)
REPLY = Action(_configure_reply, _reply)
LIST = Action(_configure_list, _list)
