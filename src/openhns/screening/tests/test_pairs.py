import numpy as np
import pytest

from openhns.geodesy.distance import distances_m
from openhns.screening.pairs import Pairs, Points, near_pairs


def spread(
    dice: np.random.Generator, n: int, lat: tuple[float, float], lon: tuple[float, float]
) -> Points:
    accuracy = dice.choice([0.0, np.nan, 30.0, 900.0, 6000.0], n, p=[0.4, 0.2, 0.2, 0.15, 0.05])
    lons = (dice.uniform(*lon, n) + 180) % 360 - 180
    return Points(dice.uniform(*lat, n), lons, accuracy)


def all_of(found: list[Pairs]) -> set[tuple[int, int]]:
    pairs = [pair for each in found for pair in zip(each.event, each.site, strict=True)]
    assert len(pairs) == len(set(pairs))
    return {(int(event), int(site)) for event, site in pairs}


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ((12.4, 12.8), (-8.2, -7.8)),
        ((-17.2, -16.8), (179.8, 180.2)),
        ((79.7, 80.4), (-2.0, 2.0)),
        ((89.7, 90.0), (-180.0, 180.0)),
        ((-90.0, -89.9), (-180.0, 180.0)),
        ((-0.2, 0.2), (-0.2, 0.2)),
    ],
)
@pytest.mark.parametrize("buffer_m", [0.0, 100.0, 1000.0, 10_000.0])
def test_all_pairs_are_found_and_no_other(
    lat: tuple[float, float], lon: tuple[float, float], buffer_m: float
) -> None:
    dice = np.random.default_rng(11)
    events, sites = spread(dice, 300, lat, lon), spread(dice, 200, lat, lon)
    metres = distances_m(
        events.lats[:, None], events.lons[:, None], sites.lats[None, :], sites.lons[None, :]
    )
    limit = buffer_m + np.nan_to_num(events.accuracy_m)[:, None] + np.nan_to_num(sites.accuracy_m)
    expected = {(int(i), int(j)) for i, j in zip(*np.nonzero(metres <= limit), strict=True)}
    found = list(near_pairs(events, sites, buffer_m))
    assert all_of(found) == expected
    for pairs in found:
        assert np.abs(pairs.distance_m - metres[pairs.event, pairs.site]).max(initial=0) < 0.001


def test_the_answer_does_not_depend_on_the_number_of_threads() -> None:
    dice = np.random.default_rng(5)
    events, sites = spread(dice, 40_000, (12, 13), (-8, -7)), spread(dice, 2000, (12, 13), (-8, -7))
    one, two = (list(near_pairs(events, sites, 500.0, threads=n)) for n in (1, 2))
    assert [pairs.event.tolist() for pairs in one] == [pairs.event.tolist() for pairs in two]
    assert all(
        (np.diff(pairs.event) > 0).any() and (np.diff(pairs.event) >= 0).all() for pairs in one
    )


def test_nothing_is_near_nothing() -> None:
    none = Points(np.empty(0), np.empty(0), np.empty(0))
    some = Points(np.array([1.0]), np.array([1.0]), np.array([0.0]))
    assert all_of(list(near_pairs(none, some, 10.0))) == set()
    assert all_of(list(near_pairs(some, none, 10.0))) == set()
