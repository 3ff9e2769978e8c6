"""The reference data of the checks of positions, looked up for a whole batch at once."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from math import cos, radians
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from openhns.gazetteer import countries as gazetteer
from openhns.gazetteer.outlines import outlines
from openhns.gazetteer.towns import settled_m
from openhns.geodesy.position import Position
from openhns.registry.checks.case import Surroundings
from openhns.registry.checks.on_land import ISLANDS_M, PLACES_M
from openhns.registry.drafts import Draft, wanted_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

REACH_DEG: Final = 0.5
"""Degrees of latitude (55 km) beyond which nobody asks how far outside a position lies."""

_NARROWEST: Final = 0.01
_MOST_MEASURED_AT_SEA: Final = 200  # Each takes some 40 ms.
REFERENCE: Final = {
    "countries": "Natural Earth 1:10m",
    "places": "GeoNames, 500 people and more",
    "border_tolerance_m": round(gazetteer.TOLERANCE_M),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """What was looked up, and which data that was; `unknown` countries have no outline."""

    surroundings: Mapping[Position, Surroundings] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    facts: Mapping[str, Any] = field(default_factory=dict)
    why_not: str = ""


def look_up(drafts: Sequence[Draft], covered: frozenset[str]) -> Reference:
    """Look up every position, and those that are not where they should be the other way round."""
    wanted = covered | {draft.country for draft in drafts if draft.country}
    try:
        unknown = frozenset(iso3 for iso3 in wanted if not gazetteer.has_outline(iso3))
        surroundings = _surroundings(drafts, covered)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        why = f"the outlines of countries cannot be read here ({type(error).__name__})"
        return Reference(why_not=why)
    return Reference(surroundings, unknown, REFERENCE)


def _surroundings(drafts: Sequence[Draft], covered: frozenset[str]) -> dict[Position, Surroundings]:
    spots = [(spot, wanted_of(draft, covered)) for draft in drafts for spot in draft.spots]
    read = [(spot.reading.position, wanted) for spot, wanted in spots if spot.reading is not None]
    found = _around(position for position, _ in read)
    _measure([pair for pair in read if not _fits(found[pair[0]], pair[1])], found)
    odd = (
        spot
        for spot, wanted in spots
        if spot.reading is None or not _fits(found[spot.reading.position], wanted)
    )
    exchanged = [spot.exchanged for spot in odd if spot.exchanged is not None]
    return _around(exchanged) | found


def _fits(here: Surroundings, wanted: frozenset[str]) -> bool:
    return not wanted.isdisjoint(here.countries) if wanted else not here.at_sea


def _around(positions: Iterable[Position]) -> dict[Position, Surroundings]:
    listed = list(dict.fromkeys(positions))
    if not listed:
        return {}
    lats, lons = [each.lat for each in listed], [each.lon for each in listed]
    codes = gazetteer.countries_of(lats, lons)
    return {position: _inside(inside) for position, inside in zip(listed, codes, strict=True)}


@cache
def _inside(codes: tuple[str, ...]) -> Surroundings:
    return Surroundings(dict.fromkeys(codes, 0), at_sea=not codes)


def _measure(
    odd: Sequence[tuple[Position, frozenset[str]]], found: dict[Position, Surroundings]
) -> None:
    """Measure how far positions are from where they should be, where they are not too far."""
    pairs = [
        (position, iso3)
        for position, wanted in dict.fromkeys(odd)
        for iso3 in sorted(wanted)
        if _may_be_near(position, iso3)
    ]
    lats, lons = [each.lat for each, _ in pairs], [each.lon for each, _ in pairs]
    measured = gazetteer.insides(lats, lons, [iso3 for _, iso3 in pairs])
    for (position, iso3), answer in zip(pairs, measured, strict=True):
        here = found[position]
        metres = round(answer.distance_m)
        found[position] = Surroundings({**here.countries, iso3: metres}, at_sea=here.at_sea)
    for position, _ in [pair for pair in odd if not pair[1]][:_MOST_MEASURED_AT_SEA]:
        to_land = round(gazetteer.on_land(position).distance_m)
        found[position] = Surroundings({}, at_sea=True, land_m=to_land)
    for position, wanted in dict.fromkeys(odd):
        found[position] = _with_place(position, wanted, found[position])


def _with_place(position: Position, wanted: frozenset[str], here: Surroundings) -> Surroundings:
    """Look for a known place where a position would be refused as lying in the sea.

    The places are read only then: a register of the mainland never asks.
    """
    if not here.at_sea or (here.to_land_m is not None and here.to_land_m <= ISLANDS_M):
        return here
    iso2s = frozenset(known.iso2 for iso3 in wanted if (known := gazetteer.country(iso3)))
    try:
        return replace(here, place_m=settled_m(position, iso2s, PLACES_M))
    except OSError:  # The package was installed without its largest table.
        return here


def _may_be_near(position: Position, iso3: str) -> bool:
    """Tell by boxes whether measuring is worth its time: a position far off is far off."""
    boxes = _boxes(iso3)
    wide = REACH_DEG / max(cos(radians(position.lat)), _NARROWEST)
    margins = (wide, REACH_DEG)
    point = (position.lon, position.lat)
    inside = (boxes[:, :2] - margins <= point) & (boxes[:, 2:] + margins >= point)
    return bool(inside.all(axis=1).any())


@lru_cache(maxsize=256)
def _boxes(iso3: str) -> "NDArray[np.float64]":
    known = outlines()
    polygons = known.polygons[np.isin(known.unit_of_polygon, known.units_with(iso3))]
    boxes: NDArray[np.float64] = shapely.bounds(polygons).reshape(-1, 4)
    return boxes
