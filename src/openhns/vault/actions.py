"""Making, rotating and listing the data keys."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from openhns.sealing import keys
from openhns.sealing.sealed import key_number_of
from openhns.vault import rings
from openhns.vault.models import DataKey, SealedRow

_BATCH = 500


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What `openhns keys` shows of one data key."""

    scope: UUID
    number: int
    made_at: datetime
    retired_at: datetime | None
    values_sealed: int


def ensure_master_key() -> Path:
    """Make the master key on a new installation; an existing file is left as it is."""
    path = Path(settings.OPENHNS_MASTER_KEY_FILE)
    if not path.exists():
        keys.write_key_file(path, keys.new_key())
    return path


def do_make_keys(scope: UUID) -> None:
    """Give a scope its hash key and its first data key; a scope that has them keeps them."""
    if DataKey.objects.filter(scope=scope).exists():
        return
    DataKey.objects.bulk_create(_wrapped(scope, number) for number in (0, 1))


def _wrapped(scope: UUID, number: int) -> DataKey:
    wrapped = keys.wrap(rings.current_master_key(), scope, number, keys.new_key())
    return DataKey(scope=scope, number=number, wrapped=wrapped, made_at=timezone.now())


def sealed_models() -> list[type[SealedRow]]:
    return [model for model in apps.get_models() if issubclass(model, SealedRow)]


def do_rotate(scope: UUID) -> int:
    """Seal every value of a scope under a new data key; return how many were sealed again.

    The new key is committed first, so that a rotation that is interrupted is taken up by the
    next one: every value opens at any instant, under the old number or the new.
    """
    with transaction.atomic():
        newest = DataKey.objects.select_for_update().filter(scope=scope).latest("number").number
        DataKey.objects.bulk_create([_wrapped(scope, newest + 1)])
    rings.forget()
    count = sum(_reseal_table(model, scope) for model in sealed_models())
    older = DataKey.objects.filter(scope=scope, number__range=(1, newest), retired_at=None)
    older.update(retired_at=timezone.now())
    return count


def _reseal_table(model: type[SealedRow], scope: UUID) -> int:
    manager = model._base_manager
    ids = list(manager.filter(scope=scope).values_list("id", flat=True))
    batches = (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
    return sum(_reseal_rows(model, batch) for batch in batches)


def _reseal_rows(model: type[SealedRow], ids: list[UUID]) -> int:
    manager = model._base_manager
    with transaction.atomic():
        rows = list(manager.select_for_update().filter(id__in=ids))
        for row in rows:
            row.seal_content(row.content)
        manager.bulk_update(rows, ["sealed"], batch_size=_BATCH)
    return len(rows)


def do_change_master_key(new_path: Path) -> int:
    """Wrap every data key under a new master key in a new file; return how many there are.

    The old file stays until the operator has pointed OPENHNS_MASTER_KEY_FILE to the new one.
    """
    old, new = rings.current_master_key(), keys.new_key()
    keys.write_key_file(new_path, new)
    with transaction.atomic():
        rows = list(DataKey.objects.select_for_update())
        for row in rows:
            opened = keys.unwrap(old, row.scope, row.number, bytes(row.wrapped))
            row.wrapped = keys.wrap(new, row.scope, row.number, opened)
        DataKey.objects.bulk_update(rows, ["wrapped"])
    rings.forget()
    return len(rows)


def key_facts() -> Iterator[KeyFacts]:
    """Yield each data key with the number of values that it seals now."""
    for row in DataKey.objects.exclude(number=0).order_by("scope", "number"):
        sealed = sum(_sealed_under(model, row) for model in sealed_models())
        yield KeyFacts(row.scope, row.number, row.made_at, row.retired_at, sealed)


def _sealed_under(model: type[SealedRow], key: DataKey) -> int:
    blobs = model._base_manager.filter(scope=key.scope).values_list("sealed", flat=True)
    return sum(key_number_of(bytes(blob)) == key.number for blob in blobs.iterator())
