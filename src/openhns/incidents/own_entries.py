"""The link that leads an organisation's people to this room's screens."""

from django.utils.translation import gettext_lazy as _

from openhns.mechanism.navigation import Entry, Of, register
from openhns.mechanism.visits import MEMBERS


def register_own_entries() -> None:
    register(Entry("incidents-mine", _("Attacks"), MEMBERS, 15, Of.ORGANISATION))
