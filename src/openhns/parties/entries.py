"""The links that lead to this room's screens."""

from django.utils.translation import gettext_lazy as _

from openhns.mechanism.models import Role
from openhns.mechanism.navigation import Entry, Of, register


def register_entries() -> None:
    liaison = frozenset({Role.Name.LIAISON})
    register(Entry("parties-keys", _("Keys"), liaison, 42, Of.PARTY))
