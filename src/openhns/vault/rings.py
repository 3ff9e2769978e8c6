"""The key rings of this process: unwrapped once per scope, reloaded when a number is new."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from openhns.sealing import keys
from openhns.sealing.sealed import SealingError

if TYPE_CHECKING:
    from openhns.vault.models import DataKey

HASH_KEY_NUMBER = 0


class SealingNotReady(SealingError):
    """A scope has no data keys: its mechanism was never set up here."""

    code = "sealing_not_ready"


class _Rings:
    def __init__(self) -> None:
        self.by_scope: dict[UUID, LiveRing] = {}


class LiveRing:
    """A key ring that looks into the database once more before it calls a number unknown."""

    def __init__(self, ring: keys.KeyRing) -> None:
        self._ring = ring

    def seal(self, field: str, row: UUID, content: bytes) -> bytes:
        return self._ring.seal(field, row, content)

    def open(self, field: str, row: UUID, blob: bytes) -> bytes:
        try:
            return self._ring.open(field, row, blob)
        except keys.UnknownKey:
            self._ring = _load(self._ring.scope)
            return self._ring.open(field, row, blob)

    def keyed_hash(self, purpose: str, value: str) -> bytes:
        return self._ring.keyed_hash(purpose, value)

    @property
    def newest(self) -> int:
        return self._ring.newest


_rings = _Rings()


@cache
def master_key(path: Path) -> bytes:
    return keys.read_master_key(path)


def current_master_key() -> bytes:
    return master_key(Path(settings.OPENHNS_MASTER_KEY_FILE))


def forget() -> None:
    """Drop every opened key, as after a rotation or in a test with another data folder."""
    _rings.by_scope.clear()
    master_key.cache_clear()


def ring_of(scope: UUID) -> LiveRing:
    """Return the ring of a scope; raise SealingNotReady if the scope has no keys."""
    ring = _rings.by_scope.get(scope)
    if ring is None:
        ring = _rings.by_scope[scope] = LiveRing(_load(scope))
    return ring


def _rows(scope: UUID) -> "list[DataKey]":
    from openhns.vault.models import DataKey  # noqa: PLC0415 - models import this module.

    return list(DataKey.objects.filter(scope=scope).order_by("number"))


def _load(scope: UUID) -> keys.KeyRing:
    rows = _rows(scope)
    if not rows:
        raise SealingNotReady(f"Scope {scope} has no data key: run `openhns init` first.")
    master = current_master_key()
    opened = {
        row.number: keys.unwrap(master, scope, row.number, bytes(row.wrapped)) for row in rows
    }
    return keys.KeyRing(scope, opened, hash_key=opened.pop(HASH_KEY_NUMBER))
