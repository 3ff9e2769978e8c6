"""The names of the facts of a submission in JSON, and facts made again from what is kept."""

from collections.abc import Mapping
from typing import Any, Final

from openhns.formats.movement_fields import MOVEMENT_FIELDS
from openhns.formats.site_fields import SITE_FIELDS
from openhns.geodesy.notation import Reading
from openhns.geodesy.position import Position
from openhns.registry.errors import FactsInvalid
from openhns.registry.models import Listing
from openhns.registry.stops import STOP

_MORE: Final = {
    Listing.Kind.SITE: ("aliases", "category", "entrance", "footprint", "urgent"),
    Listing.Kind.MOVEMENT: ("stops", "urgent"),
}
_FIELDS: Final = {Listing.Kind.SITE: SITE_FIELDS, Listing.Kind.MOVEMENT: MOVEMENT_FIELDS}
_MOST_ITEMS: Final = 200
POSITION_NAMES: Final[Mapping[str, tuple[str, str, str]]] = {
    "position": ("position", "latitude", "longitude"),
    "origin_position": ("origin_position", "origin_latitude", "origin_longitude"),
    "destination_position": (
        "destination_position",
        "destination_latitude",
        "destination_longitude",
    ),
}
"""The facts that give a position: the whole in one, or latitude and longitude."""


def position_facts(spot: str) -> tuple[str, ...]:
    """Return the facts by which a spot is given, by the name of its field."""
    return ("stops",) if spot.startswith(STOP) else POSITION_NAMES[spot]


def fact_names(kind: Listing.Kind) -> tuple[str, ...]:
    return (*(field.name for field in _FIELDS[kind]), *_MORE[kind])


def require_known_facts(facts: Mapping[str, Any], kind: Listing.Kind) -> None:
    """Raise FactsInvalid for a fact that nothing reads, or a value that is no text or number."""
    known = fact_names(kind)
    unknown = sum(name not in known for name in facts)
    if unknown:
        raise FactsInvalid(
            f"The submission has {unknown} members that are no facts of a {kind}. The facts are: "
            f"{', '.join(known)}."
        )
    for name, value in facts.items():
        if not _is_plain(value):
            raise FactsInvalid(f"The fact {name} is neither a text, a number nor a list of them.")


def _is_plain(value: Any, depth: int = 2) -> bool:
    if isinstance(value, list):
        return (
            depth > 0 and len(value) <= _MOST_ITEMS and all(_is_plain(v, depth - 1) for v in value)
        )
    return value is None or isinstance(value, str | int | float | bool)


def facts_of(kind: Listing.Kind, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a version's content as facts, but for its positions, which `reading_of` gives.

    The stops of a movement are given whole.
    """
    facts = {name: content[name] for name in fact_names(kind) if name in content}
    if kind == Listing.Kind.SITE:
        place = content.get("position", {})
        renamed = {
            "identifier": content.get("own_id"),
            "accuracy": place.get("accuracy_m"),
            "position_method": place.get("method"),
            "position": None,
            "footprint": [[lat / 1e7, lon / 1e7] for lat, lon in content.get("footprint", ())],
            "entrance": _pair(content.get("entrance")),
        }
    else:
        first, *stops, last = content["waypoints"]
        renamed = {
            "reference": content.get("name"),
            "origin": first.get("name"),
            "destination": last.get("name"),
            "departure": first.get("at"),
            "arrival": last.get("at"),
            "stops": [[_pair(stop), stop.get("at"), stop.get("name")] for stop in stops] or None,
        }
    return {name: value for name, value in (facts | renamed).items() if value is not None}


def _pair(place: Mapping[str, Any] | None) -> list[float] | None:
    return None if place is None else [place["lat_e7"] / 1e7, place["lon_e7"] / 1e7]


def places_of(kind: Listing.Kind, content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the kept positions by the name of their spot."""
    if kind == Listing.Kind.SITE:
        return {"position": content["position"]}
    points = content["waypoints"]
    stops = (f"{STOP}{number}" for number in range(1, len(points) - 1))
    return dict(zip(("origin_position", *stops, "destination_position"), points, strict=True))


def reading_of(place: Mapping[str, Any]) -> Reading:
    """Return a kept position as it was read when it was submitted."""
    return Reading(
        Position(place["lat_e7"], place["lon_e7"]),
        place["notation"],
        place.get("decimals"),
        float(place["precision_m"]),
    )
