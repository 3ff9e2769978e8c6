"""Due work of this room. Each may be called twice and then finds its own work done."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from openhns.jobs import registry
from openhns.jobs.actions import enqueue
from openhns.notices.batches import DELIVER
from openhns.notices.delivering import deliver, send_proof
from openhns.notices.models import Objection

ALARM: Final = "notices.alarm"
WITHDRAWAL: Final = "notices.withdrawal"
ALARM_AGAIN: Final = timedelta(hours=1)

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


def register_work() -> None:
    registry.register(DELIVER, do_deliver_work)
    registry.register(ALARM, do_alarm_work)
