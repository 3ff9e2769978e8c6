"""Distance along the WGS84 ellipsoid (Karney's geodesics, by way of pyproj)."""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Geod

from openhns.geodesy.position import Position

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@cache
def ellipsoid() -> Geod:
    """WGS84, made once."""
    return Geod(ellps="WGS84")


def distance_m(a: Position, b: Position) -> float:
    """Metres between two positions along the ellipsoid."""
    return float(ellipsoid().inv(a.lon, a.lat, b.lon, b.lat)[2])


def distances_m(
    lats_a: "ArrayLike", lons_a: "ArrayLike", lats_b: "ArrayLike", lons_b: "ArrayLike"
) -> "NDArray[np.float64]":
    """Metres between pairs of points, all four arrays in degrees and of one shape (n,).

    Scalars and shapes that numpy broadcasts are accepted. NaN in gives NaN out.
    """
    broadcast = np.broadcast_arrays(
        *(np.asarray(values, dtype=np.float64) for values in (lons_a, lats_a, lons_b, lats_b))
    )
    lons_a, lats_a, lons_b, lats_b = (np.ascontiguousarray(values) for values in broadcast)
    metres: NDArray[np.float64] = ellipsoid().inv(lons_a, lats_a, lons_b, lats_b)[2]
    return np.asarray(metres)


def position_towards(start: Position, bearing_deg: float, metres: float) -> Position:
    """Return the position reached from `start` on a bearing (degrees from north) after `metres`."""
    lon, lat, _ = ellipsoid().fwd(start.lon, start.lat, bearing_deg, metres)
    return Position.from_degrees(float(lat), float(lon))
