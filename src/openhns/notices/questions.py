"""The words in which a party queries a notice, and those in which the operator replies."""

import unicodedata
from typing import Final

from openhns.notices.errors import QuestionMissing, TextHasControls, TextMissing
from openhns.proofs.marks import one_form

LONGEST_QUESTION: Final = 2_000
LONGEST_REPLY: Final = 2_000
_LINES: Final = frozenset("\n\t")
_UNSEEN: Final = frozenset({"Cc", "Cs"})


def require_question(text: str) -> str:
    """Return what is asked, in one form; raise QuestionMissing, TextHasControls."""
    plain = one_form(text)
    if not plain or len(plain) > LONGEST_QUESTION:
        raise QuestionMissing(
            f"A query says what is asked, in at most {LONGEST_QUESTION} characters."
        )
    return _visible(plain)


def require_reply(text: str) -> str:
    """Return what is replied, in one form; raise TextMissing, TextHasControls."""
    plain = one_form(text)
    if not plain or len(plain) > LONGEST_REPLY:
        raise TextMissing(f"A reply says something, in at most {LONGEST_REPLY} characters.")
    return _visible(plain)


def _visible(plain: str) -> str:
    if any(unicodedata.category(item) in _UNSEEN and item not in _LINES for item in plain):
        raise TextHasControls("A text holds a control character. Write it without.")
    return plain
