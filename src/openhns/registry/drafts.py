"""A submission before it is kept: cells or JSON values read into facts, faults kept beside them.

Reading never fails: what cannot be used becomes a fault, and the checks say what that means.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, Final

from openhns.formats.faults import SHEET_ERROR, Fault, cell_faults, cell_text
from openhns.gazetteer.countries import country as find_country
from openhns.record.rows import timestamp
from openhns.registry.categories import CATEGORIES, category_of
from openhns.registry.models import Listing
from openhns.registry.spots import CellFault, Spot, place_json, read_spot
from openhns.registry.stops import read_stops
from openhns.registry.texts import DateUnreadable, clean, read_moment

Facts = Mapping[str, Any]
LONGEST_TEXT: Final = 1_000
_EMPTY: Final = (None, "")
_ABOVE_ANY_ACCURACY_M: Final = 100_000


@dataclass(frozen=True, slots=True)
class Draft:
    """One site or movement as it was submitted; `row` is its row in a sheet, from 1.

    `content` is what a version will keep. `country` is the ISO 3166-1 alpha-3 code, or "" where
    none was given or the words given name none, which `country_words` then tells apart.
    """

    kind: Listing.Kind
    content: dict[str, Any]
    spots: tuple[Spot, ...]
    own_id: str = ""
    country: str = ""
    country_words: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    urgent: bool = False
    missing: tuple[str, ...] = ()
    faults: tuple[CellFault, ...] = ()
    bad_dates: tuple[CellFault, ...] = ()
    row: int | None = None


def wanted_of(draft: Draft, covered: frozenset[str]) -> frozenset[str]:
    """Return the countries in which a draft may lie: its own, else the mechanism's."""
    return frozenset({draft.country}) if draft.country else covered


class _Reader:
    """Takes facts one by one, and gathers what is wrong with them."""

    def __init__(self, facts: Facts, faults: Mapping[str, Sequence[Fault]]) -> None:
        self._facts = facts
        self._given = faults
        self.faults: list[CellFault] = []
        self.bad_dates: list[CellFault] = []
        self.missing: list[str] = []

    def raw(self, name: str) -> Any:
        return self._facts.get(name)

    def text(self, name: str) -> str:
        cell = self.raw(name)
        if cell in _EMPTY:
            self._note(name, cell)
            return ""
        found = self._note(name, cell)
        if SHEET_ERROR in found:
            return ""
        text = clean(cell_text(cell))
        if len(text) > LONGEST_TEXT:
            words = f"is longer than {LONGEST_TEXT} characters and was cut there"
            self.faults.append(CellFault(name, "too_long", words))
        return text[:LONGEST_TEXT]

    def texts(self, name: str) -> list[str]:
        value = self.raw(name)
        items = value if isinstance(value, list) else str(value or "").split(";")
        return [text for item in items if (text := clean(cell_text(item))[:LONGEST_TEXT])]

    def wanted(self, name: str) -> str:
        text = self.text(name)
        if not text:
            self.missing.append(name)
        return text

    def moment(self, name: str, *, end: bool = False) -> datetime | None:
        cell = self.raw(name)
        if cell in _EMPTY or (isinstance(cell, str) and not cell.strip()):
            self._note(name, cell)
            return None
        self._note(name, cell)
        try:
            return read_moment(cell, end=end)
        except DateUnreadable as error:
            self.bad_dates.append(CellFault(name, error.code, str(error)))
            return None

    def spot(self, name: str, latitude: str, longitude: str, *, wanted: bool = True) -> Spot:
        """Read a position from its one cell, or from the pair where that cell is empty."""
        whole, pair = self.raw(name), (self.raw(latitude), self.raw(longitude))
        names = (name,) if whole not in _EMPTY else (name, latitude, longitude)
        for used in names:
            self._note(used, self.raw(used))
        spot = read_spot(name, whole if whole not in _EMPTY else pair)
        if wanted and spot.fault == "empty":
            self.missing.append(name)
        return spot

    def _note(self, name: str, cell: Any) -> Sequence[Fault]:
        found = self._given.get(name) or cell_faults(cell)
        self.faults.extend(CellFault(name, fault.code, fault.words) for fault in found)
        return found


def _filled(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if value not in ("", None, [])}


def _country(read: _Reader) -> tuple[str, str]:
    """Return the row's country as ISO3, its code before its name; and the words it gave."""
    words = [text for name in ("iso3", "country") if (text := read.text(name))]
    found = next((known.iso3 for text in words if (known := find_country(text))), "")
    return found, words[0] if words else ""


def _metres(text: str) -> int | None:
    """Read an accuracy such as `5`, `4.8 m` or `12,5 metres`, rounded up; None where it is none."""
    number = text.lower().replace(",", ".").rstrip(" metrs")
    try:
        metres = ceil(float(number))
    except (ValueError, OverflowError):
        return None
    return metres if 0 < metres <= _ABOVE_ANY_ACCURACY_M else None


_SITE_TEXTS: Final = (
    "name_local", "type", "function", "operator", "admin1", "admin2", "pcode", "place",
    "functioning_status", "contact", "phone",
)  # fmt: skip


def site_draft(
    facts: Facts, faults: Mapping[str, Sequence[Fault]] | None = None, row: int | None = None
) -> Draft:
    """Read the facts of one site, named as `formats.site_fields` names them.

    JSON may also give `aliases`, `category`, `urgent`, and `entrance` and `footprint` as positions.
    """
    read = _Reader(facts, faults or {})
    content: dict[str, Any] = {"name": read.wanted("name")}
    content |= {name: read.text(name) for name in _SITE_TEXTS}
    content["own_id"] = read.text("identifier")
    content["aliases"] = read.texts("aliases")
    content["category"] = _category(read, content)
    country, country_words = _country(read)
    content["country"] = country
    spots = _site_spots(read, content)
    return Draft(
        Listing.Kind.SITE,
        _filled(content),
        spots,
        content["own_id"],
        country,
        country_words,
        read.moment("valid_from"),
        read.moment("valid_until", end=True),
        bool(facts.get("urgent")),
        tuple(read.missing),
        tuple(read.faults),
        tuple(read.bad_dates),
        row,
    )


def _category(read: _Reader, content: Mapping[str, Any]) -> str:
    stated = read.text("category").lower()
    if stated in CATEGORIES:
        return stated
    return category_of(*(content[name] for name in ("type", "function", "name", "name_local")))


def _site_spots(read: _Reader, content: dict[str, Any]) -> tuple[Spot, ...]:
    spot = read.spot("position", "latitude", "longitude")
    if spot.reading is not None:
        accuracy = {"accuracy_m": _metres(read.text("accuracy"))}
        method = {"method": read.text("position_method")}
        content["position"] = _filled(place_json(spot.reading) | accuracy | method)
    entrance = read.spot("entrance", "", "", wanted=False)
    if entrance.reading is not None:
        content["entrance"] = place_json(entrance.reading)
    corners = tuple(read_spot("footprint", corner) for corner in _corners(read))
    read_corners = [corner.reading.position for corner in corners if corner.reading is not None]
    content["footprint"] = [[corner.lat_e7, corner.lon_e7] for corner in read_corners]
    faulty = [corner for corner in corners if corner.reading is None]
    return (spot, *([] if entrance.fault == "empty" else [entrance]), *faulty[:1])


def _corners(read: _Reader) -> list[Any]:
    value = read.raw("footprint")
    if isinstance(value, list):
        return value
    return [] if value in _EMPTY else [value]


_MOVEMENT_TEXTS: Final = ("type", "purpose", "route", "persons", "contact", "phone")


def movement_draft(
    facts: Facts, faults: Mapping[str, Sequence[Fault]] | None = None, row: int | None = None
) -> Draft:
    """Read the facts of one movement, named as `formats.movement_fields` names them.

    JSON may also give `urgent`, and `stops` between origin and destination, in their order: each
    a position, a time and a name, of which time and name may be empty.
    """
    read = _Reader(facts, faults or {})
    content: dict[str, Any] = {"name": read.wanted("reference")}
    content |= {name: read.text(name) for name in _MOVEMENT_TEXTS}
    content |= {name: read.texts(name) for name in ("vehicles", "plates")}
    country, country_words = _country(read)
    content |= {"country": country, "own_id": content["name"]}
    content["category"] = category_of(content["purpose"], content["type"])
    departure, arrival = read.moment("departure"), read.moment("arrival", end=True)
    read.missing.extend(
        name
        for name, found in (("departure", departure), ("arrival", arrival))
        if found is None and not any(bad.field == name for bad in read.bad_dates)
    )
    origin = read.spot("origin_position", "origin_latitude", "origin_longitude")
    stops = read_stops(read.raw("stops"), departure, arrival)
    read.bad_dates.extend(fault for stop in stops for fault in stop.bad_dates)
    read.missing.extend(stop.spot.field for stop in stops if stop.spot.fault == "empty")
    target = read.spot("destination_position", "destination_latitude", "destination_longitude")
    spots = (origin, *(stop.spot for stop in stops), target)
    names = (read.text("origin"), *(stop.name for stop in stops), read.text("destination"))
    moments = (departure, *(stop.at for stop in stops), arrival)
    content["waypoints"] = _waypoints(spots, names, moments)
    return Draft(
        Listing.Kind.MOVEMENT,
        _filled(content),
        spots,
        content["own_id"],
        country,
        country_words,
        departure,
        arrival,
        bool(facts.get("urgent")),
        tuple(read.missing),
        tuple(read.faults),
        tuple(read.bad_dates),
        row,
    )


def _waypoints(
    spots: Sequence[Spot], names: Sequence[str], moments: Sequence[datetime | None]
) -> list[dict[str, Any]]:
    return [
        _filled(place_json(spot.reading) | {"name": name, "at": moment and timestamp(moment)})
        for spot, name, moment in zip(spots, names, moments, strict=True)
        if spot.reading is not None
    ]


DRAFT_OF: Final[Mapping[Listing.Kind, Callable[..., Draft]]] = {
    Listing.Kind.SITE: site_draft,
    Listing.Kind.MOVEMENT: movement_draft,
}
