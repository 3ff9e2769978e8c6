"""Positions as they are read back to people, in notations beside decimal degrees."""

from threading import Lock
from typing import Final

from openhns.geodesy.position import E7, Position

_SECONDS: Final = 3_600
_LOCK: Final = Lock()  # The library is not known to bear several threads.


def as_seconds(position: Position) -> str:
    """Return degrees, minutes and seconds to 0.01 second (31 cm), such as 16°16'17.83"N."""
    return f"{_axis(position.lat_e7, 'NS')} {_axis(position.lon_e7, 'EW')}"


def _axis(units: int, letters: str) -> str:
    hundredths = round(abs(units) * _SECONDS * 100 / E7)
    minutes, rest = divmod(hundredths, 6_000)
    degrees, minutes = divmod(minutes, 60)
    return f"{degrees}°{minutes:02}'{rest // 100:02}.{rest % 100:02}\"{letters[units < 0]}"


def as_grid(position: Position) -> str:
    """Return the MGRS reference of the square of 1 m in which a position lies."""
    from mgrs import MGRS  # noqa: PLC0415 - commands that write no grid reference load it not.

    with _LOCK:
        text = str(MGRS().toMGRS(position.lat, position.lon))
    head = len(text) - 10
    return f"{text[: head - 2]} {text[head - 2 : head]} {text[head : head + 5]} {text[head + 5 :]}"
