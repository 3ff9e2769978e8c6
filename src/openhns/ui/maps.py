"""What a page shows on a map: features, how many there are, and the same as a list of words.

    here = Map("sites", _("My sites"), [point(position, name, url=...)], countries=["MLI"])
    {% include "ui/map.html" with map=here %}

Positions never stand in an address: they go into the page as JSON, or come from `source`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from openhns.geodesy.cells import cell_centre, cell_outline
from openhns.geodesy.position import Position

__all__ = ["Feature", "Map", "area", "cell", "point", "route"]

Place = Position | Mapping[str, int]
Text = str | Promise
_HALF_TURN: Final = 180


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on a map: its GeoJSON geometry, and its words.

    `text` is a second line, `tone` one of good, warn, bad, `url` what a press on the title opens.
    `accuracy_m` draws a circle of so many metres around a point. `counts_as` is how many things
    the feature stands for, such as the sites in one cell.
    """

    geometry: dict[str, Any]
    title: Text
    text: Text = ""
    url: str = ""
    tone: str = ""
    accuracy_m: float | None = None
    counts_as: int = 1
    anchor: Position | None = None

    @property
    def properties(self) -> dict[str, Any]:
        return {
            "title": str(self.title),
            "text": str(self.text),
            "url": self.url,
            "tone": self.tone,
            "accuracy_m": self.accuracy_m,
            "counts_as": self.counts_as,
            "anchor": _pair(self.anchor) if self.anchor else None,
        }

    @property
    def position(self) -> dict[str, int] | None:
        """The position of a point, for the list of words; an area and a route have none."""
        if self.geometry["type"] != "Point" or self.anchor is None:
            return None
        return {"lat_e7": self.anchor.lat_e7, "lon_e7": self.anchor.lon_e7}


def point(position: Place, title: Text, **words: Any) -> Feature:
    """Return a point; `words` are the further fields of Feature."""
    at = _position(position)
    return Feature({"type": "Point", "coordinates": _pair(at)}, title, anchor=at, **words)


def cell(index: str, title: Text, **words: Any) -> Feature:
    """Return the outline of a cell of the vicinity grade. Raises CellError."""
    return area(cell_outline(index), title, anchor=cell_centre(index), **words)


def area(ring: Iterable[Place], title: Text, **words: Any) -> Feature:
    """Return an area within a closed ring, such as a footprint."""
    positions = [_position(each) for each in ring]
    words.setdefault("anchor", positions[0])
    outline = {"type": "Polygon", "coordinates": [_unbroken(positions)]}
    return Feature(outline, title, **words)


def route(line: Iterable[Place], title: Text, **words: Any) -> Feature:
    """Return a route; its words are shown where it begins."""
    positions = [_position(each) for each in line]
    way = {"type": "LineString", "coordinates": _unbroken(positions)}
    return Feature(way, title, anchor=positions[0], **words)


@dataclass(frozen=True, slots=True)
class Map:
    """A map as `ui/map.html` draws it.

    `total` says how many features there are where only some are given. `source` is an address of
    ours that answers with a GeoJSON FeatureCollection of the same form. `pick` names the inputs
    that a picked position fills: one for "latitude, longitude", or one for each. The towns of
    `countries` (ISO 3166-1 alpha-3) are named on the map.
    """

    identifier: str
    label: Text
    features: Sequence[Feature] = ()
    total: int | None = None
    countries: Sequence[str] = ()
    source: str = ""
    pick: tuple[str, ...] = ()

    @property
    def shown(self) -> int:
        return sum(feature.counts_as for feature in self.features)

    @property
    def partial(self) -> bool:
        return self.total is not None and self.total > self.shown

    @property
    def data_id(self) -> str:
        return f"{self.identifier}-features"

    @property
    def words_id(self) -> str:
        return f"{self.identifier}-words"

    @property
    def words(self) -> dict[str, str]:
        return _words()

    @property
    def collection(self) -> dict[str, Any]:
        return collection(self.features, self.total)


def collection(features: Sequence[Feature], total: int | None = None) -> dict[str, Any]:
    """Return a GeoJSON FeatureCollection (RFC 7946) with its counts beside it."""
    shown = sum(feature.counts_as for feature in features)
    return {
        "type": "FeatureCollection",
        "shown": shown,
        "total": shown if total is None else total,
        "features": [
            {"type": "Feature", "geometry": each.geometry, "properties": each.properties}
            for each in features
        ],
    }


def _position(place: Place) -> Position:
    if isinstance(place, Position):
        return place
    return Position(place["lat_e7"], place["lon_e7"])


def _pair(position: Position) -> list[float]:
    return [position.lon, position.lat]


def _unbroken(positions: Sequence[Position]) -> list[list[float]]:
    """Return pairs in which no step crosses the antimeridian: the line goes on beyond 180."""
    pairs = [_pair(each) for each in positions]
    turn = 0
    shifted = pairs[:1]
    for (before, _lat), (lon, lat) in pairwise(pairs):
        if abs(lon - before) > _HALF_TURN:
            turn += 2 * _HALF_TURN if lon < before else -2 * _HALF_TURN
        shifted.append([lon + turn, lat])
    return shifted


def _words() -> dict[str, str]:
    """Return what the map itself says, in the language of the page."""
    return {
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "everything": _("Show everything"),
        "loading": _("The map is being loaded."),
        "no_webgl": _("This browser cannot draw maps. What the map shows stands in the list."),
        "failed": _("The map could not be loaded. What it shows stands in the list."),
        "together": _("%(count)s together"),
        "here": _("%(count)s in this place"),
        "close": _("Close"),
        "position": _("Position"),
        "accuracy": _("Accurate to %(metres)s m"),
        "showing": _("Showing %(shown)s of %(total)s."),
        "taken": _("Position taken: %(position)s"),
        "scroll": _("Press Ctrl and scroll to zoom the map"),
        "scroll_mac": _("Press ⌘ and scroll to zoom the map"),
        "fingers": _("Move the map with two fingers"),
        "metres": _("m"),
        "kilometres": _("km"),
    }
