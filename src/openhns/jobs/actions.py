"""Enqueue due work in the transaction that asks for it; claim it, do it, retry it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from openhns.jobs.models import DueWork
from openhns.jobs.registry import handler_named, require_known

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 10
LONGEST_PAUSE_S = 3600

log = structlog.get_logger(__name__)


def enqueue(handler: str, subject_id: UUID, due_at: datetime | None = None) -> DueWork:
    require_known(handler)
    due = due_at or timezone.now()
    return DueWork.objects.create(handler=handler, subject_id=subject_id, due_at=due)


def drain(handlers: Iterable[str] | None = None, *, subject_id: UUID | None = None) -> int:
    """Do all work that is due now, of these handlers or all; return how much was done.

    A failure is retried later, with growing pauses; after MOST_ATTEMPTS it is marked failed
    and stays as a row that somebody must look at.
    """
    done = 0
    tried: set[UUID] = set()
    while (work := _claim(handlers, subject_id, tried)) is not None:
        tried.add(work.id)
        done += _do(work)
    return done


def is_due(handlers: Iterable[str]) -> bool:
    """Whether work of these handlers waits to be done now."""
    return _waiting(timezone.now()).filter(handler__in=list(handlers)).exists()


def _waiting(now: datetime) -> QuerySet[DueWork]:
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return DueWork.objects.filter(free, state=DueWork.State.WAITING, due_at__lte=now)


def _claim(
    handlers: Iterable[str] | None, subject_id: UUID | None, tried: set[UUID]
) -> DueWork | None:
    now = timezone.now()
    waiting = _waiting(now)
    if handlers is not None:
        waiting = waiting.filter(handler__in=list(handlers))
    if subject_id is not None:
        waiting = waiting.filter(subject_id=subject_id)
    skip = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        found = waiting.exclude(id__in=tried).order_by("due_at")
        work = found.select_for_update(skip_locked=skip).first()
        if work is not None:
            work.lease_until = now + LEASE
            work.attempts += 1
            work.save(update_fields=["lease_until", "attempts"])
    return work


def _do(work: DueWork) -> bool:
    try:
        handler_named(work.handler)(work.subject_id)
    except Exception as error:  # noqa: BLE001 - whatever went wrong, the work is not lost.
        _put_back(work, getattr(error, "code", type(error).__name__))
        return False
    work.state, work.lease_until, work.error_code = DueWork.State.DONE, None, ""
    work.save(update_fields=["state", "lease_until", "error_code"])
    return True


def _put_back(work: DueWork, code: str) -> None:
    last = work.attempts >= MOST_ATTEMPTS
    work.state = DueWork.State.FAILED if last else DueWork.State.WAITING
    work.due_at = timezone.now() + timedelta(seconds=min(2**work.attempts, LONGEST_PAUSE_S))
    work.lease_until, work.error_code = None, str(code)[:60]
    work.save(update_fields=["state", "due_at", "lease_until", "error_code"])
    log.warning("work_put_back", handler=work.handler, subject=str(work.subject_id), code=code)
