import numpy as np

from openhns.geodesy.distance import distances_m, ellipsoid
from openhns.geodesy.nearby import FARTHEST_M, HIGHEST_LATITUDE, near_distances_m


def test_short_distances_agree_with_the_geodesic_to_a_millimetre() -> None:
    dice, n = np.random.default_rng(3), 20_000
    lats = dice.uniform(-HIGHEST_LATITUDE, HIGHEST_LATITUDE, n)
    lons = dice.uniform(-180, 180, n)
    other_lons, other_lats, _ = ellipsoid().fwd(
        lons, lats, dice.uniform(0, 360, n), dice.uniform(0, FARTHEST_M, n)
    )
    short = near_distances_m(lats, lons, other_lats, other_lons)
    assert np.abs(short - distances_m(lats, lons, other_lats, other_lons)).max() < 0.001


def test_a_full_turn_of_longitude_makes_no_difference() -> None:
    one = near_distances_m(*(np.array([value]) for value in (10.0, 179.999, 10.0, -179.999)))
    other = near_distances_m(*(np.array([value]) for value in (10.0, -0.001, 10.0, 0.001)))
    assert abs(one[0] - other[0]) < 1e-6
