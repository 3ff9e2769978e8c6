"""Sites and movements, cleared and consented to, for the tests of this room."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from openhns.notices.actions.transmitting import Report, do_transmit
from openhns.notices.channels.mailbox import transport
from openhns.notices.models import Notice, Transmission
from openhns.parties.models import Party
from openhns.proofs import jws
from openhns.registry.actions import (
    do_amend,
    do_decide,
    do_give_consent,
    do_remove,
    do_revoke_consent,
    do_submit,
)
from openhns.registry.models import Decision, Listing, Version
from openhns.registry.models.consent import Grade
from openhns.testing_world import World

GAO = (162_716_000, -446_000)
START = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def site_facts(name: str, place: tuple[int, int] = GAO, **facts: Any) -> dict[str, Any]:
    """Return the facts of a hospital at a place in 1e-7 degrees."""
    return {
        "name": name,
        "type": "Hospital",
        "operator": "Ministry of Health",
        "country": "Mali",
        "admin1": "Gao",
        "contact": "Alice",
        "phone": "+223 70 00 00 01",
        "latitude": f"{place[0] / 1e7:.7f}",
        "longitude": f"{place[1] / 1e7:.7f}",
        "accuracy": "10",
        "valid_from": START.isoformat(),
        **facts,
    }


def movement_facts(
    name: str, origin: tuple[int, int], destination: tuple[int, int], **facts: Any
) -> dict[str, Any]:
    """Return the facts of a convoy with food that leaves in an hour and takes five."""
    return {
        "reference": name,
        "purpose": "Food distribution",
        "country": "Mali",
        "plates": "AB 1234",
        "contact": "Alice",
        "phone": "+223 70 00 00 01",
        "departure": (timezone.now() + timedelta(hours=1)).isoformat(),
        "arrival": (timezone.now() + timedelta(hours=6)).isoformat(),
        "origin": "Depot",
        "destination": "Camp",
        "origin_latitude": f"{origin[0] / 1e7:.7f}",
        "origin_longitude": f"{origin[1] / 1e7:.7f}",
        "destination_latitude": f"{destination[0] / 1e7:.7f}",
        "destination_longitude": f"{destination[1] / 1e7:.7f}",
        **facts,
    }


def add_listing(
    world: World,
    facts: Mapping[str, Any],
    grades: Mapping[Party, str],
    kind: Listing.Kind = Listing.Kind.SITE,
) -> Listing:
    """Alice submits and consents, Bob clears."""
    consents = {party: Grade(grade) for party, grade in grades.items()}
    submitted = do_submit(
        facts, consents, organisation=world.organisation, kind=kind, acting_user=world.alice
    )
    _clear(world, submitted.version)
    return Listing.objects.get(id=submitted.version.listing_id)


def amend(world: World, listing: Listing, **changes: Any) -> None:
    _clear(world, do_amend(listing, changes, acting_user=world.alice).version)


def move(world: World, listing: Listing, place: tuple[int, int], **changes: Any) -> None:
    where = {"latitude": f"{place[0] / 1e7:.7f}", "longitude": f"{place[1] / 1e7:.7f}"}
    amend(world, listing, **where, **changes)


def remove(world: World, listing: Listing) -> None:
    _clear(world, do_remove(listing, "Closed.", acting_user=world.alice).version)


def _clear(world: World, version: Version) -> None:
    do_decide(version, Decision.Word.CLEAR, "Known.", acting_user=world.bob)


def consent(world: World, listing: Listing, party: Party, grade: str) -> None:
    do_give_consent(
        [listing],
        {party: Grade(grade)},
        organisation=world.organisation,
        acting_user=world.alice,
    )


def revoke(world: World, listing: Listing, party: Party) -> None:
    do_revoke_consent(listing, party, acting_user=world.alice)


def transmit(world: World, party: Party | None = None, **options: Any) -> Report:
    return do_transmit(world.mechanism, party, acting_user=world.bob, **options)


def payloads(party: Party) -> list[dict[str, Any]]:
    """Return everything that a party was ever handed, in the order of the numbers."""
    sent = Transmission.objects.filter(party=party, status=Transmission.Status.TRANSMITTED)
    envelopes = [
        envelope
        for transmission in sent.order_by("first_number")
        for _, envelope in transport.read(transmission)
    ]
    return [jws.read(envelope.notice).payload for envelope in envelopes]


def notices_of(party: Party) -> list[Notice]:
    return list(Notice.objects.filter(party=party).order_by("number"))
