"""How far the vicinity grade hides, measured against what we ourselves hold.

A cell in which exactly one of the register's sites lies is pinned to one building by whoever has
the register. The measure knows this register alone: a fuller one holds more buildings in a cell,
a list of one kind of building fewer.
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
            "This is measured against this register alone."
        )


def register_cells(mechanism: Mechanism, versions: OpenedVersions) -> dict[UUID, str]:
    """Return the cell of each registered site, by its newest cleared version."""
    cleared = Version.objects.filter(
        listing__mechanism=mechanism,
        listing__kind=Listing.Kind.SITE,
        status=Version.Status.CLEARED,
    ).order_by("number")
    newest = {
        listing: (version, action)
        for listing, version, action in cleared.values_list("listing_id", "id", "action")
    }
    standing = {k: v for k, (v, action) in newest.items() if action != Version.Action.REMOVE}
    versions.load(set(standing.values()))
    return {key: cell_of(versions[v].content["position"]) for key, v in standing.items()}


def exposure_of(wants: Wants, cells: Mapping[UUID, str]) -> Exposure:
    """Return how many of the cells that a party is told hold one site of the register."""
    in_cell = Counter(cells.values())
    vicinity = [w.listing_id for w in wants.told.values() if w.grade == Grade.VICINITY]
    told = {cells[listing] for listing in vicinity if listing in cells}
    return Exposure(len(told), sum(in_cell[cell] == 1 for cell in told))
