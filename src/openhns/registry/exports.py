"""The register of sites as a file, for the operator; mechanism/exports says who may have it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openhns.formats.csv_out import csv_bytes
from openhns.mechanism.exports import Exported, Exporter, register
from openhns.mechanism.models import Mechanism, Organisation
from openhns.record.rows import timestamp
from openhns.registry.models import Listing, Version
from openhns.registry.register import batches

_BATCH: Final = 500
_FACTS: Final = (
    "name",
    "name_local",
    "category",
    "type",
    "functioning_status",
    "country",
    "admin1",
    "admin2",
    "pcode",
)
_COLUMNS: Final = (
    "organisation",
    *_FACTS,
    "accuracy_m",
    "site_status",
    "version",
    "version_status",
    "valid_from",
    "valid_until",
    "registered_at",
)


def register_exports() -> None:
    """Enter this room's exports; called when the room is ready."""
    register(
        Exporter(
            "sites",
            _("Register of sites"),
            _("every site by its newest version, with its exact position, as CSV"),
            "openhns.registry.exports.sites_as_csv",
        )
    )


def sites_as_csv(mechanism: Mechanism) -> Exported:
    """Write every site of a mechanism; the file states its row count and hash in its header."""
    newest = _newest(mechanism)
    content, stated = csv_bytes(_features(mechanism, list(newest.values())), columns=_COLUMNS)
    return Exported(
        file_name=f"openhns-{mechanism.slug}-sites-{timezone.now():%Y-%m-%d}.csv",
        media_type="text/csv; charset=utf-8",
        content=content,
        rows=stated.count,
        sha256=stated.sha256,
        listings=list(newest),
    )


def _newest(mechanism: Mechanism) -> dict[UUID, UUID]:
    """Return the newest version of each site, by site in the order of registration."""
    rows = Version.objects.filter(
        listing__mechanism=mechanism, listing__kind=Listing.Kind.SITE
    ).order_by("listing__registered_at", "listing_id", "number")
    return dict(rows.values_list("listing_id", "id"))


def _features(mechanism: Mechanism, versions: list[UUID]) -> Iterator[dict[str, Any]]:
    own = Organisation.objects.filter(mechanism=mechanism)
    names = {each.id: str(each.content["name"]) for each in own}
    for batch in batches(versions, _BATCH):
        found = Version.objects.select_related("listing").in_bulk(list(batch))
        for version_id in batch:
            yield _feature(found[version_id], names)


def _feature(version: Version, names: Mapping[UUID, str]) -> dict[str, Any]:
    content, listing = version.content, version.listing
    place = content.get("position")
    facts = {
        "organisation": names[listing.organisation_id],
        **{name: content.get(name) for name in _FACTS},
        "accuracy_m": (place or {}).get("accuracy_m"),
        "site_status": str(listing.status),
        "version": version.number,
        "version_status": str(version.status),
        "valid_from": timestamp(version.valid_from),
        "valid_until": timestamp(version.valid_until) if version.valid_until else None,
        "registered_at": timestamp(listing.registered_at),
    }
    point = {"type": "Point", "coordinates": [place["lon_e7"], place["lat_e7"]]} if place else None
    return {"id": str(listing.id), "geometry": point, "properties": facts}
