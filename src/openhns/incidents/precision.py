"""How far from the position that a source states the attack may have been, in metres.

Sources state precision in words of their own. What bounds nothing (a district, a road, a
country, nothing at all) is None, "unbounded": the size of a district or the course of a road is
not in the words, and a figure that we made up would be evidence that nobody gave.

The table covers what the files of Insecurity Insight hold: "(2) 25 km Precision", "(3) District,
Communicipality or Commune", "(4) Province, State, Governorate", "(5) Linear Feature e.g. Along
Road/River", "(6) Country", "(7) Estimated Sea/Air Coordinates", in any case and spacing; and
the plain codes 1 to 7, of which only the first two bound anything.
"""

import re
from dataclasses import dataclass
from typing import Final

NAMED_PLACE_M: Final = 5_000
"""Code 1, and "exact" without a figure: coordinates of a named town or village, not of a roof."""
MEASURED_M: Final = 100
"""Words that say that the spot itself was measured or is a building, without a figure."""
SUMMARY_BEYOND_M: Final = 50_000
"""A wider uncertainty is counted against what parties held, and not written out pair by pair."""

_FIGURE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(km|kilom\w*|m|met(?:re|er)s?)\b")
_NUMBER = re.compile(r"\(?(\d+(?:\.\d+)?)\)?")
_MEASURED = re.compile(r"\b(gps|building|rooftop|surveyed|bâtiment)\b")
_EXACT = re.compile(r"\b(exact\w*|precise|précis\w*)\b")
_IMPRECISE = re.compile(r"\b(not|no|un\w+|im\w+|estimated|approx\w*)\b")
_CODES: Final = {1: NAMED_PLACE_M, 2: 25_000}
_GREATEST_CODE = 9
_EARTH_M = 20_000_000


@dataclass(frozen=True, slots=True)
class Precision:
    """The source's words, and the radius in metres within which they place the attack."""

    words: str
    radius_m: int | None

    @property
    def bounded(self) -> bool:
        return self.radius_m is not None and self.radius_m <= SUMMARY_BEYOND_M


def read_precision(words: str) -> Precision:
    """Read a cell of precision; words that say nothing usable leave the place unbounded."""
    return Precision(words, _radius(" ".join(words.casefold().split())))


def _radius(text: str) -> int | None:
    figure = _FIGURE.search(text)
    if figure:
        scale = 1_000 if figure[2].startswith("k") else 1
        return _sensible(float(figure[1].replace(",", ".")) * scale)
    number = _NUMBER.fullmatch(text)
    if number:
        return _of_number(float(number[1]))
    if _MEASURED.search(text) and not _IMPRECISE.search(text):
        return MEASURED_M
    if _EXACT.search(text) and not _IMPRECISE.search(text):
        return NAMED_PLACE_M
    return _CODES[1] if text.startswith("(1)") else None


def _of_number(number: float) -> int | None:
    """Take a small number as a code and a greater one as metres, which are rarely 1 to 9."""
    if number <= _GREATEST_CODE:
        return _CODES.get(int(number)) if number == int(number) else None
    return _sensible(number)


def _sensible(metres: float) -> int | None:
    """Round up; neither nought nor more than half the Earth bounds anything."""
    whole = int(-(-metres // 1))
    return whole if 0 < whole < _EARTH_M else None
