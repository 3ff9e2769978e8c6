"""A draft in which some facts replace those of the version before."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from openhns.registry.drafts import DRAFT_OF, Draft, Facts
from openhns.registry.facts import facts_of, places_of, position_facts, reading_of
from openhns.registry.models import Listing
from openhns.registry.spots import Spot, kept_spot


def amended_draft(kind: Listing.Kind, content: Mapping[str, Any], changes: Facts) -> Draft:
    """Return the draft of an amendment.

    A position that is not changed stays exactly as it was kept, its notation and decimals too.
    """
    former = facts_of(kind, content)
    places = {
        name: place
        for name, place in places_of(kind, content).items()
        if not any(fact in changes for fact in position_facts(name))
    }
    stand_ins = {
        name: [place["lat_e7"] / 1e7, place["lon_e7"] / 1e7]
        for name, place in places.items()
        if position_facts(name) != ("stops",)
    }
    draft = DRAFT_OF[kind](former | stand_ins | dict(changes))
    spots = tuple(_former(spot, places) for spot in draft.spots)
    return replace(draft, spots=spots, content=_with_places(kind, draft, places))


def _former(spot: Spot, places: Mapping[str, Mapping[str, Any]]) -> Spot:
    return kept_spot(spot.field, reading_of(places[spot.field])) if spot.field in places else spot


def _with_places(
    kind: Listing.Kind, draft: Draft, places: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    content = dict(draft.content)
    if kind == Listing.Kind.SITE:
        kept = places.get("position", {})
        own = {name: kept[name] for name in ("notation", "decimals", "precision_m") if name in kept}
        if kept:
            position = {k: v for k, v in content["position"].items() if k != "decimals"}
            content["position"] = position | own
        return content
    points = [dict(point) for point in content["waypoints"]]
    for at, spot in enumerate(draft.spots):
        if spot.field in places and at < len(points):
            kept = places[spot.field]
            points[at].pop("decimals", None)
            points[at] |= {k: kept[k] for k in ("notation", "decimals", "precision_m") if k in kept}
    return content | {"waypoints": points}
