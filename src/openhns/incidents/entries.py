"""The link that leads the operator's people to this room's screens."""

from django.utils.translation import gettext_lazy as _

from openhns.mechanism.navigation import Entry, register
from openhns.mechanism.visits import OPERATOR


def register_entries() -> None:
    register(Entry("incidents-list", _("Incidents"), OPERATOR, 25))
