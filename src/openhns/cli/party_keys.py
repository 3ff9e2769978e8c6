"""`openhns party register|revoke`."""

import argparse
from pathlib import Path

from openhns.cli.common import Action, acting_user, mechanism_of, read_time, settle
from openhns.cli.output import emit
from openhns.parties.access import find_key, find_party
from openhns.parties.actions import do_register_key, do_revoke_key
from openhns.proofs.key_file import read_public_part


def _configure_register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--party", required=True, metavar="NAME")
    parser.add_argument(
        "--key", type=Path, required=True, metavar="FILE", help="the key file, or its public half"
    )
    parser.add_argument("--grade", choices=["A", "B"], default="A")


def _register(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    party = find_party(mechanism, args.party)
    public = read_public_part(args.key)
    key = do_register_key(
        party, public.public_key, public.possession, args.grade, acting_user=acting_user(args)
    )
    settle(mechanism)
    data = {"party": {"id": party.id, "name": party.name}, "kid": key.kid, "grade": key.grade}
    words = (
        f"The key of {party.name} is registered. Confirm its fingerprint with the party outside "
        f"this system: {key.kid}"
    )
    emit(args, data, [words])
    return 0


def _configure_revoke(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--party", required=True, metavar="NAME")
    parser.add_argument("--kid", required=True, metavar="FINGERPRINT")
    parser.add_argument("--from", dest="moment", metavar="TIME", help="from when on (now)")


def _revoke(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    key = find_key(find_party(mechanism, args.party), args.kid)
    moment = read_time(args.moment) if args.moment else None
    revoked = do_revoke_key(key, moment, acting_user=acting_user(args))
    settle(mechanism)
    data = {"kid": revoked.kid, "revoked_at": revoked.revoked_at}
    emit(
        args,
        data,
        [f"What the key signs from {revoked.revoked_at:%Y-%m-%d %H:%M} UTC on counts no longer."],
    )
    return 0


REGISTER = Action(_configure_register, _register)
REVOKE = Action(_configure_revoke, _revoke)
