"""Due work of this room. Each may be called twice and then finds its own work done."""

from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from openhns.jobs.actions import enqueue
from openhns.mechanism.errands import run
from openhns.mechanism.models import Errand
from openhns.mechanism.people import local_administrator
from openhns.notices.actions import do_transmit
from openhns.notices.delivering import deliver, send_proof
from openhns.notices.due import ALARM, ALARM_AGAIN
from openhns.notices.models import Objection
from openhns.parties.access import find_party, participates_at
from openhns.parties.models import Participation
from openhns.registry.actions import do_suspend_consents

log = structlog.get_logger(__name__)


def do_deliver_work(transmission_id: UUID) -> None:
    """Deliver what was prepared, and let its proof follow; retried while the log has not ticked."""
    if deliver(transmission_id):
        send_proof(transmission_id)


def do_alarm_work(objection_id: UUID) -> None:
    """Keep an unanswered objection due: it stands in `openhns object list` until it is answered."""
    with transaction.atomic():
        objection = Objection.objects.select_for_update().get(id=objection_id)
        if objection.answered_at is not None:
            return
        log.warning("objection_unanswered", objection=str(objection_id))
        enqueue(ALARM, objection_id, timezone.now() + ALARM_AGAIN)


def do_withdrawal_work(participation_id: UUID) -> None:
    """Suspend the consents to a party whose stated day of leaving has come."""
    stated = Participation.objects.select_related("party__mechanism").get(id=participation_id)
    if not participates_at(stated.party, timezone.now()):
        do_suspend_consents(stated.party, acting_user=local_administrator())


def do_transmit_work(errand_id: UUID) -> None:
    """Send what one party or all are due, for the person who ordered it on a page."""
    run(errand_id, _transmit)


def _transmit(errand: Errand) -> dict[str, Any]:
    named = errand.options.get("party")
    party = find_party(errand.mechanism, named) if named else None
    report = do_transmit(errand.mechanism, party, acting_user=errand.ordered_by)
    return {
        "notices": len(report.notice_ids),
        "transmissions": [str(item.id) for item in report.transmissions],
        "skipped": [str(item.id) for item in report.skipped],
        "failures": [str(getattr(each, "code", "")) for each in report.failures],
    }
