"""`openhns consent`: give, list or take back consent, per site or movement and party."""

import argparse
from typing import Any

from openhns.cli.common import acting_user, mechanism_of, settle
from openhns.cli.output import emit, table
from openhns.mechanism.access import access_organisation
from openhns.mechanism.models import Mechanism, Person
from openhns.parties.access import find_party
from openhns.registry.access import access_listing
from openhns.registry.actions.consenting import do_give_consent, do_revoke_consent, read_consents
from openhns.registry.models import Consent, Listing


class ListingsNotNamed(Exception):
    """The command was told neither which listings nor whose."""

    code = "listings_not_named"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "What a party is told may travel on and cannot be recalled; taking a consent back counts "
        "for what is told later."
    )
    parser.add_argument("word", choices=["give", "list", "revoke"])
    parser.add_argument("listings", nargs="*", metavar="LISTING")
    parser.add_argument("--organisation", metavar="ORG", help="all sites and movements of this one")
    parser.add_argument("--to", action="append", default=[], metavar="PARTY=GRADE", dest="given")
    parser.add_argument("--party", metavar="PARTY", help="whose consent is taken back")
    parser.add_argument("--document", default="", help="where the consent is written down")
    parser.add_argument("--reason", default="")


def run(args: argparse.Namespace) -> int:
    mechanism, person = mechanism_of(args), acting_user(args)
    listings = _listings(args, mechanism, person)
    if args.word == "list":
        return _list(args, listings)
    if args.word == "give":
        count = _give(args, mechanism, person, listings)
    else:
        if not args.party:
            raise ListingsNotNamed("Say whose consent is taken back: --party PARTY.")
        party = find_party(mechanism, args.party)
        held = Consent.objects.filter(party=party, revoked_at=None, listing__in=listings)
        wanted = [item.listing for item in held] if args.organisation else listings
        for listing in wanted:
            do_revoke_consent(listing, party, args.reason, acting_user=person)
        count = len(wanted)
    settle(mechanism)
    done = "given" if args.word == "give" else "revoked"
    emit(args, {done: count}, [f"{count} {done}."])
    return 0


def _listings(args: argparse.Namespace, mechanism: Mechanism, person: Person) -> list[Listing]:
    if bool(args.listings) == bool(args.organisation):
        raise ListingsNotNamed("Name listings, or --organisation ORG for all of its own.")
    if args.organisation:
        organisation = access_organisation(person, mechanism, args.organisation)
        return list(Listing.objects.filter(organisation=organisation))
    return [access_listing(person, mechanism, wanted) for wanted in args.listings]


def _give(
    args: argparse.Namespace, mechanism: Mechanism, person: Person, listings: list[Listing]
) -> int:
    consents = read_consents(mechanism, args.given)
    if not consents:
        raise ListingsNotNamed('Say who may be told, and what: --to "PARTY=GRADE".')
    by_organisation: dict[Any, list[Listing]] = {}
    for listing in listings:
        by_organisation.setdefault(listing.organisation, []).append(listing)
    return sum(
        len(
            do_give_consent(
                own, consents, args.document, organisation=organisation, acting_user=person
            )
        )
        for organisation, own in by_organisation.items()
    )


def _list(args: argparse.Namespace, listings: list[Listing]) -> int:
    held = Consent.objects.filter(listing__in=listings, revoked_at=None).select_related("party")
    facts = [
        {
            "listing": item.listing_id,
            "party": item.party.name,
            "grade": str(item.grade),
            "given_at": item.given_at,
            "suspended_at": item.suspended_at,
        }
        for item in held.order_by("listing_id", "party__name")
    ]
    rows = [(str(item["listing"]), str(item["party"]), str(item["grade"])) for item in facts]
    emit(args, {"consents": facts}, table(rows) if rows else ["None."])
    return 0
