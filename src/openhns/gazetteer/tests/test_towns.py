from openhns.gazetteer.towns import nearest_town
from openhns.geodesy.position import Position


def test_the_nearest_town_is_named_with_its_distance() -> None:
    town, metres = nearest_town(Position.from_degrees(16.28, -0.05))
    assert (town.name, town.iso2) == ("Gao", "ML")
    assert metres < 2_000


def test_a_town_across_the_antimeridian_is_near() -> None:
    _, metres = nearest_town(Position.from_degrees(-16.8, -179.99))
    assert metres < 100_000
