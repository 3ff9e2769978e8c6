"""The duty desk: one calm page of what waits, the urgent and the oldest first."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openhns.mechanism.models import Role
from openhns.mechanism.visits import OPERATOR, Visit, page
from openhns.notices.due import ALARM, DELIVER, TRANSMIT, WITHDRAWAL
from openhns.notices.my_objections import time_left
from openhns.notices.words import TRANSMISSIONS
from openhns.overview.desk import Desk, desk_of
from openhns.record.errors import RecordError
from openhns.registry.due import CLEAR_PASSING
from openhns.registry.words import ACTIONS, KINDS
from openhns.tlog.errors import TlogError
from openhns.ui.refusals import words_of_code

_WORK: Final[dict[str, str | Promise]] = {
    DELIVER: _("Delivering a transmission"),
    ALARM: _("Ringing for an objection"),
    WITHDRAWAL: _("Suspending consents after a withdrawal"),
    TRANSMIT: _("Transmitting"),
    CLEAR_PASSING: _("Clearing what passes"),
}


@page(*OPERATOR)
def desk(visit: Visit) -> HttpResponse:
    """Show what waits."""
    found = desk_of(visit.mechanism)
    shown = {
        "desk": found,
        "objections": [(row, time_left(row.time_limit)) for row in found.objections],
        "fault": _fault(found),
        "work": _WORK,
        "transmissions": TRANSMISSIONS,
        "kinds": KINDS,
        "actions": ACTIONS,
        **_roles(visit),
    }
    return render(visit.request, "overview/desk.html", shown)


def _fault(found: Desk) -> str:
    return words_of_code(found.log.fault, RecordError, TlogError) if found.log.fault else ""


def _roles(visit: Visit) -> dict[str, Any]:
    return {
        "reviews": visit.holds(Role.Name.REVIEWER),
        "transmits": visit.holds(Role.Name.TRANSMITTER),
        "administers": visit.holds(Role.Name.ADMINISTRATOR),
    }
