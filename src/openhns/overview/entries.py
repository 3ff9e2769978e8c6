"""The links that lead to this room's screens."""

from django.utils.translation import gettext_lazy as _

from openhns.mechanism.models import Role
from openhns.mechanism.navigation import Entry, register
from openhns.mechanism.visits import OPERATOR


def register_entries() -> None:
    auditor = frozenset({Role.Name.AUDITOR})
    register(
        Entry("overview-desk", _("Duty desk"), OPERATOR, 20),
        Entry("overview-audit", _("Audit"), auditor, 50),
    )
