# ruff: noqa: RUF001 - telling alike characters of many scripts apart is the work of this file.
"""One plain spelling for the many characters in which people write coordinates."""

import unicodedata
from typing import Final

from openhns.geodesy.position import PositionError

LONGEST: Final = 120
"""Characters; no notation of a position needs more, and a longer text is no position."""

_SAME: Final = {
    "°": "º˚∘◦⁰ᵒ",
    "'": "’‘′´`ʹʼ＇‛׳",
    '"': "”“″ʺ＂„〃״",
    "-": "−‐‑‒–—﹣－",
    "+": "＋",
    ".": "٫．",
    ",": "،，",
    ";": "؛；|/",
    ":": "：=",
}
_TABLE: Final = str.maketrans({other: plain for plain, others in _SAME.items() for other in others})
_REPAIRS: Final = (("Â°", "°"), ("Âº", "°"))
"""A degree sign in UTF-8 that was once read as Latin-1, as many sheets carry it."""


def plain(text: str) -> str:
    """Return `text` with one spelling for digits, marks, signs and blanks.

    Digits of every script become ASCII (Arabic-Indic and Persian among them), marks of direction
    vanish, brackets around the whole and separators at its ends are dropped. Raises PositionError
    with code `unreadable` for control characters and for a text longer than any position.
    """
    if len(text) > LONGEST:
        raise PositionError("unreadable", f"a position of more than {LONGEST} characters")
    for broken, repaired in _REPAIRS:
        text = text.replace(broken, repaired)
    spelled = "".join(_plain_character(character) for character in text.translate(_TABLE))
    return spelled.replace("''", '"').strip(" ()[]{},;")


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category.startswith("Z") or character in "\t\r\n":
        return " "
    if category == "Cf":
        return ""
    if category.startswith("C"):
        raise PositionError("unreadable", "a control character inside a position")
    return character
