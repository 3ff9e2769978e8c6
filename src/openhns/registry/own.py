"""What an organisation sees of its own register.

Exact places go through `access.read_contents`, which journals. Here are the entries themselves,
their newest versions, and what they are called, which a list shows.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from openhns.mechanism.errors import NotAllowed, NotFound
from openhns.mechanism.models import Organisation, Person
from openhns.mechanism.people import acts_for
from openhns.mechanism.policy import policy_of
from openhns.mechanism.state import Remembered
from openhns.registry.models import Decision, Listing, Signature, Version

# By organisation. Walking through the index of a hundred thousand sites takes as long as a page.
_counts: Final = {kind: Remembered[int](most=256) for kind in Listing.Kind}
_HIDDEN: Final = "There is no site or movement of that identifier, or none that you may see."


def require_own(person: Person, organisation: Organisation) -> None:
    """Raise NotAllowed unless the person holds a role in the organisation."""
    if not person.is_active or not acts_for(person, organisation.id):
        raise NotAllowed("That person holds no role in the organisation.")


def own_listings(
    person: Person, organisation: Organisation, kind: Listing.Kind
) -> QuerySet[Listing]:
    """Return what the organisation registered, the newest first; raise NotAllowed."""
    require_own(person, organisation)
    own = Listing.objects.filter(organisation=organisation, kind=kind)
    return own.order_by("-registered_at", "-id")


def count_own_listings(person: Person, organisation: Organisation, kind: Listing.Kind) -> int:
    """Return how many there are, kept while nothing changes; raise NotAllowed."""
    listings = own_listings(person, organisation, kind)
    return _counts[kind].get(organisation.id, organisation.mechanism_id, listings.count)


def access_own_listing(
    person: Person, organisation: Organisation, kind: Listing.Kind, wanted: UUID
) -> Listing:
    """Return one of the organisation's listings; raise NotFound, NotAllowed."""
    found = own_listings(person, organisation, kind).filter(id=wanted).first()
    if found is None:
        raise NotFound(_HIDDEN)
    return found


def newest_versions(listings: Iterable[Listing]) -> dict[UUID, Version]:
    """Return the newest version of each listing, by the listing's identifier, in one query."""
    newer = Version.objects.filter(listing_id=OuterRef("listing_id"), number__gt=OuterRef("number"))
    ids = [listing.id for listing in listings]
    rows = Version.objects.filter(~Exists(newer), listing_id__in=ids)
    return {version.listing_id: version for version in rows}


def name_of(version: Version) -> str:
    """Return what the organisation calls the listing: a name, and no place."""
    return str(version.content.get("name", ""))


def unsigned_versions(organisation: Organisation) -> QuerySet[Version]:
    """Return the organisation's versions that wait for a second signature, the oldest first.

    None where the policy asks for no second signature.
    """
    waiting = Version.objects.filter(
        listing__organisation=organisation, status=Version.Status.SUBMITTED
    )
    if not policy_of(organisation.mechanism).second_signature:
        return waiting.none()
    signed = Signature.objects.filter(version_id=OuterRef("id")).exclude(
        person_id=OuterRef("submitted_by_id")
    )
    return waiting.filter(~Exists(signed)).order_by("submitted_at", "id")


def unsigned_of(organisation: Organisation, versions: Collection[Version]) -> set[UUID]:
    """Return which of these versions wait for a second signature."""
    ids = [version.id for version in versions]
    return set(unsigned_versions(organisation).filter(id__in=ids).values_list("id", flat=True))


def decisions_on(versions: Sequence[Version]) -> Mapping[UUID, list[Decision]]:
    """Return by version what the operator decided; nothing while a decision is open."""
    decided = [version.id for version in versions if version.status != Version.Status.SUBMITTED]
    found: dict[UUID, list[Decision]] = {}
    for decision in Decision.objects.filter(version_id__in=decided).order_by("decided_at", "id"):
        found.setdefault(decision.version_id, []).append(decision)
    return found


def former_of(versions: Iterable[Version]) -> dict[UUID, Version]:
    """Return, by version, the one that a newer one would replace: cleared, else the one before."""
    wanted = {version.id: version for version in versions}
    listing_ids = {version.listing_id for version in wanted.values()}
    earlier: dict[UUID, list[Version]] = {}
    for row in Version.objects.filter(listing_id__in=listing_ids).order_by("number"):
        earlier.setdefault(row.listing_id, []).append(row)
    found = {}
    for version in wanted.values():
        before = [row for row in earlier[version.listing_id] if row.number < version.number]
        cleared = [row for row in before if row.status == Version.Status.CLEARED]
        if before:
            found[version.id] = (cleared or before)[-1]
    return found
