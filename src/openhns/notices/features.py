"""A notice's payload as a feature: a geometry of 1e-7 degree positions, and properties."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from openhns.registry.models import Listing
from openhns.registry.models.consent import Grade

Json = dict[str, Any]
_DRAWN: Final = ("position", "waypoints", "outline", "centre", "cells", "filler")


def feature_of(payload: Mapping[str, Any]) -> Json:
    """Return `geometry`, `properties` and, where the party knows one, the reference as `id`.

    Exact sites are points, routes lines, vicinities polygons; a district has no geometry.
    """
    feature: Json = {"geometry": _geometry(payload), "properties": _properties(payload)}
    reference = payload["subject"]["reference"]
    return feature if reference is None else {"id": reference, **feature}


def _properties(payload: Mapping[str, Any]) -> Json:
    content = payload["content"]
    plain = {key: value for key, value in content.items() if key not in _DRAWN}
    position = {k: v for k, v in content.get("position", {}).items() if not k.endswith("_e7")}
    cells = [cell["cell"] for cell in content.get("cells", ())]
    return {
        "kind": payload["subject"]["kind"],
        "grade": payload["grade"],
        **plain,
        **position,
        **({"cells": cells} if cells else {}),
        "valid_from": payload["valid"]["from"],
        "valid_until": payload["valid"]["until"],
        "verification": payload["verification"]["status"],
        "notice": payload["id"],
        "number": payload["number"],
        "issued": payload["issued"],
    }


def _geometry(payload: Mapping[str, Any]) -> Json | None:
    return _DRAW[payload["grade"], payload["subject"]["kind"]](payload["content"])


def _lon_lat(place: Mapping[str, int]) -> list[int]:
    return [place["lon_e7"], place["lat_e7"]]


def _point(content: Mapping[str, Any]) -> Json:
    return {"type": "Point", "coordinates": _lon_lat(content["position"])}


def _line(content: Mapping[str, Any]) -> Json:
    points = [_lon_lat(point) for point in content["waypoints"]]
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    return {"type": "LineString", "coordinates": points}


def _ring(outline: Sequence[Sequence[int]]) -> list[list[int]]:
    return [[lon, lat] for lat, lon in outline]


def _polygon(content: Mapping[str, Any]) -> Json:
    return {"type": "Polygon", "coordinates": [_ring(content["outline"])]}


def _polygons(content: Mapping[str, Any]) -> Json:
    rings = [[_ring(cell["outline"])] for cell in content["cells"]]
    return {"type": "MultiPolygon", "coordinates": rings}


def _nowhere(_content: Mapping[str, Any]) -> None:
    return None


_SITE, _MOVEMENT = str(Listing.Kind.SITE), str(Listing.Kind.MOVEMENT)
_DRAW: Final[Mapping[tuple[str, str], Callable[[Mapping[str, Any]], Json | None]]] = {
    (Grade.EXACT, _SITE): _point,
    (Grade.EXACT, _MOVEMENT): _line,
    (Grade.VICINITY, _SITE): _polygon,
    (Grade.VICINITY, _MOVEMENT): _polygons,
    (Grade.PRESENCE, _SITE): _nowhere,
    (Grade.PRESENCE, _MOVEMENT): _nowhere,
}
