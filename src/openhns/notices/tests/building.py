"""Sites and movements, cleared and consented to, for the tests of this room."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from openhns.notices.actions.transmitting import Report, do_transmit
from openhns.notices.channels.mailbox import transport
from openhns.notices.models import Notice, Transmission
from openhns.parties.models import Party
from openhns.proofs import jws
from openhns.registry.models import Consent, Listing, Version
from openhns.testing_world import World

GAO = (162_716_000, -446_000)
START = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def site_content(name: str, place: tuple[int, int] = GAO, **facts: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": "Hospital",
        "category": "medical",
        "operator": "Ministry of Health",
        "country": "MLI",
        "admin1": "Gao",
        "contact": "Alice",
        "phone": "+223 70 00 00 01",
        "position": {"lat_e7": place[0], "lon_e7": place[1], "accuracy_m": 10},
        **facts,
    }


def add_listing(
    world: World,
    content: Mapping[str, Any],
    grades: Mapping[Party, str],
    kind: str = Listing.Kind.SITE,
    *,
    urgent: bool = False,
) -> Listing:
    """Register and clear a listing, and consent to its being told."""
    listing = Listing.objects.create(
        id=uuid4(),
        kind=kind,
        mechanism=world.mechanism,
        organisation=world.organisation,
        status=Listing.Status.ACTIVE,
        registered_at=timezone.now(),
    )
    add_version(world, listing, content, Version.Action.ADD, urgent=urgent)
    for party, grade in grades.items():
        consent(listing, party, grade)
    return listing


def add_version(
    world: World,
    listing: Listing,
    content: Mapping[str, Any],
    action: str = Version.Action.AMEND,
    *,
    urgent: bool = False,
    valid_from: datetime = START,
    valid_until: datetime | None = None,
) -> Version:
    version = Version(
        scope=world.mechanism.id,
        listing=listing,
        number=listing.versions.count() + 1,
        action=action,
        status=Version.Status.CLEARED,
        urgent=urgent,
        submitted_at=timezone.now(),
        submitted_by=world.alice,
        valid_from=valid_from,
        valid_until=valid_until,
        checks_worst="pass",
    )
    version.seal_content(dict(content))
    version.save(force_insert=True)
    return version


def remove(world: World, listing: Listing) -> Version:
    content = listing.versions.order_by("-number")[0].content
    return add_version(world, listing, content, Version.Action.REMOVE)


def consent(listing: Listing, party: Party, grade: str) -> Consent:
    row = Consent(
        scope=listing.mechanism_id,
        listing=listing,
        party=party,
        grade=grade,
        given_at=timezone.now(),
    )
    row.seal_content({"words": "Agreed."})
    row.save(force_insert=True)
    return row


def revoke(listing: Listing, party: Party) -> None:
    Consent.objects.filter(listing=listing, party=party).update(revoked_at=timezone.now())


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


def hours(count: int) -> timedelta:
    return timedelta(hours=count)
