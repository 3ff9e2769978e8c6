"""What a party is told at each grade (DESIGN, "Grade"): nothing finer ever reaches a notice.

Only members that a grade names are taken over; a fact that is added to the registry later stays
hidden until it is named here.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from openhns.geodesy.cells import (
    PARTITION,
    cell_centre,
    cell_outline,
    cell_reach_m,
    vicinity_cell,
)
from openhns.geodesy.position import Position
from openhns.notices.errors import GradeUnknown
from openhns.proofs.canonical import canonical
from openhns.registry.categories import CATEGORIES, OTHER
from openhns.registry.models import Listing
from openhns.registry.models.consent import Grade

Facts = dict[str, Any]

_EXACT_SITE: Final = (
    "name",
    "name_local",
    "aliases",
    "type",
    "category",
    "function",
    "operator",
    "functioning_status",
    "country",
    "admin1",
    "admin2",
    "pcode",
    "place",
    "markings",
    "floor",
    "footprint",
)
_EXACT_MOVEMENT: Final = (
    "name",
    "purpose",
    "category",
    "type",
    "route",
    "vehicles",
    "plates",
    "persons",
)
_PLACE: Final = ("lat_e7", "lon_e7")
_EXACT_POSITION: Final = (*_PLACE, "accuracy_m", "precision_m", "method")
_EXACT_WAYPOINT: Final = (*_PLACE, "at", "name")

_FILLED_TO: Final = 1_600  # Bytes. The description of one cell has at most 1,540.

_ROUNDED: Final = {
    Listing.Kind.SITE: timedelta(days=1),
    Listing.Kind.MOVEMENT: timedelta(hours=1),
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BANDS: Final = ((1, 4), (5, 19), (20, 99), (100, 499))


@dataclass(frozen=True, slots=True)
class Validity:
    """From when, and until when or without an end."""

    start: datetime
    end: datetime | None


def disclose(content: Mapping[str, Any], kind: str, grade: str) -> Facts:
    """Return what a party is told of a version at a grade; raise GradeUnknown.

    `kind` is `site` or `movement`. At the presence grade a single listing is never spoken of:
    see `disclose_presence`.
    """
    if grade == Grade.EXACT:
        return _exact_site(content) if kind == Listing.Kind.SITE else _exact_movement(content)
    if grade == Grade.VICINITY:
        return _vicinity(content, kind)
    raise GradeUnknown(f"Nothing is disclosed of a single {kind} at the grade {grade!r}.")


def _taken(source: Mapping[str, Any], members: Iterable[str]) -> Facts:
    return {name: source[name] for name in members if source.get(name) is not None}


def _exact_site(content: Mapping[str, Any]) -> Facts:
    facts = _taken(content, _EXACT_SITE)
    facts["position"] = _taken(content["position"], _EXACT_POSITION)
    if content.get("entrance"):
        facts["entrance"] = _taken(content["entrance"], _PLACE)
    return facts


def _exact_movement(content: Mapping[str, Any]) -> Facts:
    waypoints = [_taken(point, _EXACT_WAYPOINT) for point in content["waypoints"]]
    return {**_taken(content, _EXACT_MOVEMENT), "waypoints": waypoints}


def _vicinity(content: Mapping[str, Any], kind: str) -> Facts:
    broad = content.get("category")
    category = broad if broad in CATEGORIES else OTHER
    if kind == Listing.Kind.SITE:
        return dict(cell_facts(cell_of(content["position"]), category))
    # Only the cells of stated points: the cells that a straight line crosses would narrow down
    # where its ends lie, and convoys do not drive straight lines.
    cells = dict.fromkeys(cell_of(point) for point in content["waypoints"])
    described = [described_cell(cell) for cell in cells]
    return _filled({"category": category, "partition": PARTITION, "cells": described})


@lru_cache(maxsize=20_000)
def cell_facts(cell: str, category: str) -> Facts:
    """Return what is told of a site in a cell: the same bytes for all of one category."""
    return _filled({"category": category, "partition": PARTITION, **described_cell(cell)})


def _filled(facts: Facts) -> Facts:
    """Fill up the facts to a multiple of one length in canonical form.

    A cell where few buildings stand has a longer outline: without a filler the size of a sealed
    notice would tell whoever cannot open it where the site lies, in town or in the country.
    """
    unfilled = {**facts, "filler": ""}
    return {**unfilled, "filler": "." * (-len(canonical(unfilled)) % _FILLED_TO)}


def cell_of(position: Mapping[str, Any]) -> str:
    """Return the cell of a stored position {lat_e7, lon_e7}."""
    return vicinity_cell(Position(position["lat_e7"], position["lon_e7"]))


@lru_cache(maxsize=20_000)
def described_cell(cell: str) -> Facts:
    """Return a cell's id, centre, reach in whole metres, rounded up, and closed outline."""
    centre = cell_centre(cell)
    return {
        "cell": cell,
        "centre": {"lat_e7": centre.lat_e7, "lon_e7": centre.lon_e7},
        "outline": [[point.lat_e7, point.lon_e7] for point in cell_outline(cell)],
        "reach_m": math.ceil(cell_reach_m(cell)),
    }


def told_validity(validity: Validity, kind: str, grade: str) -> Validity:
    """Return the validity as a grade tells it: to the microsecond, or widened to whole days.

    Of a movement it is widened to whole hours. Two parties who pool their notices could
    otherwise tell by the microsecond which exact site lies in which cell.
    """
    if grade == Grade.EXACT:
        return validity
    step = _ROUNDED[Listing.Kind(kind)]
    end = None if validity.end is None else _EPOCH - ((_EPOCH - validity.end) // step) * step
    return Validity(_EPOCH + ((validity.start - _EPOCH) // step) * step, end)


def told_verification(content: Mapping[str, Any], grade: str) -> Facts:
    """Return who verified the place, when and how, or that the operator did not.

    Below the exact grade it is not told: who verified what would single a site out.
    """
    if grade != Grade.EXACT:
        return {"status": "not told at this grade"}
    return dict(content.get("verification") or {"status": "not verified by the operator"})


def band_of(count: int) -> str | None:
    """Return the band of a count as a party is told it, None for no site at all."""
    if count < 1:
        return None
    for least, most in _BANDS:
        if count <= most:
            return f"{least}-{most}"
    return f"{_BANDS[-1][1] + 1}+"


def disclose_presence(district: Mapping[str, str], band: str | None) -> Facts:
    """Return what a party is told of a district: its name, and the band of how many lie there."""
    return {"band": band or "0", "district": dict(district)}
