"""The links that lead to this room's screens."""

from django.utils.translation import gettext_lazy as _

from openhns.mechanism.models import Role
from openhns.mechanism.navigation import Entry, register


def register_entries() -> None:
    register(Entry("registry-review", _("Review"), frozenset({Role.Name.REVIEWER}), 21))
