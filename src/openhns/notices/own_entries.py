"""The links that lead an organisation's people to this room's screens."""

from django.utils.translation import gettext_lazy as _

from openhns.mechanism.navigation import Entry, Of, register
from openhns.mechanism.visits import MEMBERS


def register_own_entries() -> None:
    register(
        Entry("notices-my-sites", _("My sites"), MEMBERS, 10, Of.ORGANISATION),
        Entry("notices-my-movements", _("My movements"), MEMBERS, 11, Of.ORGANISATION),
        Entry("notices-my-objections", _("Objections"), MEMBERS, 14, Of.ORGANISATION),
    )
