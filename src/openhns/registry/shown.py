"""A version's facts as screens show them: each under its label, each in the form it is read in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openhns.geodesy.position import Position
from openhns.registry.words import CATEGORIES, FIELDS, label
from openhns.ui.maps import Feature, area, point, route

Form = Literal["text", "position", "figure", "moment"]

_ORDER: Final = (
    "name", "name_local", "aliases", "type", "category", "function", "operator", "own_id",
    "functioning_status", "country", "admin1", "admin2", "pcode", "place", "purpose", "route",
    "vehicles", "plates", "persons", "contact", "phone", "markings", "floor", "removal_reason",
)  # fmt: skip
_FEWEST_CORNERS: Final = 3
_FIGURES: Final = frozenset({"own_id", "pcode", "phone", "plates"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its name, what a screen calls it, its values, and how they are shown."""

    name: str
    label: str | Promise
    values: tuple[Any, ...]
    form: Form = "text"


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that two versions give differently; None where a version does not give it."""

    label: str | Promise
    before: Fact | None
    after: Fact | None


def shown_facts(content: Mapping[str, Any]) -> list[Fact]:
    """Return what a version's content says, in the order in which people read it."""
    return [*_plain(content), *_places(content), *_waypoints(content.get("waypoints", ()))]


def _plain(content: Mapping[str, Any]) -> Iterator[Fact]:
    for name in _ORDER:
        value = content.get(name)
        if value in (None, "", []):
            continue
        values = tuple(value) if isinstance(value, list) else (value,)
        if name == "category":
            values = tuple(label(CATEGORIES, item) for item in values)
        yield Fact(name, label(FIELDS, name), values, "figure" if name in _FIGURES else "text")


def _places(content: Mapping[str, Any]) -> Iterator[Fact]:
    place = content.get("position")
    if place:
        yield Fact("position", label(FIELDS, "position"), (place,), "position")
        for name in ("accuracy_m", "precision_m"):
            if place.get(name) is not None:
                yield Fact(name, label(FIELDS, name), (place[name],), "figure")
        if place.get("method"):
            yield Fact("method", label(FIELDS, "method"), (place["method"],))
    if content.get("entrance"):
        yield Fact("entrance", label(FIELDS, "entrance"), (content["entrance"],), "position")
    corners = tuple({"lat_e7": lat, "lon_e7": lon} for lat, lon in content.get("footprint") or ())
    if corners:
        yield Fact("footprint", label(FIELDS, "footprint"), corners, "position")


def _waypoints(stops: Sequence[Mapping[str, Any]]) -> Iterator[Fact]:
    for number, stop in enumerate(stops, start=1):
        heading = _("Point %(number)d of the route") % {"number": number}
        if stop.get("name"):
            yield Fact(f"waypoint-{number}-name", heading, (stop["name"],))
        yield Fact(f"waypoint-{number}", heading, (stop,), "position")
        if stop.get("at"):
            yield Fact(f"waypoint-{number}-at", heading, (stop["at"],), "moment")


def differences(before: Iterable[Fact], after: Iterable[Fact]) -> list[Difference]:
    """Return the facts that differ, in the order of the later version."""
    old = {fact.name: fact for fact in before}
    new = {fact.name: fact for fact in after}
    names = [*new, *(name for name in old if name not in new)]
    return [
        Difference((new.get(name) or old[name]).label, old.get(name), new.get(name))
        for name in names
        if _values(old.get(name)) != _values(new.get(name))
    ]


def _values(fact: Fact | None) -> tuple[Any, ...]:
    """Return what is compared: of a place where it is, not how it was written."""
    if fact is None:
        return ()
    if fact.form == "position":
        return tuple((place["lat_e7"], place["lon_e7"]) for place in fact.values)
    return fact.values


def features_of(content: Mapping[str, Any], title: str, **words: Any) -> list[Feature]:
    """Return a version's places for the map; `words` are the further fields of a feature."""
    found = []
    place = content.get("position")
    if place:
        found.append(point(place, title, accuracy_m=place.get("accuracy_m"), **words))
    corners = [Position(lat, lon) for lat, lon in content.get("footprint") or ()]
    if len(corners) >= _FEWEST_CORNERS:
        found.append(area([*corners, corners[0]], title, **words))
    found += [
        point(stop, stop.get("name") or title, **words) for stop in content.get("waypoints", ())
    ]
    if len(content.get("waypoints", ())) > 1:
        found.append(route(content["waypoints"], title, **words))
    return found
