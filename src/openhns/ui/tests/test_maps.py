"""What a map shows stands in the page as words too, and its counts are honest."""

import json
import re

from django.template.loader import render_to_string

from openhns.geodesy.cells import vicinity_cell
from openhns.geodesy.position import Position
from openhns.ui.maps import Map, area, cell, collection, point, route

HERE = Position(143_000_000, -41_000_000)
NAME = "</script><img src=x>"


def _page(shown: Map) -> str:
    return render_to_string("ui/map.html", {"map": shown})


def _json(page: str, identifier: str) -> object:
    found = re.search(rf'<script id="{identifier}" type="application/json">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])


def test_what_the_map_shows_stands_beside_it_as_a_list() -> None:
    page = _page(Map("here", "My sites", [point(HERE, NAME, url="/there/", text="Shelter")]))
    assert '<a href="/there/" dir="auto">&lt;/script&gt;&lt;img src=x&gt;</a>' in page
    assert '<bdi dir="ltr" class="ltr">14.3, -4.1</bdi>' in page
    assert "The same as a list: 1 entry" in page
    assert "<img" not in page


def test_the_features_are_geojson_in_the_page_and_in_no_address() -> None:
    page = _page(Map("here", "My sites", [point(HERE, NAME, accuracy_m=30.0)]))
    read = _json(page, "here-features")
    assert read == collection([point(HERE, NAME, accuracy_m=30.0)])
    assert isinstance(read, dict)
    assert read["features"][0]["geometry"] == {"type": "Point", "coordinates": [-4.1, 14.3]}
    assert read["features"][0]["properties"]["title"] == NAME


def test_a_map_of_a_part_says_how_many_there_are() -> None:
    page = _page(Map("here", "My sites", [point(HERE, "A"), point(HERE, "B")], total=17))
    assert "Showing 2 of 17." in page
    assert "Showing 1" not in _page(Map("here", "My sites", [point(HERE, "A")], total=1))


def test_a_cell_counts_as_the_things_in_it() -> None:
    hexagon = cell(vicinity_cell(HERE), "Medical", counts_as=3)
    read = collection([hexagon, point(HERE, "A")], total=9)
    assert (read["shown"], read["total"]) == (4, 9)
    ring = read["features"][0]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert len(ring) > 6


def test_lines_go_on_across_the_antimeridian() -> None:
    east, west = Position(0, 1_799_000_000), Position(0, -1_799_000_000)
    assert route([east, west, east], "R").geometry["coordinates"] == [
        [179.9, 0.0],
        [180.1, 0.0],
        [179.9, 0.0],
    ]
    assert area([west, east, west], "A").geometry["coordinates"][0][1] == [-180.1, 0.0]


def test_a_map_that_picks_names_the_inputs_that_it_fills() -> None:
    assert 'data-pick="id_position"' in _page(Map("here", "Where", pick=("id_position",)))
    page = _page(Map("here", "Where", pick=("id_lat", "id_lon"), countries=["MLI", "NER"]))
    assert 'data-pick-lat="id_lat" data-pick-lon="id_lon"' in page
    assert 'data-countries="MLI NER"' in page
