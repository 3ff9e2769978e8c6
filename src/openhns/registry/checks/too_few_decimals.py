"""`too-few-decimals`: the position is written finely enough to tell one building from the next."""

from typing import Final

from openhns.registry.checks.case import SpotCase
from openhns.registry.checks.finding import Finding, Verdict, passed

NAME: Final = "too-few-decimals"
FEWEST_DECIMALS: Final = 4
COARSE_DECIMALS: Final = 3
# Whole seconds of arc (31 m) are how surveys write; whole minutes (1.9 km) are not enough.
FINE_M: Final = 35.0
COARSE_M: Final = 1_000.0


def too_few_decimals(case: SpotCase) -> Finding:
    """Warn of fewer than 4 decimals, or of what is as coarse in another notation."""
    reading = case.spot.reading
    if reading is None or _is_fine(reading.decimals, reading.precision_m):
        return passed(NAME, case.spot.field)
    metres = round(reading.precision_m)
    coarse = reading.precision_m >= COARSE_M
    words = (
        f"The position is written so coarsely that the site may lie {metres} m from it. "
        f"{'Nobody could protect a building by it. ' if coarse else ''}"
        "Give it as it was measured, with 5 decimals."
    )
    evidence = {"precision_m": metres, "coarse": coarse, "notation": reading.notation}
    if reading.decimals is not None:
        evidence["decimals"] = reading.decimals
    return Finding(NAME, Verdict.WARN, case.spot.field, words, evidence)


def _is_fine(decimals: int | None, precision_m: float) -> bool:
    return precision_m <= FINE_M if decimals is None else decimals >= FEWEST_DECIMALS
