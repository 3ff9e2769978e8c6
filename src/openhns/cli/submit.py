"""`openhns submit`: one site or movement, from a JSON file or from options."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from openhns.cli.common import acting_user, mechanism_of, settle
from openhns.cli.output import emit
from openhns.mechanism.access import access_organisation
from openhns.mechanism.models import Mechanism, Person
from openhns.registry.access import access_listing
from openhns.registry.actions.consenting import read_consents
from openhns.registry.actions.keyed import Submitted
from openhns.registry.actions.submitting import do_amend, do_remove, do_submit
from openhns.registry.checks.finding import Finding, worth_telling
from openhns.registry.errors import FactsInvalid, SubmissionRefused
from openhns.registry.models import Listing

_LARGEST: Final = 1_000_000
_KINDS: Final = {"site": Listing.Kind.SITE, "movement": Listing.Kind.MOVEMENT}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Submit a site or movement, or amend or remove one. Facts are named as the columns of a "
        "sheet are; those given with --set count before those of the file."
    )
    parser.add_argument("file", nargs="?", type=Path, help="a JSON object of facts")
    parser.add_argument("--set", action="append", default=[], metavar="FACT=VALUE", dest="facts")
    parser.add_argument("--organisation", metavar="ORG", help="whose it is")
    parser.add_argument("--kind", choices=list(_KINDS), default="site")
    parser.add_argument("--consent", action="append", default=[], metavar="PARTY=GRADE")
    parser.add_argument("--amend", metavar="LISTING", help="change the facts given, keep the rest")
    parser.add_argument("--remove", metavar="LISTING", help="take it off the list; needs --reason")
    parser.add_argument("--reason", default="")
    parser.add_argument("--urgent", action="store_true")
    parser.add_argument(
        "--key", metavar="KEY", help="an idempotency key: the same one never registers twice"
    )


def run(args: argparse.Namespace) -> int:
    mechanism, person = mechanism_of(args), acting_user(args)
    try:
        done = _submitted(args, mechanism, person)
    except SubmissionRefused as refused:
        data = {"refused": True, "findings": [item.to_json() for item in refused.findings]}
        emit(args, data, ["Refused; nothing was registered.", *_words(refused.findings)])
        return refused.exit_status
    settle(mechanism)
    version = done.version
    shown = worth_telling(done.findings)
    data = {
        "listing": version.listing_id,
        "version": version.id,
        "number": version.number,
        "action": str(version.action),
        "checks": version.checks_worst,
        "repeated": done.repeated,
        "findings": [item.to_json() for item in shown],
    }
    said = "was submitted before" if done.repeated else "is submitted"
    emit(args, data, [f"{version.listing_id}: version {version.number} {said}.", *_words(shown)])
    return 0


def _submitted(args: argparse.Namespace, mechanism: Mechanism, person: Person) -> Submitted:
    if args.remove:
        listing = access_listing(person, mechanism, args.remove)
        return do_remove(
            listing,
            args.reason,
            urgent=args.urgent,
            idempotency_key=args.key,
            acting_user=person,
        )
    facts = _facts(args)
    if args.amend:
        listing = access_listing(person, mechanism, args.amend)
        return do_amend(listing, facts, idempotency_key=args.key, acting_user=person)
    if not args.organisation:
        raise FactsInvalid("Say whose it is: --organisation ORG.")
    return do_submit(
        facts,
        read_consents(mechanism, args.consent),
        organisation=access_organisation(person, mechanism, args.organisation),
        kind=_KINDS[args.kind],
        idempotency_key=args.key,
        acting_user=person,
    )


def _facts(args: argparse.Namespace) -> dict[str, Any]:
    facts = _read(args.file) if args.file else {}
    for text in args.facts:
        name, equals, value = text.partition("=")
        if not equals:
            raise FactsInvalid('A fact is written as --set "FACT=VALUE".')
        facts[name.strip()] = value
    if not facts:
        raise FactsInvalid("Give a JSON file of facts, or --set FACT=VALUE.")
    return facts | ({"urgent": True} if args.urgent else {})


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        data = file.read(_LARGEST + 1)
    try:
        found = json.loads(data.decode("utf-8-sig")) if len(data) <= _LARGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise FactsInvalid("The file holds no JSON object of facts, or is larger than 1 MB.")
    return found


def _words(findings: list[Finding] | tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings:
        where = f" ({finding.field})" if finding.field else ""
        yield f"  {finding.verdict}: {finding.name}{where}: {finding.words}"
