"""`openhns keys`: which keys there are, by number and fingerprint, and their rotation."""

import argparse
from pathlib import Path
from typing import Any

from openhns.cli.common import Action, acting_user, mechanism_of
from openhns.cli.output import emit, table
from openhns.mechanism.access import find_mechanism, require_role
from openhns.mechanism.models import Mechanism, Role
from openhns.record.models import Log
from openhns.sealing.keys import derive
from openhns.vault import rings
from openhns.vault.actions import do_change_master_key, do_rotate, key_facts
from openhns.vault.models import INSTALLATION

_SHOWN = 16


def _nothing(parser: argparse.ArgumentParser) -> None:
    del parser


def _list(args: argparse.Namespace) -> int:
    names = {mechanism.id: mechanism.slug for mechanism in Mechanism.objects.all()}
    data_keys = [
        {
            "of": names.get(fact.scope, "accounts"),
            "number": fact.number,
            "made_at": fact.made_at,
            "retired_at": fact.retired_at,
            "values_sealed": fact.values_sealed,
        }
        for fact in key_facts()
    ]
    data = {"master_key": _master_fingerprint(), "data_keys": data_keys, "signing_keys": _signing()}
    emit(args, data, _words(data))
    return 0


def _master_fingerprint() -> str:
    return derive(rings.current_master_key(), "fingerprint").hex()[:_SHOWN]


def _signing() -> list[dict[str, str]]:
    logs = [
        {"signs": "log", "of": log.origin, "public": log.verifier_key}
        for log in Log.objects.order_by("origin")
    ]
    notices = [
        {"signs": "notices", "of": mechanism.slug, "public": mechanism.notice_kid}
        for mechanism in Mechanism.objects.order_by("slug")
    ]
    return logs + notices


def _words(data: dict[str, Any]) -> list[str]:
    lines = [f"Master key: fingerprint {data['master_key']}"]
    rows = [("data key of", "number", "made", "retired", "values sealed")]
    rows += [
        (
            item["of"],
            str(item["number"]),
            f"{item['made_at']:%Y-%m-%d}",
            f"{item['retired_at']:%Y-%m-%d}" if item["retired_at"] else "in use",
            str(item["values_sealed"]),
        )
        for item in data["data_keys"]
    ]
    lines += table(rows)
    return lines + [
        f"Signs {key['signs']} of {key['of']}: {key['public']}" for key in data["signing_keys"]
    ]


def _configure_rotate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--accounts", action="store_true", help="the key of people's accounts, not a mechanism's"
    )


def _rotate(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    require_role(acting_user(args), mechanism, Role.Name.ADMINISTRATOR)
    scope = INSTALLATION if args.accounts else mechanism.id
    count = do_rotate(scope)
    number = rings.ring_of(scope).newest
    of = "accounts" if args.accounts else mechanism.slug
    data = {"of": of, "number": number, "values_sealed": count}
    emit(args, data, [f"{count} values of {of} are sealed under data key {number} now."])
    return 0


def _configure_change(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")


def _change(args: argparse.Namespace) -> int:
    for mechanism in Mechanism.objects.all():
        require_role(acting_user(args), find_mechanism(mechanism.slug), Role.Name.ADMINISTRATOR)
    path = args.output.absolute()
    count = do_change_master_key(path)
    words = (
        f"{count} data keys are wrapped under the new master key in {path}. Point "
        "OPENHNS_MASTER_KEY_FILE to it before the next command: the old file opens nothing any "
        "more. Keep it as long as backups from before today are kept."
    )
    emit(args, {"master_key": str(path), "data_keys": count}, [words])
    return 0


LIST = Action(_nothing, _list)
ROTATE = Action(_configure_rotate, _rotate)
CHANGE_MASTER = Action(_configure_change, _change)
