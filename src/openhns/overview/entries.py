"""The links that lead to this room's screens."""

from django.utils.translation import gettext_lazy as _

from openhns.mechanism.models import Role
from openhns.mechanism.navigation import Entry, register


def register_entries() -> None:
    auditor = frozenset({Role.Name.AUDITOR})
    register(Entry("overview-audit", _("Audit"), auditor, 50))
