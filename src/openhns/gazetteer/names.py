"""Countries by code or name: ISO codes, English, French, Arabic and what sheets really say."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_LONGEST: Final = 100
_ARTICLES: Final = re.compile(r"^(?:the|la|le|les|l) ")


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory of ISO 3166-1; names are the usual short ones, no statement on status.

    `french` and `arabic` are empty for a few small territories.
    """

    iso3: str
    iso2: str
    english: str
    french: str
    arabic: str


def country(text: str) -> Country | None:
    """Find a country by ISO 3166-1 alpha-3 or alpha-2, or by name.

    Names are compared without case, accents and punctuation; UTF-8 that was read as Latin-1 is
    repaired. There is no guessing: what is not in the table gives None, and so does a name of two
    countries ("Korea"). "Congo" alone is the Republic of the Congo.
    """
    for spelling in (text, _repaired(text)):
        found = _table().get(_key(spelling))
        if found is not None:
            return found
    return None


def countries() -> list[Country]:
    """Return all countries of the table, by ISO code."""
    return sorted(set(_table().values()), key=lambda each: each.iso3)


def _key(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text[:_LONGEST]).casefold()
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    words = " ".join(re.findall(r"\w+", bare.replace(".", "").replace("&", " and ")))
    return _ARTICLES.sub("", words)


def _repaired(text: str) -> str:
    try:
        return text[:_LONGEST].encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


@cache
def _table() -> dict[str, Country]:
    found: dict[str, Country] = {}
    source = files("openhns.gazetteer").joinpath("data/countries.csv")
    for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
        names = [row["iso3"], row["iso2"], row["english"], row["french"], row["arabic"]]
        each = Country(*names)
        for name in filter(None, [*names, *row["other"].split(";")]):
            found.setdefault(_key(name), each)
    return found
