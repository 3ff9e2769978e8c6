"""Runs of combining marks, which make normalisation slow: UAX #15 ends its Stream-Safe text at 30.

To normalise sorts each run, in a time that grows with the square of its length and with the
interpreter's lock held. No language writes more than a few marks on a letter.
"""

import re
import unicodedata
from typing import Final

MOST_MARKS: Final = 30
# No mark stands below U+0300, so that a short word in any script is passed without a look at it.
_SUSPECT: Final = re.compile("[\u0300-\U0010ffff]{31}")


def has_long_run(text: str) -> bool:
    """Whether more than 30 combining marks follow one another."""
    if text.isascii() or _SUSPECT.search(text) is None:
        return False
    run = 0
    for letter in text:
        run = run + 1 if unicodedata.combining(letter) else 0
        if run > MOST_MARKS:
            return True
    return False


def cut_runs(text: str) -> str:
    """Return the text with no more than 30 combining marks in a row; the others are dropped."""
    if not has_long_run(text):
        return text
    kept: list[str] = []
    run = 0
    for letter in text:
        run = run + 1 if unicodedata.combining(letter) else 0
        if run <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def one_form(text: str) -> str:
    """Return a text as it is signed: NFC, with the line ends that a browser's script sees."""
    return composed(text.replace("\r\n", "\n")).strip()


def composed(text: str) -> str:
    """Return NFC text, its long runs of marks cut before: for what people typed."""
    return unicodedata.normalize("NFC", cut_runs(text))
