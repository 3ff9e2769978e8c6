"""The register in memory: where everything stands and what it is called.

Sealed rows cannot be searched by the database, so the versions of a mechanism are opened in
bulk and kept by this process. A version's content never changes and no row is ever deleted, so
what was opened stays right for ever: the number of versions is the counter that tells whether
others came, and only those are opened. Status and number are read afresh each time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Final
from uuid import UUID

from openhns.geodesy.position import Position
from openhns.mechanism.counting import paced, pausing
from openhns.mechanism.models import Organisation
from openhns.registry.models import Listing, Version

_BATCH: Final = 500
_MOST_KEPT: Final = 300_000
_CURRENT: Final = (Version.Status.SUBMITTED, Version.Status.CLEARED)


@dataclass(frozen=True, slots=True)
class Sight:
    """What is kept of one version: its positions and names, and its row where a sheet gave it."""

    positions: tuple[Position, ...]
    names: tuple[str, ...]
    row: int


@dataclass(frozen=True, slots=True)
class Entry:
    """The version by which one open listing is known now, and when it was registered."""

    version_id: UUID
    listing_id: UUID
    organisation_id: UUID
    registered_at: datetime
    cleared: bool
    sight: Sight

    @property
    def age(self) -> tuple[datetime, int, UUID]:
        """Sorts what was registered first before what came later, rows of a sheet in order."""
        return self.registered_at, self.sight.row, self.listing_id


LARGE: Final = 5_000
_kept: dict[UUID, Sight] = {}
_lock = Lock()


def is_large(mechanism_id: UUID) -> bool:
    """Whether so much is registered that a page does not wait while all of it is looked at."""
    return Listing.objects.filter(mechanism_id=mechanism_id).order_by()[LARGE:].exists()


def sight_of(content: Mapping[str, Any]) -> Sight:
    """Return what is compared of a version's content."""
    places = [content["position"]] if "position" in content else content.get("waypoints", [])
    names = (content.get("name"), content.get("name_local"), *content.get("aliases", ()))
    return Sight(
        tuple(Position(place["lat_e7"], place["lon_e7"]) for place in places),
        tuple(dict.fromkeys(name for name in names if name)),
        content.get("origin", {}).get("row", 0),
    )


def entries(
    mechanism_id: UUID,
    kind: Listing.Kind = Listing.Kind.SITE,
    organisation: Organisation | None = None,
) -> list[Entry]:
    """Return every open listing by its newest version that is submitted or cleared."""
    rows = _current_rows(mechanism_id, kind, organisation)
    sights = _sights([row[0] for row in rows])
    return [
        Entry(version, listing, owner, registered_at, status == Version.Status.CLEARED, sight)
        for version, listing, owner, registered_at, status, _action in pausing(rows)
        if (sight := sights.get(version)) is not None
    ]


_Row = tuple[UUID, UUID, UUID, datetime, str, str]


def _current_rows(
    mechanism_id: UUID, kind: Listing.Kind, organisation: Organisation | None
) -> list[_Row]:
    found = Version.objects.filter(
        listing__mechanism_id=mechanism_id, listing__kind=kind, status__in=_CURRENT
    ).exclude(listing__status__in=(Listing.Status.CLOSED, Listing.Status.ENDED))
    if organisation is not None:
        found = found.filter(listing__organisation=organisation)
    rows = found.order_by("number").values_list(
        "id",
        "listing_id",
        "listing__organisation_id",
        "listing__registered_at",
        "status",
        "action",
    )
    newest: dict[UUID, _Row] = {row[1]: row for row in paced(rows)}
    return [row for row in newest.values() if row[5] != Version.Action.REMOVE]


def _sights(wanted: Sequence[UUID]) -> dict[UUID, Sight]:
    with _lock:
        if len(_kept) > _MOST_KEPT:
            _kept.clear()
        known = {version: _kept[version] for version in wanted if version in _kept}
    for batch in batches([version for version in wanted if version not in known], _BATCH):
        found = dict(_opened(batch))
        known |= found
        with _lock:
            _kept.update(found)
    return known


def _opened(batch: Sequence[UUID]) -> Iterator[tuple[UUID, Sight]]:
    rows = Version.objects.filter(id__in=batch).values_list("id", "scope", "sealed")
    for version_id, scope, sealed in pausing(rows):
        yield version_id, sight_of(Version.open_content(scope, version_id, sealed))


def batches(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
