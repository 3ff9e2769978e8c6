"""The tables of an edition: from counts, and the edition before, to what is published.

Each table has one dimension. No row is the sum of others, and no count is banded twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from openhns.overview.publication.bands import (
    NOTICES,
    OBJECTIONS,
    PLACES,
    Draw,
    Figure,
    Ladder,
    band_figure,
    band_of,
)
from openhns.overview.publication.shares import basis_figure, share_figure

Tables = dict[str, dict[str, Figure]]
DrawFor = Callable[[str, str], Draw]
"""Gives the secret draws of one row of one table."""

ANSWERS: Final = ("acknowledged", "within_a_day", "within_a_week", "proof_a", "proof_b", "proof_c")
"""The tables of shares that have a row for each party; `proof_b` is B or better, and so on."""
ERRORS: Final = ("late", "returned")
_SUBMITTED: Final = "submitted"


@dataclass(slots=True)
class Answered:
    """Of the places that one party was told, how many it acknowledged, how soon and how proven."""

    told: int = 0
    acknowledged: int = 0
    within_a_day: int = 0
    within_a_week: int = 0
    proof_a: int = 0
    proof_b: int = 0
    proof_c: int = 0


@dataclass(slots=True)
class Counts:
    """What was so at one moment, exactly; this never leaves the operator.

    Places are sites and movements. `sites` are in force; all else counts from the beginning.
    """

    sites: int = 0
    movements: int = 0
    notices: int = 0
    submitted: int = 0
    late: int = 0
    returned: int = 0
    late_objections: int = 0
    parties: dict[UUID, Answered] = field(default_factory=dict)


def make_tables(
    counts: Counts, before: Mapping[str, Any], edition: int, draw_for: DrawFor
) -> Tables:
    """Return an edition's tables, given those of the edition before."""
    row = _Row(before, edition, draw_for)
    tables: Tables = {
        "places": {
            "sites": row.band("places", "sites", PLACES, counts.sites),
            "movements": row.band("places", "movements", PLACES, counts.movements),
        },
        "notices": {"notices": row.band("notices", "notices", NOTICES, counts.notices)},
        "objections": {"late": row.band("objections", "late", OBJECTIONS, counts.late_objections)},
        "basis": {_SUBMITTED: row.basis(_SUBMITTED, counts.submitted)},
        "errors": {},
        **{name: {} for name in ANSWERS},
    }
    for name in ERRORS:
        basis = tables["basis"][_SUBMITTED]
        part = getattr(counts, name)
        tables["errors"][name] = row.share("errors", name, part, counts.submitted, basis)
    for party_id, answered in sorted(counts.parties.items()):
        party = str(party_id)
        tables["basis"][party] = row.basis(party, answered.told)
        for name in ANSWERS:
            part, basis = getattr(answered, name), tables["basis"][party]
            tables[name][party] = row.share(name, party, part, answered.told, basis)
    return tables


@dataclass(frozen=True, slots=True)
class _Row:
    """Makes rows from what the same row said in the edition before."""

    tables: Mapping[str, Any]
    edition: int
    draw_for: DrawFor

    def _before(self, table: str, row: str) -> Figure | None:
        figure: Figure | None = self.tables.get(table, {}).get(row)
        return figure

    def band(self, table: str, row: str, ladder: Ladder, count: int) -> Figure:
        draw = self.draw_for(table, row)
        before = band_of(self._before(table, row))
        return band_figure(ladder, ladder.settle(count, before, self.edition, draw))

    def basis(self, row: str, whole: int) -> Figure:
        draw = self.draw_for("basis", row)
        return basis_figure(whole, self._before("basis", row), self.edition, draw)

    def share(self, table: str, row: str, part: int, whole: int, basis: Figure) -> Figure:
        draw, before = self.draw_for(table, row), self._before(table, row)
        within = basis["within"]
        return share_figure(part, whole, within, before, edition=self.edition, draw=draw)
