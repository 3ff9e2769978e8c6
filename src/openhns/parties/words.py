"""What screens call the states of this room, in the reader's language."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PARTICIPATION: Final[Mapping[str, str | Promise]] = {
    "participating": _("Takes part"),
    "suspended": _("Suspended"),
    "withdrawn": _("Has withdrawn"),
}
PARTICIPATION_TONES: Final[Mapping[str, str]] = {
    "participating": "good",
    "suspended": "warn",
    "withdrawn": "bad",
}
