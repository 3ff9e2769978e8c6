"""Every place that parties held, laid out so that one claim is compared with all of them at once.

The arrays only leave out what is too far away or was never held at the time; each pair that
remains is judged by `screening`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import numpy as np

from openhns.geodesy.cells import cell_centre, cell_reach_m
from openhns.geodesy.distance import distances_m
from openhns.geodesy.position import Position
from openhns.incidents.holdings import Holding, holdings_of, joined, payloads_of
from openhns.mechanism.models import Mechanism, Organisation

if TYPE_CHECKING:
    from numpy.typing import NDArray

ACCURACY_UNSTATED_M: Final = 100
"""Taken where a party was told a position without an accuracy. A convention of ours."""

_FOREVER: Final = 1e18
_METRES_PER_DEGREE: Final = 110_000.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that a party was told: a disc, or a cell where `cell` names one.

    `sure` is false for a leg of a movement: the convoy is somewhere along it, or near it.
    """

    centre: Position
    reach_m: float
    cell: str = ""
    sure: bool = True


def spots_of(payload: Mapping[str, Any]) -> tuple[Spot, ...]:
    """Return the places that a notice tells; none at the presence grade, which tells no place."""
    content = payload["content"]
    if "position" in content:
        position = content["position"]
        accuracy = position.get("accuracy_m")
        reach = ACCURACY_UNSTATED_M if accuracy is None else accuracy
        return (Spot(_position(position), float(reach)),)
    if "waypoints" in content:
        return tuple(_legs([_position(point) for point in content["waypoints"]]))
    cells = content.get("cells") or ([content] if "cell" in content else [])
    return tuple(_cell(item["cell"]) for item in cells)


def _position(value: Mapping[str, Any]) -> Position:
    return Position(value["lat_e7"], value["lon_e7"])


def _cell(cell: str) -> Spot:
    return Spot(cell_centre(cell), cell_reach_m(cell), cell)


def _legs(points: Sequence[Position]) -> Iterator[Spot]:
    """Yield a disc around each leg of a route: it holds the leg, and detours as long as it."""
    if len(points) == 1:
        yield Spot(points[0], 0.0, sure=False)
    for one, other in pairwise(points):
        middle = Position((one.lat_e7 + other.lat_e7) // 2, (one.lon_e7 + other.lon_e7) // 2)
        reach = distances_m(
            middle.lat, middle.lon, [one.lat, other.lat], [one.lon, other.lon]
        ).max()
        yield Spot(middle, float(reach), sure=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place of a notice that was held at some time, near enough to be judged."""

    holding: Holding
    spot: Spot


class Board:
    """What all parties of a mechanism held up to a moment, opened once for many claims.

    With an organisation: what they held of its places.
    """

    def __init__(
        self, mechanism: Mechanism, until: datetime, organisation: Organisation | None = None
    ) -> None:
        held = holdings_of(mechanism, until, organisation=organisation)
        told = {key: spots_of(payload) for key, payload in payloads_of(h.notice_id for h in held)}
        self.holdings = joined(held, [told[item.notice_id] for item in held])
        self._spots = [
            (place, spot) for place, item in enumerate(held) for spot in told[item.notice_id]
        ]
        self._starts = np.array([_seconds(item.start) for item in self.holdings])
        self._ends = np.array([_seconds(item.end) for item in self.holdings])
        self._owner = np.array([place for place, _ in self._spots], dtype=np.int64)
        self._lats = np.array([spot.centre.lat for _, spot in self._spots])
        self._lons = np.array([spot.centre.lon for _, spot in self._spots])
        self._reach = np.array([spot.reach_m for _, spot in self._spots])

    def held_during(self, start: datetime | None, end: datetime) -> "NDArray[np.bool_]":
        """Return which holdings overlap a time; `start` None reaches back without an end."""
        begun = self._starts <= _seconds(end)
        over = self._ends <= (-_FOREVER if start is None else _seconds(start))
        return np.asarray(begun & ~over)

    def counted(self, chosen: "NDArray[np.bool_]") -> Counter[tuple[UUID, str]]:
        """Count holdings by party and grade."""
        found = [self.holdings[place] for place in np.flatnonzero(chosen).tolist()]
        return Counter((item.party_id, item.grade) for item in found)

    def near(
        self, centre: Position, within_m: float, chosen: "NDArray[np.bool_]"
    ) -> Iterator[Candidate]:
        """Yield the places of chosen holdings that reach to within some metres of a point."""
        if not len(self._owner):
            return
        reach = self._reach + within_m
        rough = np.abs(self._lats - centre.lat) * _METRES_PER_DEGREE <= reach
        places = np.flatnonzero(rough & chosen[self._owner])
        metres = distances_m(centre.lat, centre.lon, self._lats[places], self._lons[places])
        for place in places[metres <= reach[places] + 1.0].tolist():
            owner, spot = self._spots[place]
            yield Candidate(self.holdings[owner], spot)


def _seconds(moment: datetime | None) -> float:
    return _FOREVER if moment is None else moment.astimezone(UTC).timestamp()
