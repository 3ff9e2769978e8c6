"""Bands of counts. A band moves only when the count is well beyond its border, by a secret margin.

How far beyond is drawn anew each time the band has moved, from a keyed hash that nobody outside
can compute. docs/publication.md says how much of one site that leaves to be learnt, and why.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

Draw = Callable[[str], Fraction]
"""Gives for a label a number from 0 up to 1 that is always the same, and that nobody can guess."""
Figure = dict[str, Any]
"""What an edition publishes in one row: whole numbers and nulls."""


@dataclass(frozen=True, slots=True)
class Band:
    """On which rung a count lies, and since which edition."""

    rung: int
    since: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """Borders between bands; a margin is at least `least`, and less than `least + width`."""

    borders: tuple[Fraction | int, ...]
    least: Fraction | int
    width: Fraction | int
    start: int = 0

    @property
    def reach(self) -> Fraction | int:
        """How far beyond a border the count may be at the most before the band moves."""
        return self.least + self.width

    def settle(self, count: Fraction | int, before: Band | None, edition: int, draw: Draw) -> Band:
        """Return the band of a count in an edition, given that of the edition before."""
        band = before or Band(self.start, edition)
        while step := self._step(count, band, draw):
            band = Band(band.rung + step, edition)
        return band

    def _step(self, count: Fraction | int, band: Band, draw: Draw) -> int:
        up, down = self.up(band, draw), self.down(band, draw)
        if up is not None and count >= up:
            return 1
        return -1 if down is not None and count < down else 0

    def up(self, band: Band, draw: Draw) -> Fraction | None:
        """Return the count from which the band moves up; None for the uppermost."""
        if band.rung == len(self.borders):
            return None
        margin = self.least + self.width * draw(f"up|{band.rung}|{band.since}")
        return self.borders[band.rung] + margin

    def down(self, band: Band, draw: Draw) -> Fraction | None:
        """Return the count below which the band moves down; None for the lowest."""
        if band.rung == 0:
            return None
        margin = self.least + self.width * draw(f"down|{band.rung}|{band.since}")
        return self.borders[band.rung - 1] - margin

    def bounds(self, rung: int) -> tuple[int, int | None]:
        """Return between which counts a band lies for certain; None where it has no upper end."""
        lower = self.borders[rung - 1] - self.reach if rung else 0
        upper = self.borders[rung] + self.reach if rung < len(self.borders) else None
        return int(lower), None if upper is None else int(upper)


def band_of(figure: Figure | None) -> Band | None:
    """Return the band that a published figure states."""
    return None if figure is None else Band(figure["rung"], figure["since"])


def band_figure(ladder: Ladder, band: Band) -> Figure:
    """Return the figure of a count as it is published: bounds that hold for certain."""
    lower, upper = ladder.bounds(band.rung)
    return {"rung": band.rung, "since": band.since, "from": lower, "to": upper}


# One site or movement is one place.
PLACES: Final = Ladder((300, 1_000, 3_000, 10_000, 30_000, 100_000), least=5, width=195)
# Of one place at most ten notices are counted, and all is ten times as wide.
MOST_NOTICES: Final = 10
NOTICES: Final = Ladder((3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000), least=50, width=1_950)
# Of one place at most one objection is counted.
OBJECTIONS: Final = Ladder((145, 500, 2_000, 10_000), least=5, width=100)
# Over how many places a share is taken: it stands in no edition but by the accuracy it allows.
BASIS: Final = Ladder((400, 800, 1_500, 4_000), least=5, width=195)
