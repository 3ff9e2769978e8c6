"""Names that a reader takes for one another: other letters of the same look, case, signs, blanks.

`openhns.naming.folding` compares by sound, for which a single letter says nothing; here "Party A"
and "Party B" differ, and "Party A" with a Cyrillic A is "Party A".
"""

import unicodedata
from typing import Final

# Letters that look alike in one of their cases, each above what it is compared as.
_LOOKS: Final = str.maketrans(
    "авекмнорстухіјѕһԁԛԝ" + "αβεζηικμνορτυχ" + "ıl10" + "ىیک",  # noqa: RUF001 - look-alikes.
    "abekmhopctyxijshdqw" + "abezhikmnoptyx" + "iiio" + "ييك",
)


def look(name: str) -> str:
    """Return what is left of a name when what a reader overlooks is set aside; may be empty.

    Two names with one look are taken for one another. Nothing follows from two looks that differ.
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    return "".join(letter for letter in text.translate(_LOOKS) if letter.isalnum())
