"""`openhns policy show|change`."""

import argparse
from dataclasses import replace

from openhns.cli.common import Action, acting_user, mechanism_of, settle
from openhns.cli.output import emit
from openhns.mechanism.actions import do_change_policy
from openhns.mechanism.errors import PolicyInvalid
from openhns.mechanism.models import Mechanism
from openhns.mechanism.people import find_person
from openhns.mechanism.policy import NAMED, Policy, named_policy, policy_of


def _nothing(parser: argparse.ArgumentParser) -> None:
    del parser


def _show(args: argparse.Namespace) -> int:
    return _print(args, mechanism_of(args))


def _print(args: argparse.Namespace, mechanism: Mechanism) -> int:
    facts = policy_of(mechanism).to_json()
    lines = [f"{name}: {value}" for name, value in facts.items()]
    emit(args, {"mechanism": mechanism.slug, "policy": facts}, lines)
    return 0


def _configure_change(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("policy", nargs="?", choices=sorted(NAMED), help="take this policy whole")
    parser.add_argument(
        "--set", action="append", default=[], metavar="FIGURE=NUMBER", help="may be repeated"
    )
    parser.add_argument("--seconded-by", metavar="USER", help="a second administrator")


def _change(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    start = named_policy(args.policy) if args.policy else policy_of(mechanism)
    second = find_person(args.seconded_by) if args.seconded_by else None
    changed = do_change_policy(
        mechanism, _with(start, args.set), acting_user=acting_user(args), seconded_by=second
    )
    settle(changed)
    return _print(args, changed)


def _with(policy: Policy, settings: list[str]) -> Policy:
    figures = {}
    for setting in settings:
        name, _, number = setting.partition("=")
        if name in {"name", "second_signature"} or not hasattr(policy, name):
            raise PolicyInvalid("That is no figure of a policy; `openhns policy show` lists them.")
        if not number.isascii() or not number.isdigit():
            raise PolicyInvalid(f"{name} takes a whole number.")
        figures[name] = int(number)
    return replace(policy, **figures)  # type: ignore[arg-type]  # Each figure is checked there.


SHOW = Action(_nothing, _show)
CHANGE = Action(_configure_change, _change)
