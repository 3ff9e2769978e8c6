"""`openhns sign`: the organisation's second signature."""

import argparse

from openhns.cli.common import acting_user, mechanism_of, settle
from openhns.cli.output import emit
from openhns.mechanism.access import access_organisation
from openhns.registry.access import access_version
from openhns.registry.actions.signing import do_sign, do_sign_all


class NothingToSign(Exception):
    """The command was told neither which versions nor whose."""

    code = "nothing_to_sign"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = "Sign submitted versions as a second person of their organisation."
    parser.add_argument("versions", nargs="*", metavar="VERSION", help="or a listing's identifier")
    parser.add_argument(
        "--organisation", metavar="ORG", help="all of this organisation that wait for a signature"
    )


def run(args: argparse.Namespace) -> int:
    mechanism, person = mechanism_of(args), acting_user(args)
    if bool(args.versions) == bool(args.organisation):
        raise NothingToSign("Name versions, or --organisation ORG for all that wait.")
    if args.organisation:
        organisation = access_organisation(person, mechanism, args.organisation)
        signed = do_sign_all(organisation, acting_user=person)
    else:
        versions = [access_version(person, mechanism, wanted) for wanted in args.versions]
        signed = len([do_sign(version, acting_user=person) for version in versions])
    settle(mechanism)
    emit(args, {"signed": signed}, [f"{signed} signed."])
    return 0
