"""`openhns person add|invite|role|list`."""

import argparse
from typing import Any

from django.conf import settings

from openhns.cli.common import Action, acting_user, mechanism_of, settle
from openhns.cli.output import emit
from openhns.mechanism.access import access_organisation, require_role
from openhns.mechanism.actions import do_add_person, do_end_role, do_grant_role, do_invite
from openhns.mechanism.errors import RoleEnded
from openhns.mechanism.models import Mechanism, Person, Role
from openhns.mechanism.people import find_person
from openhns.parties.access import find_party
from openhns.record.rows import timestamp

_LOCAL = "local administrator: acts for the operator; one person under any policy"


def _configure_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True)
    parser.add_argument("--email")
    parser.add_argument("--phone")


def _add(args: argparse.Namespace) -> int:
    person = do_add_person(
        args.name,
        args.email,
        args.phone,
        mechanism=mechanism_of(args),
        acting_user=acting_user(args),
    )
    words = f"{person.content['name']} has an account; the handle is {person.handle}."
    emit(args, {"handle": person.handle}, [words])
    return 0


def _configure_invite(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("user", metavar="USER", help="handle or e-mail address")


def _invite(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    invitation, token = do_invite(
        find_person(args.user), mechanism=mechanism, acting_user=acting_user(args)
    )
    settle(mechanism)
    link = f"{settings.OPENHNS_URL}/welcome/{token}/"
    until = timestamp(invitation.expires_at)
    lines = [link, f"Whoever opens it chooses a password; it serves once, until {until}."]
    emit(args, {"link": link, "expires_at": until}, lines)
    return 0


def _configure_role(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("user", metavar="USER", help="handle or e-mail address")
    parser.add_argument("role", choices=Role.Name.values)
    parser.add_argument("--organisation", metavar="ORG", help="of a reporter or approver")
    parser.add_argument("--party", metavar="NAME", help="of a liaison")
    parser.add_argument("--end", action="store_true", help="end the role instead")
    parser.add_argument("--seconded-by", metavar="USER", help="a second administrator")


def _role(args: argparse.Namespace) -> int:
    mechanism, actor = mechanism_of(args), acting_user(args)
    person = find_person(args.user)
    organisation = (
        access_organisation(actor, mechanism, args.organisation) if args.organisation else None
    )
    party_id = find_party(mechanism, args.party).id if args.party else None
    if args.end:
        held = Role.objects.filter(
            person=person,
            mechanism=mechanism,
            name=args.role,
            organisation=organisation,
            party_id=party_id,
            ended_at=None,
        ).first()
        if held is None:
            raise RoleEnded("The person does not hold that role.")
        do_end_role(held, acting_user=actor)
    else:
        second = find_person(args.seconded_by) if args.seconded_by else None
        do_grant_role(
            person,
            mechanism,
            args.role,
            organisation,
            party_id,
            acting_user=actor,
            seconded_by=second,
        )
    settle(mechanism)
    return _show_roles(args, mechanism, person)


def _show_roles(args: argparse.Namespace, mechanism: Mechanism, person: Person) -> int:
    facts = _facts(mechanism, person)
    emit(args, facts, [_line(facts)])
    return 0


def _facts(mechanism: Mechanism, person: Person) -> dict[str, Any]:
    roles = person.roles.filter(mechanism=mechanism, ended_at=None).order_by("name")
    return {
        "handle": person.handle,
        "name": person.content["name"],
        "local_administrator": person.local,
        "roles": [
            {"role": str(role.name), "organisation": role.organisation_id, "party": role.party_id}
            for role in roles
        ],
    }


def _line(facts: dict[str, Any]) -> str:
    named = [_LOCAL] if facts["local_administrator"] else []
    named += [role["role"] for role in facts["roles"]]
    roles = ", ".join(named) or "no role"
    return f"{facts['handle']}  {facts['name']}: {roles}"


def _nothing(parser: argparse.ArgumentParser) -> None:
    del parser


def _list(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    require_role(acting_user(args), mechanism, Role.Name.ADMINISTRATOR)
    people = Person.objects.filter(is_active=True).order_by("made_at")
    facts = [_facts(mechanism, person) for person in people]
    emit(args, {"people": facts}, map(_line, facts))
    return 0


ADD = Action(_configure_add, _add)
INVITE = Action(_configure_invite, _invite)
ROLE = Action(_configure_role, _role)
LIST = Action(_nothing, _list)
