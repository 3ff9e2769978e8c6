# ruff: noqa: RUF001 - telling alike characters of many scripts apart is the work of this file.
"""One latitude or longitude, written in any of the common ways."""

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal

from openhns.geodesy.position import PositionError

Axis = Literal["lat", "lon"]

_HEMISPHERES: Final = {
    "N": r"north|nord|norte|n|شمالا|شمال|с\.?\s?ш\.?|пн\.?\s?ш\.?",
    "S": r"south|sud|sur|s|جنوبا|جنوب|ю\.?\s?ш\.?|пд\.?\s?ш\.?",
    "E": r"east|este|est|e|شرقا|شرق|в\.?\s?д\.?|сх\.?\s?д\.?",
    # O stands for Ouest and Oeste. A German Ost is written E here, as on every map sheet.
    "W": r"west|ouest|oeste|w|o|غربا|غرب|з\.?\s?д\.?|зх\.?\s?д\.?",
}
_NOT_IN_WORD: Final = r"(?![^\W\d_])"
_TOKEN: Final = re.compile(
    r"(?P<number>(?<![\d.])(?:\d+\.?\d*|\.\d+)(?:e[+-]\d\d(?![\d.]))?(?![\d.]))"
    r"|(?P<degree>°|degrees?|degrés?|deg\.?|d(?=\s*\d))"
    r"|(?P<minute>'|minutes?|min\.?|mn|m(?=\s*[\dnsewo]|$))"
    # A letter s is a second only where a hemisphere follows; alone it may mean the south.
    rf"|(?P<second>\"|seconds?|secondes?|sec\.?|s(?=\s*[nsewo]{_NOT_IN_WORD}))"
    r"|(?P<latitude>(?:latitude|lat\.?|خط العرض|широта)\s?:?)"
    r"|(?P<longitude>(?:longitude|long\.?|lon\.?|lng\.?|خط الطول|довгота|долгота)\s?:?)"
    + "".join(rf"|(?P<{name}>(?:{words}){_NOT_IN_WORD}:?)" for name, words in _HEMISPHERES.items())
    + r"|(?P<joint>:|(?<=\d)-(?=\d))"
    r"|(?P<minus>-)|(?P<plus>\+)|(?P<apart>[,;])|(?P<blank>\s+)",
    re.IGNORECASE,
)
_LETTERS: Final = {
    "number": "n", "degree": "D", "minute": "M", "second": "S", "joint": "J",
    "latitude": "L", "longitude": "L", "minus": "g", "plus": "g", "apart": ",",
    "N": "H", "S": "H", "E": "H", "W": "H",
}  # fmt: skip
_SHAPE: Final = re.compile(r"L?g?H?g?n(?:D|[DJ]?n(?:M|[MJ]?nS?)?)?H?")
_TWO_NUMBERS: Final = 2
_THREE_NUMBERS: Final = 3


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str

    @property
    def letter(self) -> str:
        return _LETTERS[self.kind]


@dataclass(frozen=True, slots=True)
class Angle:
    """Degrees, and how they were written: the parts (1 to 3) and the decimals of the last one."""

    degrees: Fraction
    axis: Axis | None
    parts: int
    decimals: int
    marked: bool


def tokens(text: str) -> list[Token]:
    """Cut a text that `plain` has spelled into tokens; blanks are dropped.

    Raises PositionError with code `unreadable` at the first character that no notation uses.
    """
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise PositionError("unreadable", "a character that no notation of a position uses")
        if match.lastgroup != "blank":
            found.append(Token(match.lastgroup, match.group()))
        at = match.end()
    return found


def read_angle(given: list[Token]) -> Angle:
    """Read one angle. Raises PositionError: `unreadable`, `ambiguous` or `out_of_range`."""
    if not _SHAPE.fullmatch("".join(token.letter for token in given)):
        raise PositionError("unreadable", "this is no latitude or longitude in a known notation")
    _refuse_letter_s(given)
    texts = [token.text for token in given if token.kind == "number"]
    marked = any(token.letter in "DJ" for token in given)
    value = _degrees([Fraction(text) for text in texts])
    if any("." in text or "e" in text.lower() for text in texts[:-1]):
        raise PositionError("unreadable", "decimals before the last part of an angle")
    directions = [token.kind for token in given if token.letter == "H"]
    if len(texts) == _TWO_NUMBERS and not (marked or directions or "." in texts[-1]):
        raise PositionError("ambiguous", "two bare numbers: degrees and minutes, or two angles?")
    return Angle(
        value * _sign(given, directions),
        _axis(given, directions),
        len(texts),
        _decimals(texts[-1]),
        marked,
    )


def _degrees(numbers: list[Fraction]) -> Fraction:
    if any(part >= 60 for part in numbers[1:]):  # noqa: PLR2004 - minutes of a degree
        raise PositionError("out_of_range", "minutes and seconds must be under 60")
    return sum((part / 60**power for power, part in enumerate(numbers)), start=Fraction(0))


def _sign(given: list[Token], directions: list[str]) -> int:
    signs = [token.kind for token in given if token.letter == "g"]
    if len(signs) > 1 or len(directions) > 1:
        raise PositionError("unreadable", "more than one sign or hemisphere on one angle")
    if signs == ["minus"] and directions:
        raise PositionError("ambiguous", "a minus sign and a hemisphere on the same angle")
    return -1 if signs == ["minus"] or directions in (["S"], ["W"]) else 1


def _axis(given: list[Token], directions: list[str]) -> Axis | None:
    found: set[Axis] = {"lat" if direction in "NS" else "lon" for direction in directions}
    found |= {"lat" for token in given if token.kind == "latitude"}
    found |= {"lon" for token in given if token.kind == "longitude"}
    if len(found) > 1:
        raise PositionError("ambiguous", "the label and the hemisphere name different axes")
    return next(iter(found), None)


def _decimals(number: str) -> int:
    mantissa, _, exponent = number.lower().partition("e")
    return max(0, len(mantissa.partition(".")[2]) - int(exponent or 0))


def _refuse_letter_s(given: list[Token]) -> None:
    """Refuse 33d51m54s, where the s may be the unit or the south."""
    by_letter = any(token.kind == "minute" and token.text.isalpha() for token in given)
    numbers = sum(token.kind == "number" for token in given)
    bare_s = any(
        before.kind == "number" and token.kind == "S" and len(token.text) == 1
        for before, token in pairwise(given)
    )
    if by_letter and bare_s and numbers == _THREE_NUMBERS:
        raise PositionError("ambiguous", "the letter s may mean seconds or the south")
