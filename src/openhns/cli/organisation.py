"""`openhns organisation apply|vet|suspend|list`."""

import argparse
from typing import Any

from openhns.cli.common import Action, acting_user, mechanism_of, settle
from openhns.cli.output import emit, table
from openhns.mechanism.access import access_organisation, organisations_visible_to
from openhns.mechanism.actions import do_apply, do_decide_on_organisation, do_suspend
from openhns.mechanism.models import Organisation
from openhns.mechanism.policy import policy_of


def _facts(organisation: Organisation) -> dict[str, Any]:
    decisions = organisation.vetting_decisions.filter(application=organisation.application)
    return {
        "id": organisation.id,
        "name": organisation.content["name"],
        "status": str(organisation.status),
        "decided_by": decisions.count(),
        "decisions_needed": policy_of(organisation.mechanism).persons_to_vet,
    }


def _show(args: argparse.Namespace, organisation: Organisation) -> int:
    facts = _facts(organisation)
    line = f"{facts['name']}: {facts['status']}"
    if organisation.status == Organisation.Status.APPLIED:
        line += f" ({facts['decided_by']} of {facts['decisions_needed']} persons have agreed)"
    emit(args, facts, [line])
    return 0


def _name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the organisation's name, or its identifier")


def _configure_apply(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    parser.add_argument("--alias", action="append", default=[], help="may be repeated")
    for fact in ("name", "email", "phone"):
        parser.add_argument(f"--contact-{fact}", metavar=fact.upper())


def _apply(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    given = {
        "name": args.contact_name,
        "email": args.contact_email,
        "phone": args.contact_phone,
    }
    contact = {fact: text for fact, text in given.items() if text}
    organisation = do_apply(
        args.name, contact, args.alias, mechanism=mechanism, acting_user=acting_user(args)
    )
    settle(mechanism)
    return _show(args, organisation)


def _configure_vet(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    parser.add_argument("--refuse", action="store_true", help="decide against it")
    parser.add_argument("--reason", default="")


def _vet(args: argparse.Namespace) -> int:
    mechanism, person = mechanism_of(args), acting_user(args)
    organisation = do_decide_on_organisation(
        access_organisation(person, mechanism, args.name),
        not args.refuse,
        args.reason,
        acting_user=person,
    )
    settle(mechanism)
    return _show(args, organisation)


def _configure_suspend(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    parser.add_argument("--reason", required=True)


def _suspend(args: argparse.Namespace) -> int:
    mechanism, person = mechanism_of(args), acting_user(args)
    found = access_organisation(person, mechanism, args.name)
    organisation = do_suspend(found, args.reason, acting_user=person)
    settle(mechanism)
    return _show(args, organisation)


def _nothing(parser: argparse.ArgumentParser) -> None:
    del parser


def _list(args: argparse.Namespace) -> int:
    visible = organisations_visible_to(acting_user(args), mechanism_of(args))
    facts = [_facts(organisation) for organisation in visible]
    rows = [(str(item["id"]), item["status"], item["name"]) for item in facts]
    emit(args, {"organisations": facts}, table(rows) if rows else ["None."])
    return 0


APPLY = Action(_configure_apply, _apply)
VET = Action(_configure_vet, _vet)
SUSPEND = Action(_configure_suspend, _suspend)
LIST = Action(_nothing, _list)
