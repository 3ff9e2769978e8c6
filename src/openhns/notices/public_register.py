"""How far the vicinity grade hides from whoever has a public register of places.

A cell in which a public register lists exactly one place is pinned to that place: who reads the
notice beside the register can tell which building is meant. A cell in which it lists none is not
pinned by it.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import ngettext

from openhns.notices.exposure import Exposure, told_cells
from openhns.notices.grades import cell_of
from openhns.notices.wanted import Wants
from openhns.registry.models import Listing
from openhns.registry.sheets import read_sheet


@dataclass(frozen=True, slots=True)
class PublicRegister:
    """The rows of a register by cell; `placed` counts those whose position could be read."""

    rows: int
    in_cell: Counter[str]

    @property
    def placed(self) -> int:
        return self.in_cell.total()


@dataclass(frozen=True, slots=True)
class Pinned(Exposure):
    """The same, measured against a public register; `none`: cells in which it lists nothing."""

    none: int

    def words(self) -> str:
        facts = {"told": self.told, "single": self.single, "percent": self.percent}
        return (
            ngettext(
                "Of %(told)d cell told, %(single)d (%(percent)d %%) holds exactly one place of the "
                "public register: whoever has it can tell which building is meant.",
                "Of %(told)d cells told, %(single)d (%(percent)d %%) hold exactly one place of the "
                "public register: whoever has it can tell which building is meant.",
                self.told,
            )
            % facts
        )


def read_public_register(path: Path, mapping: Path | None = None) -> PublicRegister:
    """Read a register of sites in any form that `openhns import` reads; raise FormatError.

    Nothing is kept. A row without a position that can be read pins no cell.
    """
    drafts = read_sheet(path, Listing.Kind.SITE, mapping).drafts()
    positions = [draft.content["position"] for draft in drafts if draft.content.get("position")]
    return PublicRegister(len(drafts), Counter(map(cell_of, positions)))


def pinned_by(register: PublicRegister, wants: Wants) -> Pinned:
    """Return how many of the cells that a party is told a public register pins to one place."""
    counts = [register.in_cell[cell] for cell in told_cells(wants)]
    return Pinned(len(counts), counts.count(1), counts.count(0))
