"""The stops of a movement between its origin and its destination."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from openhns.formats.faults import cell_text
from openhns.registry.spots import CellFault, Spot, read_spot
from openhns.registry.texts import DateUnreadable, clean, read_moment

STOP: Final = "stop_"
LONGEST_NAME: Final = 1_000
_PARTS: Final = 3
_OUT_OF_ORDER: Final = _("The time of a stop lies before the one before it, or after the arrival.")


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: where, when, its name; its field is `stop_1`, `stop_2` and so on."""

    spot: Spot
    at: datetime | None
    name: str
    bad_dates: tuple[CellFault, ...] = ()


def read_stops(given: Any, departure: datetime | None, arrival: datetime | None) -> list[Stop]:
    """Read a list of [position, time, name]; what is no such list is read as one bad stop."""
    if given in (None, "", []):
        return []
    items = given if isinstance(given, list) else [given]
    stops: list[Stop] = []
    earliest = departure
    for number, item in enumerate(items, start=1):
        stop = _stop(f"{STOP}{number}", item, earliest, arrival)
        earliest = stop.at or earliest
        stops.append(stop)
    return stops


def _stop(field: str, item: Any, earliest: datetime | None, latest: datetime | None) -> Stop:
    parts = item if isinstance(item, list) else [item]
    place, moment, name = [*parts, None, None, None][:_PARTS]
    at, bad = _moment(field, moment)
    if at is not None and ((earliest and at < earliest) or (latest and at > latest)):
        bad = (CellFault(field, "out_of_order", _OUT_OF_ORDER),)
    return Stop(read_spot(field, place), at, clean(cell_text(name))[:LONGEST_NAME], bad)


def _moment(field: str, cell: Any) -> tuple[datetime | None, tuple[CellFault, ...]]:
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None, ()
    try:
        return read_moment(cell), ()
    except DateUnreadable as error:
        return None, (CellFault(field, error.code, str(error)),)
