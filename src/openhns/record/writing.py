"""Write events: in the transaction of the change, with a fresh salt, one per party."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from openhns.proofs.canonical import canonical
from openhns.proofs.commitment import SALT_BYTES, public_entry, sealed_entry
from openhns.record.errors import LogNotFound, OutsideTransaction
from openhns.record.inserting import insert
from openhns.record.models import AuditedRow, Event, Log
from openhns.record.names import EventName, require_known
from openhns.record.rows import row_digest, timestamp

EVENT_VERSION = 1


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What is to be recorded.

    `body` holds JSON values without floats. `audience` is the party that may be shown the
    event and whose chain it lengthens; its body then holds nothing that the party may not
    see. `rows` are the audited rows as the change leaves them: their digests go into the
    body under `rows`, so that nobody changes them behind the log's back.
    """

    name: EventName
    subject_type: str
    subject_id: UUID
    body: Mapping[str, Any] = field(default_factory=dict)
    audience: UUID | None = None
    public: bool = False
    rows: Sequence[AuditedRow] = ()
    actor: str = "operator"
    happened_at: datetime | None = None


def find_log(log_id: UUID) -> Log:
    try:
        return Log.objects.get(id=log_id)
    except Log.DoesNotExist:
        raise LogNotFound("No log is kept for this mechanism: run `openhns init`.") from None


def write_events(log: Log, events: Iterable[NewEvent]) -> list[Event]:
    """Write events in the order given; the caller's transaction holds the change itself.

    Of many events at once the rows come back without `seq`, which only the database knows.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction("An event is written in the transaction of its change.")
    now = timezone.now()
    rows = [_row(log, event, now) for event in events]
    return insert(rows)


def write_event(log: Log, event: NewEvent) -> Event:
    return write_events(log, [event])[0]


def _row(log: Log, event: NewEvent, now: datetime) -> Event:
    require_known(event.name)
    row = Event(
        id=uuid4(),
        scope=log.id,
        log_id=log.id,
        name=str(event.name),
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        audience=event.audience,
        public=event.public,
        happened_at=event.happened_at or now,
    )
    text, salt = canonical(_event_value(log, row, event)), secrets.token_bytes(SALT_BYTES)
    row.entry = public_entry(text) if event.public else sealed_entry(salt, text)
    row.seal_content({"salt": salt.hex(), "event": text.decode()})
    return row


def _event_value(log: Log, row: Event, event: NewEvent) -> dict[str, Any]:
    body = dict(event.body)
    if event.rows:
        body["rows"] = {item.row_label(): row_digest(item) for item in event.rows}
    return {
        "actor": event.actor,
        "body": body,
        "event": row.name,
        "id": str(row.id),
        "log": log.origin,
        "subject": {"id": str(row.subject_id), "type": row.subject_type},
        "time": timestamp(row.happened_at),
        "v": EVENT_VERSION,
    }
