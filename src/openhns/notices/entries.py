"""The links that lead to this room's screens."""

from django.utils.translation import gettext_lazy as _

from openhns.mechanism.models import Role
from openhns.mechanism.navigation import Entry, Of, register
from openhns.mechanism.visits import OPERATOR


def register_entries() -> None:
    liaison = frozenset({Role.Name.LIAISON})
    transmitter = frozenset({Role.Name.TRANSMITTER})
    register(
        Entry("notices-transmission", _("Transmission"), transmitter, 22),
        Entry("notices-sent", _("Sent notices"), OPERATOR, 23),
        Entry("notices-objections", _("Objections"), OPERATOR, 24),
        Entry("notices-queries", _("Queries"), OPERATOR, 25),
        Entry("notices-parties", _("Parties"), OPERATOR, 26),
        Entry("notices-inbox", _("Inbox"), liaison, 40, Of.PARTY),
        Entry("notices-holdings", _("What we hold"), liaison, 41, Of.PARTY),
    )
