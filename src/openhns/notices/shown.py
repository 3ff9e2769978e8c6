"""What a notice tells, as screens show it: the facts of its content, and its places on a map."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from openhns.geodesy.position import Position
from openhns.notices.grades import disclose
from openhns.notices.presence import district_of
from openhns.registry.models.consent import Grade
from openhns.registry.shown import Fact, features_of, shown_facts
from openhns.registry.words import CATEGORIES, FIELDS, label
from openhns.ui.maps import Feature, area

Json = Mapping[str, Any]
_DISTRICT: Final = ("country", "admin1")


def told_facts(content: Json) -> list[Fact]:
    """Return what the content of a notice says, whatever its grade."""
    if "district" in content:
        band = Fact("band", _("How many"), (content.get("band"),), "figure")
        return [*_district(content["district"]), *([band] if content.get("band") else [])]
    if "cell" in content:
        return [*_category(content), *_cell(content)]
    if "cells" in content:
        return [*_category(content), *(fact for item in content["cells"] for fact in _cell(item))]
    return shown_facts(content)


def _category(content: Json) -> Iterator[Fact]:
    shown = label(CATEGORIES, content["category"])
    yield Fact("category", label(FIELDS, "category"), (shown,))


def _cell(cell: Json) -> Iterator[Fact]:
    yield Fact("centre", _("Middle of the area"), (cell["centre"],), "position")
    reach = _("up to %(metres)s m from the middle") % {"metres": cell["reach_m"]}
    yield Fact("reach_m", _("The place lies"), (reach,))
    yield Fact("cell", _("Identifier of the area (H3)"), (cell["cell"],), "figure")


def _district(district: Json) -> Iterator[Fact]:
    for name in _DISTRICT:
        if district.get(name):
            yield Fact(name, label(FIELDS, name), (district[name],))


def told_features(content: Json, title: str, **words: Any) -> list[Feature]:
    """Return the places that a notice tells: points, routes, areas; none of a district."""
    cells = content.get("cells") or ([content] if "cell" in content else [])
    if cells:
        return [_area(cell, title, **words) for cell in cells]
    return features_of(content, title, **words)


def _area(cell: Json, title: str, **words: Any) -> Feature:
    ring = [{"lat_e7": lat, "lon_e7": lon} for lat, lon in cell["outline"]]
    centre = Position(cell["centre"]["lat_e7"], cell["centre"]["lon_e7"])
    return area(ring, title, anchor=centre, **words)


def would_tell(content: Json, kind: str, grade: str) -> dict[str, Any]:
    """Return what a party would be told of a version at a grade, as a notice's content.

    At the presence grade that is the district alone; how many are counted there is not known
    from one version.
    """
    if grade == Grade.PRESENCE:
        return {"district": district_of(content, kind).as_told()}
    return disclose(content, kind, grade)
