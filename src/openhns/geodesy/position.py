"""A position as the record keeps it: integers of 1e-7 degree on WGS84."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from math import isfinite
from typing import Final, Self

E7: Final = 10_000_000
"""Units in a degree; one unit is about 1.1 cm along a meridian."""

LAT_LIMIT_E7: Final = 90 * E7
LON_LIMIT_E7: Final = 180 * E7


class PositionError(ValueError):
    """A position that cannot be read, or lies outside the globe.

    `code` is one of `empty`, `not_a_number`, `not_finite`, `out_of_range`, `unreadable`,
    `ambiguous`. The message never repeats the text that was given, so it may be logged.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Latitude and longitude in units of 1e-7 degree, WGS84.

    Raises PositionError with code `out_of_range` beyond 90 and 180 degrees, and with
    `not_a_number` where a field is no integer: a float here would be in degrees by mistake.
    """

    lat_e7: int
    lon_e7: int

    def __post_init__(self) -> None:
        if type(self.lat_e7) is not int or type(self.lon_e7) is not int:
            raise PositionError("not_a_number", "a position is made of two integers of 1e-7 degree")
        if abs(self.lat_e7) > LAT_LIMIT_E7:
            raise PositionError("out_of_range", "the latitude lies beyond 90 degrees")
        if abs(self.lon_e7) > LON_LIMIT_E7:
            raise PositionError("out_of_range", "the longitude lies beyond 180 degrees")

    @property
    def lat(self) -> float:
        return self.lat_e7 / E7

    @property
    def lon(self) -> float:
        return self.lon_e7 / E7

    @classmethod
    def from_degrees(cls, lat: float | Fraction, lon: float | Fraction) -> Self:
        """Round degrees to the nearest 1e-7, halves to even.

        Raises PositionError with code `not_finite` or `out_of_range`. The range is judged before
        rounding.
        """
        return cls(_units(lat, 90, "latitude"), _units(lon, 180, "longitude"))


def _units(degrees: float | Fraction, limit: int, axis: str) -> int:
    if isinstance(degrees, Fraction):
        if abs(degrees) > limit:
            raise _beyond(limit, axis)
        return round(degrees * E7)
    if not isfinite(degrees):
        raise PositionError("not_finite", f"the {axis} is no finite number")
    # The shortest decimal that gives a float is what was written, so it is what is rounded. It has
    # 17 digits at most, so that moving the point loses none.
    exact = Decimal(repr(float(degrees)))
    if abs(exact) > limit:
        raise _beyond(limit, axis)
    return int(exact.scaleb(7).to_integral_value(ROUND_HALF_EVEN))


def _beyond(limit: int, axis: str) -> PositionError:
    return PositionError("out_of_range", f"the {axis} lies beyond {limit} degrees")
