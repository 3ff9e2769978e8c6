"""`openhns party add|focal-point|list`."""

import argparse
from typing import Any

from django.utils import timezone

from openhns.cli.common import Action, acting_user, mechanism_of, read_time, settle
from openhns.cli.output import emit
from openhns.parties.access import find_party, keys_of, participation_at, parties_of
from openhns.parties.actions import do_add_party, do_name_focal_point
from openhns.parties.models import Party, PartyKey


def _configure_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--since", metavar="TIME", help="when it began to take part")


def _add(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    since = read_time(args.since) if args.since else None
    party = do_add_party(mechanism, args.name, since, acting_user=acting_user(args))
    settle(mechanism)
    emit(args, _facts(party), [f"{party.name} takes part; its identifier is {party.id}."])
    return 0


def _facts(party: Party) -> dict[str, Any]:
    statement = participation_at(party, timezone.now())
    return {
        "id": party.id,
        "name": party.name,
        "status": str(statement.status) if statement else "not yet participating",
        "since": statement.effective_at if statement else party.joined_at,
        "keys": [_key_facts(key) for key in keys_of(party)],
    }


def _key_facts(key: PartyKey) -> dict[str, Any]:
    return {
        "kid": key.kid,
        "grade": key.grade,
        "registered_at": key.registered_at,
        "revoked_at": key.revoked_at,
    }


def _configure_focal_point(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--party", required=True, metavar="NAME")
    parser.add_argument("--name", required=True)
    for fact in ("email", "phone", "echelon"):
        parser.add_argument(f"--{fact}", default="")
    parser.add_argument("--since", metavar="TIME")


def _focal_point(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    party = find_party(mechanism, args.party)
    point = do_name_focal_point(
        party,
        args.name,
        email=args.email,
        phone=args.phone,
        echelon=args.echelon,
        since=read_time(args.since) if args.since else None,
        acting_user=acting_user(args),
    )
    settle(mechanism)
    data = {"party": party.id, "focal_point": point.id, "since": point.since}
    emit(args, data, [f"{party.name} is reached through the person named."])
    return 0


def _nothing(parser: argparse.ArgumentParser) -> None:
    del parser


def _list(args: argparse.Namespace) -> int:
    facts = [_facts(party) for party in parties_of(mechanism_of(args))]
    emit(args, {"parties": facts}, (line for item in facts for line in _lines(item)))
    return 0


def _lines(facts: dict[str, Any]) -> list[str]:
    lines = [f"{facts['name']}: {facts['status']} since {facts['since']:%Y-%m-%d %H:%M} UTC"]
    for key in facts["keys"]:
        state = f"revoked from {key['revoked_at']:%Y-%m-%d %H:%M} UTC" if key["revoked_at"] else ""
        lines.append(f"  key {key['kid']} grade {key['grade']} {state}".rstrip())
    return lines


ADD = Action(_configure_add, _add)
FOCAL_POINT = Action(_configure_focal_point, _focal_point)
LIST = Action(_nothing, _list)
