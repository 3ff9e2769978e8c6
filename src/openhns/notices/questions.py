"""The words in which a party queries a notice, and those in which the operator replies."""

import unicodedata
from typing import Final

from openhns.notices.errors import TextHasControls, TextMissing
from openhns.proofs.marks import one_form

LONGEST_QUESTION: Final = 2_000
LONGEST_REPLY: Final = 2_000
_LINES: Final = frozenset("\n\t")
_UNSEEN: Final = frozenset({"Cc", "Cs"})


def require_question(text: str) -> str:
    """Return what is asked, in one form; raise TextMissing, TextHasControls."""
    return _required(text, "A query says what is asked", LONGEST_QUESTION)


def require_reply(text: str) -> str:
    """Return what is replied, in one form; raise TextMissing, TextHasControls."""
    return _required(text, "A reply says something", LONGEST_REPLY)


def _required(text: str, what: str, longest: int) -> str:
    plain = one_form(text)
    if not plain or len(plain) > longest:
        raise TextMissing(f"{what}, in at most {longest} characters.")
    if any(unicodedata.category(item) in _UNSEEN and item not in _LINES for item in plain):
        raise TextHasControls("A text holds a control character. Write it without.")
    return plain
