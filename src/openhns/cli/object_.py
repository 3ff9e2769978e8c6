"""`openhns object make|answer|list`: objections, open until they are answered."""

import argparse
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from openhns.cli.common import Action, acting_user, mechanism_of, read_time, settle
from openhns.cli.output import emit, moment
from openhns.mechanism.access import require_any_role
from openhns.mechanism.people import OPERATOR_ROLES
from openhns.notices.access import find_notice
from openhns.notices.actions import do_answer_objection, do_object
from openhns.notices.actions.objecting import find_objection, open_objections
from openhns.notices.models import Objection
from openhns.registry.models import Version


def _configure_make(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Record that a party objects to a notice. An objection changes no status of the site; it "
        "alarms until it is answered."
    )
    parser.add_argument("notice", type=UUID, metavar="NOTICE")
    parser.add_argument("--grounds", required=True, help="the party's own words")
    parser.add_argument("--warning", action="store_true", help="it was given as a due warning")
    parser.add_argument("--time-limit", metavar="TIME", help="until when, if a limit was set")
    parser.add_argument("--at", metavar="TIME", help="when it was made (now)")
    parser.add_argument("--grade", choices=["C", "D"], default="D", help="a letter, or a call")


def _configure_answer(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("objection", type=UUID, metavar="OBJECTION")
    parser.add_argument("--answer", required=True, help="what was answered; it ends the alarm")


def _configure_list(_parser: argparse.ArgumentParser) -> None:
    """Take no options of its own."""


def _make(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    objection = do_object(
        find_notice(mechanism, args.notice),
        args.grounds,
        warning=args.warning,
        time_limit=read_time(args.time_limit) if args.time_limit else None,
        made_at=read_time(args.at) if args.at else None,
        grade=args.grade,
        acting_user=acting_user(args),
    )
    settle(mechanism)
    words = (
        f"Objection {objection.id} is recorded. Reach the organisation's 24-hour contact now: "
        "`openhns object list` shows whom."
    )
    emit(args, {"objection": objection.id, "notice": objection.notice_id}, [words])
    return 0


def _answer(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    objection = find_objection(mechanism, args.objection)
    done = do_answer_objection(objection, args.answer, acting_user=acting_user(args))
    settle(mechanism)
    data = {"objection": done.id, "answered_at": done.answered_at}
    emit(args, data, [f"Objection {done.id} is answered."])
    return 0


def _list(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    require_any_role(acting_user(args), mechanism, sorted(OPERATOR_ROLES))
    rows = [_facts(item) for item in open_objections(mechanism)]
    emit(args, {"objections": rows}, _lines(rows))
    return 0


def _facts(item: Objection) -> dict[str, Any]:
    listing, version = item.notice.listing, item.notice.version
    organisation = listing.organisation.content.get("name") if listing else None
    return {
        "objection": item.id,
        "notice": item.notice_id,
        "party": item.notice.party.name,
        "made_at": item.made_at,
        "warning": item.warning,
        "time_limit": item.time_limit,
        "grounds": item.content["grounds"],
        "organisation": organisation,
        "contact": _contact(version),
    }


def _contact(version: Version | None) -> dict[str, str]:
    content = version.content if version else {}
    return {key: str(content[key]) for key in ("contact", "phone") if content.get(key)}


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        limit = f", limit {moment(row['time_limit'])}" if row["time_limit"] else ""
        mark = "WARNING " if row["warning"] else ""
        yield f"{mark}{row['objection']} by {row['party']}, {moment(row['made_at'])}{limit}"
        yield f"  notice {row['notice']}: {row['grounds']}"
        yield f"  reach {row['organisation']}: {', '.join(row['contact'].values()) or 'no contact'}"
    if not rows:
        yield "No objection waits for an answer."


MAKE = Action(_configure_make, _make)
ANSWER = Action(_configure_answer, _answer)
LIST = Action(_configure_list, _list)
