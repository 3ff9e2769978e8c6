"""Shares: in steps of 5 %, over many places only, and moved only when they are well off.

The fewer places a share is taken over, the more one of them moves it; so the fewer they are, the
wider is the range from which the secret margins are drawn, and the range that is published.
"""

from fractions import Fraction
from functools import cache
from typing import Final

from openhns.overview.publication.bands import BASIS, Band, Draw, Figure, Ladder, band_of

STEP: Final = 5
_WHOLE: Final = 100
_HALF_STEP: Final = Fraction(STEP, 2)
ACCURACY: Final = (None, 30, 15, 10, 5)
"""By rung of BASIS: by how many points of a hundred a share may be off; None: not shown."""


@cache
def ladder_within(within: int) -> Ladder:
    """Return the ladder of shares that are true within so many points; rung r is 5 r %."""
    borders = tuple(STEP * rung + _HALF_STEP for rung in range(_WHOLE // STEP))
    return Ladder(borders, Fraction(0), within - _HALF_STEP, start=len(borders) // 2)


def share_figure(
    part: int, whole: int, within: int | None, before: Figure | None, *, edition: int, draw: Draw
) -> Figure:
    """Return the share as an edition publishes it: bounds in percent that hold for certain."""
    if within is None or not whole:
        return {"percent": None}
    band = _band_before(before, within, edition)
    settled = ladder_within(within).settle(Fraction(part * _WHOLE, whole), band, edition, draw)
    percent = settled.rung * STEP
    return {
        "percent": percent,
        "since": settled.since,
        "within": within,
        "from": max(0, percent - within),
        "to": min(_WHOLE, percent + within),
    }


def _band_before(before: Figure | None, within: int, edition: int) -> Band | None:
    """Return where the share stood; with another accuracy it stands there with new margins."""
    if before is None or before["percent"] is None:
        return None
    rung = before["percent"] // STEP
    return Band(rung, before["since"] if before["within"] == within else edition)


def basis_figure(whole: int, before: Figure | None, edition: int, draw: Draw) -> Figure:
    """Return over how many places shares are taken, as the accuracy that this allows."""
    band = BASIS.settle(whole, band_of(before), edition, draw)
    return {"rung": band.rung, "since": band.since, "within": ACCURACY[band.rung]}
