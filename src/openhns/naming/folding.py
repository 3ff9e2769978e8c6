"""One hospital, four spellings: names folded so that they can be compared.

`fold` gives plain Latin words; `skeleton` what is left of them without vowels; `similarity`
compares two names by both. The figures rank candidates for a person to look at. They prove nothing.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import fuzz

from openhns.naming.letters import GENERIC, LINKING, PLAIN, ROMAN, SILENT, SOUNDS, TRANSLATED

_LONGEST: Final = 300
_WORD: Final = re.compile(r"[a-z]+|\d+")
_ARABIC_ARTICLE: Final = re.compile(r"(?<!\w)(?:[وبلك])?ال(?=\w{3})")
_JOINED_ARTICLE: Final = re.compile(r"(?<!\w)(?:al|el|ul|a([nsrtzd])|e([sn]))-(?=\w)")
_APOSTROPHES: Final = re.compile(r"['’‘ʿʾʼ`´]")  # noqa: RUF001 - marks of the hamza and the ain
_CACHED: Final = 50_000
_SHORTEST_SKELETON: Final = 3
_WORDS_FOR_SUBSET: Final = 2
_SUBSET_WEIGHT: Final = 0.9
_SKELETON_WEIGHT: Final = 0.93
_OTHER_NUMBER_CAP: Final = 0.5


@lru_cache(maxsize=_CACHED)
def fold(name: str) -> str:
    """Return the name's own words in plain Latin letters and digits, parted by single blanks.

    Accents, vowel signs, case, punctuation, articles and generic words (hospital, centre, مستشفى,
    лікарня) are set aside, unless nothing but numbers would be left. Empty for a name
    without letters or digits of the three scripts. Only the first 300 characters count.
    """
    words = [_translated().get(word, word) for word in _words(name)]
    own = [word for word in words if word not in _set_aside()]
    return " ".join(own if any(word.isalpha() for word in own) else words)


@lru_cache(maxsize=_CACHED)
def skeleton(name: str) -> str:
    """Return the consonants of the folded name, alike for كفر نبل, Kafr Nabl and Kafranbel."""
    text = re.sub(r"(?<=[a-z])h\b", "", _kept_digraphs(fold(name))).replace(" ", "")
    for letters, sound in SOUNDS:
        text = text.replace(letters, sound)
    bare = "".join(letter for letter in text if letter not in SILENT)
    return re.sub(r"([A-Za-z])\1+", r"\1", bare)


def similarity(a: str, b: str) -> float:
    """Compare two names, 0 (nothing in common) to 1 (the same words), whatever the scripts.

    Names with different numbers ("Clinic 3", "Clinic 4") reach at most 0.5, since the number is
    then the only thing that tells them apart.
    """
    one, other = fold(a), fold(b)
    if not one or not other:
        return 0.0
    score = max(_by_words(one, other), _by_consonants(skeleton(a), skeleton(b)))
    if _numbers(one) != _numbers(other):
        return min(score, _OTHER_NUMBER_CAP)
    return score


def _by_words(one: str, other: str) -> float:
    same = fuzz.token_sort_ratio(one, other) / 100
    if min(len(one.split()), len(other.split())) < _WORDS_FOR_SUBSET:
        return float(same)
    return float(max(same, _SUBSET_WEIGHT * fuzz.token_set_ratio(one, other) / 100))


def _by_consonants(one: str, other: str) -> float:
    if min(len(one), len(other)) < _SHORTEST_SKELETON:
        return 0.0
    return float(_SKELETON_WEIGHT * fuzz.ratio(one, other) / 100)


def _numbers(folded: str) -> list[str]:
    return sorted(word for word in folded.split() if word.isdigit())


def _words(name: str) -> list[str]:
    text = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", name[:_LONGEST]).casefold())
    text = _ARABIC_ARTICLE.sub("", _JOINED_ARTICLE.sub("", text))
    digits = "".join(_digit(character) for character in text)
    # Signs go before the letters are changed, so that й and آ are still whole when looked up.
    latin = unicodedata.normalize("NFD", digits.translate(PLAIN))
    bare = "".join(character for character in latin if not unicodedata.combining(character))
    return [ROMAN.get(word, word.lstrip("0") or word) for word in _WORD.findall(bare)]


def _digit(character: str) -> str:
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    return character


def _kept_digraphs(folded: str) -> str:
    """Shield the h of kh, sh and their like, so that only a silent h at a word's end is dropped."""
    for letters, sound in SOUNDS:
        if letters.endswith("h"):
            folded = folded.replace(letters, sound)
    return folded


@cache
def _set_aside() -> frozenset[str]:
    return frozenset(word for line in (GENERIC + LINKING).splitlines() for word in _words(line))


@cache
def _translated() -> dict[str, str]:
    return {word: to for to, words in TRANSLATED.items() for word in _words(words)}
