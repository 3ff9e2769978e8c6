"""What a form for an amendment starts with: the facts as they stand, as one would type them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from openhns.geodesy.position import Position
from openhns.registry.facts import facts_of
from openhns.registry.models import Listing, Version
from openhns.registry.pages.submission_forms import MORE_ROWS
from openhns.registry.stops import STOP

_FINEST: Final = 7


def former_data(kind: Listing.Kind, content: Mapping[str, Any], version: Version) -> dict[str, Any]:
    """Return the form's data by field; `position_now` is a site's place, which no field holds.

    A site's position is left empty in the form: what is not typed anew stays as it was measured.
    """
    facts = {name: _text(value) for name, value in facts_of(kind, content).items()}
    if kind == Listing.Kind.MOVEMENT:
        return facts | _movement(content)
    place = content["position"]
    return facts | {
        "position_now": place,
        "entrance": _written(content.get("entrance")),
        "footprint": "\n".join(
            _written({"lat_e7": lat, "lon_e7": lon}) for lat, lon in content.get("footprint", ())
        ),
        "valid_from": version.valid_from.date().isoformat(),
        "valid_until": version.valid_until.date().isoformat() if version.valid_until else "",
    }


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(item for item in value if isinstance(item, str))
    return str(value)


def _written(place: Mapping[str, Any] | None) -> str:
    """Return a position with as many decimals as it was given with."""
    if not place:
        return ""
    at = Position(place["lat_e7"], place["lon_e7"])
    decimals = max(1, min(place.get("decimals", _FINEST), _FINEST))
    return f"{at.lat:.{decimals}f}, {at.lon:.{decimals}f}"


def _movement(content: Mapping[str, Any]) -> dict[str, Any]:
    points = content["waypoints"]
    first, *stops, last = points
    return {
        "zone": "+00:00",
        "origin_position": _written(first),
        "destination_position": _written(last),
        "departure": _local(first.get("at")),
        "arrival": _local(last.get("at")),
        "rows": len(stops) + MORE_ROWS,
        **_stops(stops),
    }


def _stops(stops: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    found = {}
    for number, stop in enumerate(stops, start=1):
        found[f"{STOP}{number}_name"] = stop.get("name", "")
        found[f"{STOP}{number}_position"] = _written(stop)
        found[f"{STOP}{number}_at"] = _local(stop.get("at"))
    return found


def _local(moment: str | None) -> str:
    if not moment:
        return ""
    utc = datetime.fromisoformat(moment).astimezone(UTC)
    return utc.replace(tzinfo=None).isoformat(timespec="minutes" if not utc.second else "seconds")
