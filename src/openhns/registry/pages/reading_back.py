"""What is read back before anything is submitted: the places as they were read, and the checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from openhns.gazetteer.countries import country, country_at
from openhns.gazetteer.towns import nearest_town
from openhns.geodesy.notation import possible_readings
from openhns.geodesy.position import Position
from openhns.geodesy.writing import as_grid, as_seconds
from openhns.registry.actions.submitting import Judged, Result
from openhns.registry.checks.axes_swapped import NAME as AXES
from openhns.registry.checks.finding import PASSING
from openhns.registry.saying import Said, said_of
from openhns.registry.shown import Fact, features_of, shown_facts
from openhns.registry.spots import Spot
from openhns.registry.stops import STOP
from openhns.registry.words import FIELDS, label
from openhns.ui.maps import Map

Text = str | Promise
_POLAR: Final = 800_000_000
_FINEST: Final = 7
_NOTATIONS: Final[Mapping[str, Text]] = {
    "decimal": _("decimal degrees"),
    "dm": _("degrees and minutes"),
    "dms": _("degrees, minutes and seconds"),
    "mgrs": _("grid reference (MGRS)"),
}


@dataclass(frozen=True, slots=True)
class ReadPlace:
    """One place as it was read; `field` is the fact that gave it.

    `other` are further readings, which whoever typed it may have meant: the text that chooses
    one, and how it is written. `town` is the nearest known one, with kilometres.
    """

    field: str
    label: Text
    place: Mapping[str, Any] | None
    notation: Text = ""
    precision_m: int = 0
    seconds: str = ""
    grid: str = ""
    countries: str = ""
    town: str = ""
    town_km: int = 0
    other: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class ReadBack:
    """All that is shown before a submission."""

    places: Sequence[ReadPlace]
    findings: Sequence[Said]
    facts: Sequence[Fact]
    map: Map | None
    refused: bool


def read_back(judged: Judged, typed: Mapping[str, Any], countries: Sequence[str]) -> ReadBack:
    """Return what was understood of a draft; `typed` are the texts by field, for other readings."""
    draft = judged.draft
    swapped = {item.field for item in judged.findings if _is_swapped(item)}
    wanted = [draft.country] if draft.country else list(countries)
    features = features_of(draft.content, str(draft.content.get("name", "")))
    return ReadBack(
        [read_place(spot, typed, swapped=spot.field in swapped) for spot in draft.spots],
        said_of(judged.findings),
        shown_facts(draft.content),
        Map("read-back", _("The place that was read"), features, countries=wanted)
        if features
        else None,
        judged.result == Result.REFUSED,
    )


def _is_swapped(finding: Any) -> bool:
    return finding.name == AXES and finding.verdict not in PASSING


def read_place(spot: Spot, typed: Mapping[str, Any], *, swapped: bool = False) -> ReadPlace:
    """Return one place as it was read, with what else may have been meant."""
    other = _others(spot, typed, swapped=swapped)
    reading = spot.reading
    if reading is None:
        return ReadPlace(spot.field, spot_label(spot.field), None, other=other)
    here = reading.position
    town, metres = nearest_town(here)
    return ReadPlace(
        spot.field,
        spot_label(spot.field),
        {"lat_e7": here.lat_e7, "lon_e7": here.lon_e7},
        _NOTATIONS[reading.notation],
        ceil(reading.precision_m),
        as_seconds(here),
        as_grid(here) if abs(here.lat_e7) <= _POLAR else "",
        ", ".join(_country_name(iso3) for iso3, outside in country_at(here) if not outside),
        town.name,
        round(metres / 1_000),
        other,
    )


def spot_label(field: str) -> Text:
    if field.startswith(STOP):
        return _("Stop %(number)s") % {"number": field.removeprefix(STOP)}
    return label(FIELDS, field)


def _country_name(iso3: str) -> str:
    found = country(iso3)
    if found is None:
        return iso3
    return (get_language() == "ar" and found.arabic) or found.english


def _others(spot: Spot, typed: Mapping[str, Any], *, swapped: bool) -> list[tuple[str, str]]:
    """Return other readings: all of an ambiguous text, and of a suspicious pair the reverse."""
    found: list[tuple[Position, int | None]] = []
    text = typed.get(spot.field)
    if spot.fault == "ambiguous" and isinstance(text, str):
        found += [(reading.position, reading.decimals) for reading in possible_readings(text)]
    if swapped and spot.exchanged is not None:
        found.append((spot.exchanged, spot.reading.decimals if spot.reading else None))
    return [(_decimal(*each), as_seconds(each[0])) for each in found]


def _decimal(position: Position, decimals: int | None) -> str:
    """Return a position with no more decimals than were typed, for they say how fine it is."""
    digits = _FINEST if decimals is None else max(1, min(decimals, _FINEST))
    return f"{position.lat:.{digits}f}, {position.lon:.{digits}f}"
