"""How far the vicinity grade hides, measured against what we ourselves hold.

A cell in which exactly one of the register's sites lies is pinned to one building by whoever has
the register. Counted is all that stands in the register, cleared or not. The measure knows this
register alone: a fuller one holds more buildings in a cell, a list of one kind of building fewer.
Rows that were refused when they were imported are not kept, and so not counted.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openhns.mechanism.counting import paced, pausing
from openhns.mechanism.models import Mechanism
from openhns.notices.grades import cell_of
from openhns.notices.wanted import Wants
from openhns.registry.models import Listing, Version
from openhns.registry.models.consent import Grade

CURRENT: Final = (Version.Status.SUBMITTED, Version.Status.CLEARED)
_AT_ONCE: Final = 500
_MOST_KEPT: Final = 300_000
_cells: dict[UUID, str] = {}
_lock = Lock()


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
            return _("No site is told at the vicinity grade.")
        facts = {"told": self.told, "single": self.single, "percent": self.percent}
        return (
            ngettext(
                "Of %(told)d cell told, %(single)d (%(percent)d %%) holds exactly one site of this "
                "register: whoever has the same register can tell which building is meant. This is "
                "measured against this register alone; rows refused at import are not counted.",
                "Of %(told)d cells told, %(single)d (%(percent)d %%) hold exactly one site of this "
                "register: whoever has the same register can tell which building is meant. This is "
                "measured against this register alone; rows refused at import are not counted.",
                self.told,
            )
            % facts
        )


def cells_of(version_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the cell of each version of a site.

    A version never changes, so that its cell is kept by this process; nothing else of it is.
    """
    with _lock:
        if len(_cells) > _MOST_KEPT:
            _cells.clear()
        known = {each: _cells[each] for each in version_ids if each in _cells}
    missing = [each for each in version_ids if each not in known]
    for start in range(0, len(missing), _AT_ONCE):
        found = _opened_cells(missing[start : start + _AT_ONCE])
        known |= found
        with _lock:
            _cells.update(found)
    return known


def _opened_cells(version_ids: Collection[UUID]) -> dict[UUID, str]:
    versions = pausing(Version.objects.filter(id__in=version_ids))
    return {version.id: cell_of(version.content["position"]) for version in versions}


def register_cells(
    mechanism: Mechanism, statuses: Collection[Version.Status] = CURRENT
) -> dict[UUID, str]:
    """Return the cell of each open site, by its newest version that is submitted or cleared.

    A removal that nobody has cleared yet takes no building away.
    """
    current = Version.objects.filter(
        listing__mechanism=mechanism,
        listing__kind=Listing.Kind.SITE,
        status__in=statuses,
    )
    standing = current.exclude(listing__status=Listing.Status.CLOSED).exclude(
        action=Version.Action.REMOVE
    )
    newest = dict(paced(standing.order_by("number").values_list("listing_id", "id")))
    cells = cells_of(newest.values())
    return {key: cells[version] for key, version in newest.items()}


def told_cells(wants: Wants) -> set[str]:
    """Return the cells that a party is told at the vicinity grade."""
    vicinity = {e.version_id for e in wants.told.values() if e.grade == Grade.VICINITY}
    return set(cells_of(vicinity).values())


def exposure_of(wants: Wants, register: Mapping[UUID, str]) -> Exposure:
    """Return how many of the cells that a party is told hold one site of the register.

    `register` is what `register_cells` gave. A cell is told by the cleared version, also while a
    newer one waits that lies elsewhere.
    """
    in_cell = Counter(register.values())
    vicinity = {
        each.version_id
        for each in wants.told.values()
        if each.grade == Grade.VICINITY and each.listing_id in register
    }
    told = set(cells_of(vicinity).values())
    return Exposure(len(told), sum(in_cell[cell] <= 1 for cell in told))
