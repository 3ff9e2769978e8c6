"""What an organisation has registered already: found by its identifier, or by equal content."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from openhns.mechanism.models import Organisation
from openhns.registry.actions.kept import BATCH
from openhns.registry.models import Listing, Version
from openhns.registry.register import batches
from openhns.registry.texts import fold_identifier
from openhns.vault.rings import ring_of

_OPEN: Final = (Version.Status.SUBMITTED, Version.Status.CLEARED)


def own_id_hash(organisation: Organisation, kind: str, own_id: str) -> bytes | None:
    """Return the keyed hash of an organisation's identifier; None where it gave none."""
    if not own_id:
        return None
    value = f"{organisation.id}:{kind}:{fold_identifier(own_id)}"
    return ring_of(organisation.mechanism_id).keyed_hash("listing-own-id", value)


@dataclass(frozen=True, slots=True)
class Newest:
    """A listing and its newest version."""

    listing: Listing
    version: Version

    def says(self, content: Mapping[str, Any]) -> bool:
        """Whether the listing says exactly this already."""
        stands = self.version.action != Version.Action.REMOVE
        return stands and without_origin(self.version.content) == content


@dataclass(slots=True)
class Known:
    """An organisation's listings of one kind, locked until the transaction ends."""

    by_own_id: dict[bytes, Newest] = field(default_factory=dict)
    by_content: dict[bytes, Newest] = field(default_factory=dict)

    def find(self, own_hash: bytes | None, content: Mapping[str, Any]) -> Newest | None:
        """Find by identifier where one was given, else by equal content."""
        if own_hash is not None:
            return self.by_own_id.get(own_hash)
        return self.by_content.get(_digest(content))


def known_listings(organisation: Organisation, kind: Listing.Kind) -> Known:
    """Lock and open what the organisation has registered."""
    known = Known()
    own = Listing.objects.select_for_update(no_key=True).filter(
        organisation=organisation, kind=kind
    )
    listings = {listing.id: listing for listing in own.order_by("id")}
    for version in newest_versions(list(listings)):
        newest = Newest(listings[version.listing_id], version)
        if newest.listing.own_id_hash is not None:
            known.by_own_id[bytes(newest.listing.own_id_hash)] = newest
        elif newest.listing.status != Listing.Status.CLOSED:
            known.by_content[_digest(without_origin(version.content))] = newest
    return known


def newest_versions(listing_ids: Sequence[UUID]) -> list[Version]:
    newest: dict[UUID, Version] = {}
    for batch in batches(listing_ids, BATCH):
        for version in Version.objects.filter(listing_id__in=batch).order_by("number"):
            newest[version.listing_id] = version
    return list(newest.values())


def standing_version(listing: Listing) -> Version | None:
    """Return the newest version that is submitted or cleared, else the newest of all."""
    versions = list(listing.versions.order_by("-number"))
    standing = (version for version in versions if version.status in _OPEN)
    return next(standing, versions[0] if versions else None)


def without_origin(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a version's content without the sheet and row that it came from."""
    return {name: value for name, value in content.items() if name != "origin"}


def _digest(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).digest()
