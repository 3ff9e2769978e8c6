"""Bring headers and HXL tags to one form, so that they can be compared by meaning."""

import re
import unicodedata
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_DIGITS = re.compile(r"(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])")
_SEPARATORS = re.compile(r"[^\w]+|_+")
# Alef maksura and Persian yeh to yeh, teh marbuta to heh, hamza carriers to their letter, Persian
# keheh to kaf; tatweel only stretches a word.
_ARABIC_FORMS = str.maketrans(
    "\u0649\u06cc\u0626\u0629\u0624\u06a9", "\u064a\u064a\u064a\u0647\u0648\u0643", "\u0640"
)
_ARTICLE = "ال"
_SHORTEST_WITH_ARTICLE = 5
_LONGEST = 1_000  # A question of a survey is shorter; to normalise what is not can take hours.


@lru_cache(maxsize=4096)
def fold_header(header: str) -> str:
    """Fold case, accents, punctuation, word joins and Arabic letter forms to plain words."""
    parted = _CAMEL.sub(" ", unicodedata.normalize("NFKC", header[:_LONGEST]))
    plain = unicodedata.normalize("NFD", parted.casefold())
    marks_off = "".join(_digit(letter) for letter in plain if not unicodedata.combining(letter))
    spaced = _SEPARATORS.sub(" ", marks_off.translate(_ARABIC_FORMS))
    return " ".join(map(_without_article, _DIGITS.sub(" ", spaced).split()))


def _digit(letter: str) -> str:
    return str(unicodedata.decimal(letter, letter))


def _without_article(word: str) -> str:
    if word.startswith(_ARTICLE) and len(word) >= _SHORTEST_WITH_ARTICLE:
        return word.removeprefix(_ARTICLE)
    return word


@lru_cache(maxsize=4096)
def split_tag(tag: str) -> tuple[str, frozenset[str]]:
    """Return an HXL tag and its attributes in lower case: "#geo +Lat" is ("#geo", {"lat"})."""
    name, *attributes = re.split(r"\s*\+\s*", tag.strip().lower())
    return name, frozenset(attribute for attribute in attributes if attribute)
