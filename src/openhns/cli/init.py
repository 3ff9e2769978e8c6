"""`openhns init`: prepare an installation and begin a mechanism, or leave nothing of it."""

import argparse
from typing import Any

from django.db import transaction

from openhns.cli import installing
from openhns.cli.common import settle_what_is_left
from openhns.cli.output import emit
from openhns.gazetteer.names import country
from openhns.mechanism.actions import do_set_up
from openhns.mechanism.actions.setting_up import DEFAULT_LANGUAGES
from openhns.mechanism.errors import MechanismExists, MechanismInvalid
from openhns.mechanism.models import Mechanism
from openhns.mechanism.people import local_administrator
from openhns.mechanism.policy import NAMED, ONE_PERSON, TWO_PERSON, Policy, policy_of
from openhns.parties.actions import do_add_party
from openhns.parties.models import Party
from openhns.record.actions import do_tick
from openhns.record.writing import find_log


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mechanism", metavar="SLUG", help="begin this mechanism")
    parser.add_argument(
        "--country", metavar="ISO3", action="append", default=[], help="may be repeated"
    )
    parser.add_argument(
        "--party", metavar="NAME", action="append", default=[], help="may be repeated"
    )
    parser.add_argument(
        "--policy", choices=sorted(NAMED), default=ONE_PERSON.name, help="how many persons decide"
    )
    parser.add_argument(
        "--language",
        metavar="CODE",
        action="append",
        help=f"of the legal text; may be repeated (default: {', '.join(DEFAULT_LANGUAGES)})",
    )
    parser.add_argument("--origin", metavar="NAME", help="of the log (default: HOST/SLUG)")


def run(args: argparse.Namespace) -> int:
    with installing.one_at_a_time():
        master = installing.prepare()
        if args.mechanism is None:
            emit(args, {"master_key": str(master)}, ["The installation is up to date."])
            return 0
        try:
            mechanism, parties = _begin(args)
        except MechanismExists:
            _finish(args.mechanism)
            raise
    do_tick(mechanism.id)
    answer = _answer(mechanism, parties) | {"master_key": str(master)}
    emit(args, answer, _words(answer, policy_of(mechanism)))
    return 0


def _begin(args: argparse.Namespace) -> tuple[Mechanism, list[Party]]:
    """Begin the mechanism with all its parties in one transaction."""
    installing.set_unused_log_key_aside(args.mechanism)
    root = local_administrator()
    with transaction.atomic():
        mechanism = do_set_up(
            args.mechanism,
            [_country_code(name) for name in args.country],
            args.language or DEFAULT_LANGUAGES,
            args.policy,
            args.origin,
            acting_user=root,
        )
        parties = [do_add_party(mechanism, name, acting_user=root) for name in args.party]
    return mechanism, parties


def _finish(slug: str) -> None:
    """Finish what an `init` of this mechanism that was cut off may have left."""
    mechanism = Mechanism.objects.filter(slug=slug).first()
    if mechanism:
        settle_what_is_left(mechanism)


def _country_code(name: str) -> str:
    """Return the ISO 3166-1 alpha-3 code of a country given by code or name."""
    found = country(name)
    if found is None:
        raise MechanismInvalid(
            "A country is not known: name it by its three letters (ISO 3166-1 alpha-3), such as "
            "MLI for Mali."
        )
    return found.iso3


def _answer(mechanism: Mechanism, parties: list[Party]) -> dict[str, Any]:
    log = find_log(mechanism.id)
    return {
        "mechanism": mechanism.slug,
        "id": mechanism.id,
        "countries": mechanism.countries,
        "languages": mechanism.languages,
        "parties": [{"id": party.id, "name": party.name} for party in parties],
        "policy": mechanism.policy,
        "standard_policy": TWO_PERSON.name,
        "log": {"origin": log.origin, "verifier_key": log.verifier_key},
        "notice_key": mechanism.notice_kid,
    }


def _words(answer: dict[str, Any], policy: Policy) -> list[str]:
    parties = ", ".join(party["name"] for party in answer["parties"]) or "none yet"
    countries = ", ".join(answer["countries"]) or "none named: each row's own is checked"
    lines = [
        f"Mechanism {answer['mechanism']} is set up. Countries: {countries}. Parties: {parties}.",
        f"Policy: {policy.name}. {_policy_words(policy)}",
        f"Log: {answer['log']['origin']}. Verifier key: {answer['log']['verifier_key']}",
        f"Key of the notices: {answer['notice_key']}",
        f"The master key lies in {answer['master_key']}; back the keys up apart from the data.",
    ]
    if policy.one_person_suffices:
        lines.insert(
            2,
            f"The standard policy (--policy {TWO_PERSON.name}: two persons clear and vet, the "
            "organisation signs twice) is what an operator should run.",
        )
    return lines


def _policy_words(policy: Policy) -> str:
    if policy.one_person_suffices:
        return "One person clears and vets; no second signature is asked for."
    return (
        f"{policy.persons_to_clear} persons clear, {policy.persons_to_vet} vet; "
        f"the organisation's second signature is {'' if policy.second_signature else 'not '}"
        "asked for."
    )
