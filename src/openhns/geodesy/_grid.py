"""References to the military grid (MGRS, NGA.STND.0037), read through the library `mgrs`."""

import re
import warnings
from functools import cache
from threading import Lock
from typing import Final

from mgrs import MGRS
from mgrs.core import MGRSError

from openhns.geodesy.position import Position, PositionError

_UTM: Final = re.compile(r"(\d{1,2})([C-HJ-NP-X])([A-HJ-NP-Z][A-HJ-NP-V])((?:\d\d){0,5})")
_POLAR: Final = re.compile(r"([ABYZ])([A-HJ-NP-Z]{2})((?:\d\d){0,5})")
_FINEST_DIGITS: Final = 5
_ZONE_SLACK_DEG: Final = 0.02
_IRREGULAR_BANDS: Final = "VX"  # Zones 31 to 37 are redrawn around Norway and Svalbard.
_LOCK: Final = Lock()  # The filters of `warnings` belong to the whole process.


def looks_like_grid(text: str) -> bool:
    """Tell whether a text has the shape of a grid reference, blanks aside."""
    squeezed = _squeeze(text)
    return bool(_UTM.fullmatch(squeezed) or _POLAR.fullmatch(squeezed))


def read_grid(text: str) -> tuple[Position, float]:
    """Return the position and the side of the referenced square in metres.

    A reference names a square; the answer is the square's middle, as the library gives it. Raises
    PositionError with code `out_of_range` for a band or zone that cannot hold the square: the
    library only warns of the former and passes over the latter.
    """
    squeezed = _squeeze(text)
    digits = len(squeezed) - len(squeezed.rstrip("0123456789"))
    lat, lon = _to_degrees(squeezed)
    _check_zone(squeezed, lon)
    return Position.from_degrees(lat, lon), 10.0 ** (_FINEST_DIGITS - digits // 2)


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", text).upper()


@cache
def _converter() -> MGRS:
    return MGRS()


def _to_degrees(reference: str) -> tuple[float, float]:
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            lat, lon = _converter().toLatLon(reference)
        except (MGRSError, RuntimeWarning):
            raise PositionError(
                "out_of_range", "there is no such square in this zone and band of the grid"
            ) from None
    return float(lat), float(lon)


def _check_zone(squeezed: str, lon: float) -> None:
    match = _UTM.fullmatch(squeezed)
    if match is None or match[2] in _IRREGULAR_BANDS:
        return
    west = int(match[1]) * 6 - 186
    beyond = abs((lon - west - 3 + 180) % 360 - 180) - 3
    if beyond > _ZONE_SLACK_DEG:
        raise PositionError("out_of_range", "the square of the grid lies outside its zone")
