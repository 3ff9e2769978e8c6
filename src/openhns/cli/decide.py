"""`openhns decide`: the operator's word on one version."""

import argparse

from openhns.cli.common import acting_user, mechanism_of, settle
from openhns.cli.output import emit
from openhns.registry.access import access_version
from openhns.registry.actions.deciding import do_decide
from openhns.registry.models import Decision


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = "Clear one version for relay, return it for correction, or refuse it."
    parser.add_argument("version", metavar="VERSION", help="or a listing's identifier")
    parser.add_argument("word", choices=Decision.Word.values)
    parser.add_argument("--reason", default="", help="needed to return, to refuse, or at a warning")


def run(args: argparse.Namespace) -> int:
    mechanism, person = mechanism_of(args), acting_user(args)
    version = access_version(person, mechanism, args.version)
    done = do_decide(version, args.word, args.reason, acting_user=person)
    settle(mechanism)
    status = str(done.version.status)
    waits = args.word == Decision.Word.CLEAR and not done.settled
    data = {"version": version.id, "status": status, "waiting_for_second_person": waits}
    told = "waits for a second person" if waits else f"is {status}"
    emit(args, data, [f"The version {told}."])
    return 0
