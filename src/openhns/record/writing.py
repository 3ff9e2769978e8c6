"""Write events: in the transaction of the change, with a fresh salt, one per party."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from openhns.proofs.canonical import canonical
from openhns.proofs.commitment import SALT_BYTES, public_entry, sealed_entry
from openhns.record.errors import LogNotFound, OutsideTransaction
from openhns.record.fixed_sql import row_by_sql
from openhns.record.inserting import insert_values
from openhns.record.models import AuditedRow, Event, Log
from openhns.record.names import EventName, require_known
from openhns.record.rows import row_digest, timestamp
from openhns.vault.rings import ring_of

EVENT_VERSION = 1
_COLUMNS: Final = (
    "id",
    "scope",
    "log_id",
    "name",
    "subject_type",
    "subject_id",
    "audience",
    "public",
    "happened_at",
    "entry",
    "sealed",
)


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
    found = row_by_sql(Log, "SELECT * FROM record_log WHERE id = %s", log_id)
    if found is None:
        raise LogNotFound("No log is kept for this mechanism: run `openhns init`.")
    return found


def write_events(log: Log, events: Iterable[NewEvent]) -> None:
    """Write events in the order given; the caller's transaction holds the change itself."""
    _require_transaction()
    now = timezone.now()
    ring_of(log.id)  # It is read here, once.
    with_bodies = ((event, _body_of(event)) for event in events)
    insert_values(Event, _COLUMNS, with_bodies, lambda given: _values(log, given[0], given[1], now))


def write_event(log: Log, event: NewEvent) -> Event:
    """Write one event, and return its row."""
    _require_transaction()
    values = _values(log, event, _body_of(event), timezone.now())
    row = Event(**dict(zip(_COLUMNS, values, strict=True)))
    row.save(force_insert=True)
    return row


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction("An event is written in the transaction of its change.")


def _body_of(event: NewEvent) -> dict[str, Any]:
    body = dict(event.body)
    if event.rows:
        body["rows"] = {item.row_label(): row_digest(item) for item in event.rows}
    return body


def _values(log: Log, event: NewEvent, body: dict[str, Any], now: datetime) -> tuple[Any, ...]:
    """Return an event's row as the values of `_COLUMNS`; reads nothing."""
    require_known(event.name)
    event_id, happened_at = uuid4(), event.happened_at or now
    text = canonical(_event_value(log, event_id, event, body, happened_at))
    salt = secrets.token_bytes(SALT_BYTES)
    return (
        event_id,
        log.id,
        log.id,
        str(event.name),
        event.subject_type,
        event.subject_id,
        event.audience,
        event.public,
        happened_at,
        public_entry(text) if event.public else sealed_entry(salt, text),
        ring_of(log.id).seal(Event.sealed_field(), event_id, Event.plain_of(salt, text)),
    )


def _event_value(
    log: Log, event_id: UUID, event: NewEvent, body: dict[str, Any], happened_at: datetime
) -> dict[str, Any]:
    return {
        "actor": event.actor,
        "body": body,
        "event": str(event.name),
        "id": str(event_id),
        "log": log.origin,
        "subject": {"id": str(event.subject_id), "type": event.subject_type},
        "time": timestamp(happened_at),
        "v": EVENT_VERSION,
    }
