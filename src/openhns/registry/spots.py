"""One position of a submission, as it was read or why it was not."""

from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from openhns.geodesy.notation import Reading, read_position
from openhns.geodesy.position import Position, PositionError

_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class Spot:
    """One position of a submission: as it was read, or the code of why it was not.

    `exchanged` is the position that latitude and longitude would give the other way round.
    """

    field: str
    reading: Reading | None
    fault: str = ""
    words: str = ""
    exchanged: Position | None = None


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that was kept only in part, or not at all."""

    field: str
    code: str
    words: str


def kept_spot(field: str, reading: Reading) -> Spot:
    """Return the spot of a position that was read already."""
    here = reading.position
    return Spot(field, reading, exchanged=_position(here.lon_e7, here.lat_e7))


def _pair_or_cell(given: Any) -> Any:
    if isinstance(given, list | tuple):
        return tuple(given) if len(given) == _PAIR else "?"
    return given


def read_spot(field: str, given: Any) -> Spot:
    given = _pair_or_cell(given)
    try:
        reading = read_position(given)
    except PositionError as error:
        return Spot(field, None, error.code, str(error), _read_exchanged(given))
    return kept_spot(field, reading)


def _read_exchanged(given: Any) -> Position | None:
    """Read a pair the other way round: a longitude over 90 in the latitude's cell."""
    if not isinstance(given, tuple):
        return None
    try:
        return read_position((given[1], given[0])).position
    except PositionError:
        return None


def _position(lat_e7: int, lon_e7: int) -> Position | None:
    try:
        return Position(lat_e7, lon_e7)
    except PositionError:
        return None


def place_json(reading: Reading) -> dict[str, Any]:
    """Return a position as a version keeps it: integers alone, absent facts left out."""
    found = {
        "lat_e7": reading.position.lat_e7,
        "lon_e7": reading.position.lon_e7,
        "notation": reading.notation,
        "precision_m": ceil(reading.precision_m),
    }
    return found if reading.decimals is None else {**found, "decimals": reading.decimals}
