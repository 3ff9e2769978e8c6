"""The links that lead an organisation's people to this room's screens."""

from django.utils.translation import gettext_lazy as _

from openhns.mechanism.models import Role
from openhns.mechanism.navigation import Entry, Of, register


def register_own_entries() -> None:
    approver = frozenset({Role.Name.APPROVER})
    register(Entry("registry-signing", _("Signatures"), approver, 13, Of.ORGANISATION))
