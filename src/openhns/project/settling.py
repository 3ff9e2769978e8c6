"""What a process of the server does once, before its first request."""

import gc
from typing import Final

from django.urls import get_resolver

# A page makes some thousand objects, and nearly none of them in circles: Python's usual 700 would
# look for such circles several times a page.
_MADE_BEFORE_LOOKING: Final = 20_000


def settle() -> None:
    """Load every page, and leave what is loaded out of each search for garbage from then on.

    Walking through all that a process holds, again and again, was a fifth of a page's time.
    """
    get_resolver().url_patterns  # noqa: B018 - the property loads every room's pages.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_MADE_BEFORE_LOOKING, *gc.get_threshold()[1:])
