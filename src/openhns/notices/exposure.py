"""How far the vicinity grade hides, measured against what we ourselves hold.

A cell in which exactly one of the register's sites lies is pinned to one building by whoever has
the register. Counted is all that stands in the register, cleared or not. The measure knows this
register alone: a fuller one holds more buildings in a cell, a list of one kind of building fewer.
Rows that were refused when they were imported are not kept, and so not counted.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from openhns.mechanism.models import Mechanism
from openhns.notices.grades import cell_of
from openhns.notices.wanted import OpenedVersions, Wants
from openhns.registry.models import Listing, Version
from openhns.registry.models.consent import Grade


@dataclass(frozen=True, slots=True)
class Exposure:
    """Cells that a party is told, and how many of them hold one site of the register."""

    told: int
    single: int

    @property
    def percent(self) -> int:
        return round(100 * self.single / self.told) if self.told else 0

    def words(self) -> str:
        if not self.told:
            return "No site is told at the vicinity grade."
        return (
            f"Of {self.told} cells told, {self.single} ({self.percent} %) hold exactly one site "
            "of this register: whoever has the same register can tell which building is meant. "
            "This is measured against this register alone; rows refused at import are not counted."
        )


def register_cells(mechanism: Mechanism, versions: OpenedVersions) -> dict[UUID, str]:
    """Return the cell of each open site, by its newest version that is submitted or cleared.

    A removal that nobody has cleared yet takes no building away.
    """
    current = Version.objects.filter(
        listing__mechanism=mechanism,
        listing__kind=Listing.Kind.SITE,
        status__in=(Version.Status.SUBMITTED, Version.Status.CLEARED),
    )
    standing = current.exclude(listing__status=Listing.Status.CLOSED).exclude(
        action=Version.Action.REMOVE
    )
    newest = dict(standing.order_by("number").values_list("listing_id", "id"))
    versions.load(set(newest.values()))
    return {key: cell_of(versions[v].content["position"]) for key, v in newest.items()}


def exposure_of(wants: Wants, cells: Mapping[UUID, str], versions: OpenedVersions) -> Exposure:
    """Return how many of the cells that a party is told hold one site of the register.

    A cell is told by the cleared version, also while a newer one waits that lies elsewhere.
    """
    in_cell = Counter(cells.values())
    vicinity = [
        each.version_id
        for each in wants.told.values()
        if each.grade == Grade.VICINITY and each.listing_id in cells
    ]
    versions.load(set(vicinity))
    told = {cell_of(versions[each].content["position"]) for each in vicinity}
    return Exposure(len(told), sum(in_cell[cell] <= 1 for cell in told))
