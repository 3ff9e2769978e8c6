"""The daily digest of the access journal, so that nobody shortens it unseen."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.models import ExactRead, Mechanism
from openhns.proofs.commitment import content_digest
from openhns.record.models import Event
from openhns.record.rows import timestamp
from openhns.record.writing import NewEvent, find_log, write_event


def do_digest_journal(mechanism: Mechanism, day: date) -> Event | None:
    """Record how often exact places were read on a day (UTC) that is over, and a digest.

    Done by the system itself, once for each day; returns None where it was done before or
    where nothing was read.
    """
    with transaction.atomic():
        current = Mechanism.objects.select_for_update().get(id=mechanism.id)
        reads = journal_of(current, day)
        if day >= timezone.now().astimezone(UTC).date() or not reads or _is_digested(current, day):
            return None
        event = NewEvent(
            MechanismEvent.JOURNAL_DIGESTED,
            "mechanism",
            current.id,
            _body(day, reads),
            actor="system",
        )
        return write_event(find_log(current.id), event)


def digest_body(mechanism: Mechanism, day: date) -> dict[str, Any]:
    """Return what the digest of a day says, or would say now."""
    return _body(day, journal_of(mechanism, day))


def _body(day: date, reads: Sequence[ExactRead]) -> dict[str, Any]:
    return {
        "day": day.isoformat(),
        "reads": len(reads),
        "listings": sum(read.listings for read in reads),
        "sha256": content_digest([_entry(read) for read in reads]),
    }


def journal_of(mechanism: Mechanism, day: date) -> list[ExactRead]:
    """Return the readings of one day (UTC) in their order, with who read."""
    return list(readings_of(mechanism, day).select_related("person"))


def readings_of(mechanism: Mechanism, day: date) -> QuerySet[ExactRead]:
    """Return the readings of one day (UTC) in their order."""
    within = ExactRead.objects.filter(
        mechanism=mechanism,
        read_at__gte=datetime.combine(day, time.min, UTC),
        read_at__lte=datetime.combine(day, time.max, UTC),
    )
    return within.order_by("read_at", "id")


def _entry(read: ExactRead) -> dict[str, Any]:
    return {
        "id": str(read.id),
        "person": read.person.handle,
        "at": timestamp(read.read_at),
        "content": read.content,
    }


def _is_digested(mechanism: Mechanism, day: date) -> bool:
    digests = Event.objects.filter(
        subject_id=mechanism.id, name=MechanismEvent.JOURNAL_DIGESTED
    ).order_by("-seq")
    return any(f'"day":"{day.isoformat()}"' in event.content["event"] for event in digests)
