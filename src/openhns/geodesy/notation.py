"""Positions as people write them: decimal degrees, degrees and minutes, seconds, grid references.

Rule of the house: what can be read in two ways is refused as `ambiguous`, never guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import product
from math import isfinite
from typing import Final, Literal

from openhns.geodesy._angles import Angle, Axis, Token, read_angle, tokens
from openhns.geodesy._characters import plain
from openhns.geodesy._grid import looks_like_grid, read_grid
from openhns.geodesy.position import E7, Position, PositionError

Notation = Literal["decimal", "dm", "dms", "mgrs"]
Cell = str | float | None
"""What a sheet's cell may hold: a text, a number, nothing."""

_NOTATIONS: Final[tuple[Notation, ...]] = ("decimal", "dm", "dms")
_UNIT_M: Final = (111_320.0, 111_320.0 / 60, 111_320.0 / 3600)
"""Metres along a meridian in a degree, a minute and a second, to the accuracy that matters here."""

_FINEST_M: Final = _UNIT_M[0] / E7
_MOST_COMMAS: Final = 4
_NOT_FINITE: Final = frozenset({"nan", "inf", "infinity"})
_LARGEST_NUMBER: Final = 1000.0
_PLAIN: Final = re.compile(r"\s*([+-]?[0-9]{1,3}(?:\.([0-9]{1,18}))?)\s*", re.ASCII)
_LIMITS: Final = (90, 180)


@dataclass(frozen=True, slots=True)
class Reading:
    """A position and what its notation tells.

    `decimals` counts the digits after the point of the more precise axis, for decimal degrees
    only: spreadsheets drop trailing zeros, so the shorter axis says nothing. `precision_m` is the
    size of the last written digit (or the side of the grid square) in metres along a meridian;
    it is what the writing implies, not how well anybody measured.
    """

    position: Position
    notation: Notation
    decimals: int | None
    precision_m: float


def read_position(given: Cell | tuple[Cell, Cell]) -> Reading:
    """Read one text holding a whole position, or a pair of cells (latitude, longitude).

    A pair is decimal degrees (dot or comma), degrees and minutes, or degrees, minutes and
    seconds, with signs or hemispheres. One text is the same twice, or a grid reference; without
    hemispheres or labels the latitude comes first. Raises PositionError and nothing else:
    `empty`, `not_a_number` (no digit at all), `not_finite`, `out_of_range`, `unreadable`,
    `ambiguous`.
    """
    if isinstance(given, tuple):
        quick = _plain_pair(*given)
        if quick is not None:
            return quick
        lat_text, lon_text = (_text(cell) for cell in given)
        return _reading(_axis_angle(lat_text, "lat"), _axis_angle(lon_text, "lon"))
    text = _text(given)
    if looks_like_grid(text):
        position, precision_m = read_grid(text)
        return Reading(position, "mgrs", None, precision_m)
    return _read_both(text)


def possible_readings(text: str) -> list[Reading]:
    """Return every position that one text can mean, where `read_position` calls it ambiguous.

    For showing them to whoever wrote the text, who alone knows. Empty where there is no reading,
    and for the other faults; raises nothing.
    """
    try:
        return list(_readings(_text(text))[0].values())
    except PositionError:
        return []


def _plain_pair(lat: object, lon: object) -> Reading | None:
    """Read two plain decimals, as nearly all registers have them, at a tenth of the cost."""
    found = [_PLAIN.fullmatch(cell) if isinstance(cell, str) else None for cell in (lat, lon)]
    if found[0] is None or found[1] is None:
        return None
    degrees = Decimal(found[0][1]), Decimal(found[1][1])
    if abs(degrees[0]) > _LIMITS[0] or abs(degrees[1]) > _LIMITS[1]:
        return None  # The long way says what is wrong.
    decimals = max(len(match[2] or "") for match in found if match)
    units = [int((each * E7).to_integral_value(ROUND_HALF_EVEN)) for each in degrees]
    precision_m = max(_FINEST_M, _UNIT_M[0] / 10.0**decimals)
    return Reading(Position(units[0], units[1]), "decimal", decimals, precision_m)


def _text(cell: object) -> str:
    """Spell a cell plainly. Raises PositionError where it holds no number at all."""
    if cell is None:
        raise PositionError("empty", "the position is empty")
    text = plain(_number_text(cell) if not isinstance(cell, str) else cell)
    if not text:
        raise PositionError("empty", "the position is empty")
    if text.lstrip("+-").lower() in _NOT_FINITE:
        raise PositionError("not_finite", "the position is no finite number")
    if not any(character in "0123456789" for character in text):
        raise PositionError("not_a_number", "the position holds no number")
    return text


def _number_text(cell: object) -> str:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise PositionError("not_a_number", "the position is neither a text nor a number")
    if isinstance(cell, float) and not isfinite(cell):
        raise PositionError("not_finite", "the position is no finite number")
    if abs(cell) > _LARGEST_NUMBER:
        raise PositionError("out_of_range", "the number lies beyond 180 degrees")
    return format(Decimal(repr(float(cell))), "f") if isinstance(cell, float) else str(cell)


def _axis_angle(text: str, axis: Axis) -> Angle:
    """Read one column's cell, in which a comma can only be the decimal sign."""
    angle = read_angle(tokens(_with_commas(text, "." * len(_tight_commas(text)))))
    if angle.axis not in (None, axis):
        raise PositionError("ambiguous", "the hemisphere belongs to the other column")
    return angle


def _reading(lat: Angle, lon: Angle) -> Reading:
    position = Position.from_degrees(lat.degrees, lon.degrees)
    finer = max(lat, lon, key=lambda angle: (angle.parts, angle.decimals))
    precision_m = max(_FINEST_M, _UNIT_M[finer.parts - 1] / 10.0**finer.decimals)
    decimals = finer.decimals if finer.parts == 1 else None
    return Reading(position, _NOTATIONS[finer.parts - 1], decimals, precision_m)


def _tight_commas(text: str) -> list[int]:
    """Return where a comma stands between two digits: a decimal sign, or the pair's border."""
    inside = range(1, len(text) - 1)
    return [i for i in inside if text[i] == "," and text[i - 1].isdigit() and text[i + 1].isdigit()]


def _with_commas(text: str, signs: str) -> str:
    characters = list(text)
    for index, sign in zip(_tight_commas(text), signs, strict=True):
        characters[index] = sign
    return "".join(characters)


def _readings(text: str) -> tuple[dict[Position, Reading], dict[str, PositionError]]:
    """Try every way to cut the text in two; return what it gives, and what went wrong."""
    readings: dict[Position, Reading] = {}
    errors: dict[str, PositionError] = {}
    for first, second in _cuts(text):
        try:
            found = _reading(*_pair(first, second))
        except PositionError as error:
            errors.setdefault(error.code, error)
        else:
            readings.setdefault(found.position, found)
    return readings, errors


def _read_both(text: str) -> Reading:
    """Read a text of which exactly one way to cut it in two may give a position."""
    readings, errors = _readings(text)
    if len(readings) == 1 and not _is_one_angle(text):
        return next(iter(readings.values()))
    if readings:
        raise PositionError("ambiguous", "this text can be read as more than one position")
    for code in ("ambiguous", "out_of_range"):
        if code in errors:
            raise errors[code]
    raise PositionError("unreadable", "this is no latitude and longitude in a known notation")


def _cuts(text: str) -> Iterator[tuple[list[Token], list[Token]]]:
    commas = len(_tight_commas(text))
    if commas > _MOST_COMMAS:
        raise PositionError("unreadable", "more commas than two coordinates can have")
    for signs in product(".;", repeat=commas):
        try:
            found = tokens(_with_commas(text, "".join(signs)))
        except PositionError:
            continue  # These commas cannot be read so; another choice may.
        borders = [index for index, token in enumerate(found) if token.kind == "apart"]
        if len(borders) == 1:
            yield found[: borders[0]], found[borders[0] + 1 :]
        elif not borders:
            yield from ((found[:cut], found[cut:]) for cut in range(1, len(found)))


def _pair(first: list[Token], second: list[Token]) -> tuple[Angle, Angle]:
    """Return the two angles as latitude and longitude."""
    one, two = read_angle(first), read_angle(second)
    if one.marked != two.marked or (not one.marked and one.parts != two.parts):
        raise PositionError("unreadable", "the two coordinates are written in different ways")
    if one.axis == two.axis and one.axis is not None:
        raise PositionError("unreadable", "both coordinates are on the same axis")
    return (two, one) if one.axis == "lon" or two.axis == "lat" else (one, two)


def _is_one_angle(text: str) -> bool:
    try:
        read_angle(tokens(_with_commas(text, "." * len(_tight_commas(text)))))
    except PositionError as error:
        return error.code == "ambiguous"
    return True
