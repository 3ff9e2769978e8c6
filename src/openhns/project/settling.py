"""What a process of the server does once, before its first request."""

import gc
import sys
from typing import Final

from django.urls import get_resolver

# A page makes some thousand objects, and nearly none of them in circles: Python's usual 700 would
# look for such circles several times a page.
_MADE_BEFORE_LOOKING: Final = 20_000
# A page asks the database some twenty times, and after each answer waits for whichever thread of
# its process is at work: Python's usual 5 ms would be a tenth of a second a page.
_LONGEST_TURN_S: Final = 0.0005


def settle() -> None:
    """Load every page, before the server's first request, and leave it out of each search.

    Walking through all that a process holds, again and again, was a fifth of a page's time.
    """
    get_resolver().url_patterns  # noqa: B018 - the property loads every room's pages.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_MADE_BEFORE_LOOKING)
    sys.setswitchinterval(_LONGEST_TURN_S)
