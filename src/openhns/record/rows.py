"""The state of a row as JSON values, and its digest, by which the audit finds a changed row."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Final
from uuid import UUID

from django.apps import apps

from openhns.proofs.commitment import content_digest
from openhns.record.models import AuditedRow
from openhns.vault.models import SealedRow

_PLAIN: Final = frozenset({str, int, bool, type(None)})


def timestamp(moment: datetime) -> str:
    """Return RFC 3339 in UTC with microseconds, as all times in events are written."""
    return _written(moment.astimezone(UTC))


@lru_cache(maxsize=1_024)  # What is written in bulk shares most of its moments.
def _written(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _value(value: Any) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, Enum):  # A choice that was just assigned, and not yet read back.
        return value.value
    if isinstance(value, UUID | date | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


@cache
def _columns(model: type[AuditedRow]) -> tuple[str, ...]:
    skipped = model.unaudited | ({"sealed", "scope"} if issubclass(model, SealedRow) else set())
    return tuple(
        field.attname for field in model._meta.concrete_fields if field.attname not in skipped
    )


def row_state(row: AuditedRow) -> dict[str, Any]:
    """Return the audited columns; a sealed row's content stands under `content`."""
    state = {column: _value(getattr(row, column)) for column in _columns(type(row))}
    if isinstance(row, SealedRow):
        state["content"] = row.content
    return state


def row_digest(row: AuditedRow) -> str:
    """Return the hexadecimal SHA-256 of the row's label and state."""
    return content_digest({"row": row.row_label(), "state": row.row_state()})


def audited_models() -> list[type[AuditedRow]]:
    return [model for model in apps.get_models() if issubclass(model, AuditedRow)]
