"""Data keys, wrapped; and the abstract row that other rooms build sealed tables from."""

import json
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import models

from openhns.vault import rings

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
INSTALLATION = UUID(int=0)  # The scope of what belongs to no mechanism: people's accounts.


class DataKey(models.Model):
    """One wrapped key of one scope; number 0 is the key of keyed hashes and seals nothing."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    scope = models.UUIDField()
    number = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "number"], name="vault_datakey_once")
        ]


class SealedRow(models.Model):
    """A row whose content is one sealed, padded blob, bound to the row, its table and scope.

    `content` opens it once and keeps it for the life of the instance; `seal_content` replaces
    it. `scope` is the mechanism's id, or INSTALLATION.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    scope = models.UUIDField(db_index=True)
    sealed = models.BinaryField()

    class Meta:
        abstract = True

    @classmethod
    def sealed_field(cls) -> str:
        return f"{cls._meta.label_lower}.sealed"

    @staticmethod
    def encode_content(content: dict[str, Any]) -> bytes:
        return _ENCODER.encode(content).encode()

    @staticmethod
    def decode_content(plain: bytes) -> dict[str, Any]:
        return dict(json.loads(plain))

    @classmethod
    def open_content(cls, scope: UUID, row_id: UUID, sealed: bytes | memoryview) -> dict[str, Any]:
        """Open a row's content by its columns, where an instance for each row would cost more."""
        plain = rings.ring_of(scope).open(cls.sealed_field(), row_id, bytes(sealed))
        return cls.decode_content(plain)

    @property
    def content(self) -> dict[str, Any]:
        opened = self.__dict__.get("_content")
        if opened is None:
            opened = self.open_content(self.scope, self.id, self.sealed)
            self.__dict__["_content"] = opened
        return dict(opened)

    def seal_content(self, content: dict[str, Any]) -> None:
        plain = self.encode_content(content)
        self.sealed = rings.ring_of(self.scope).seal(self.sealed_field(), self.id, plain)
        self.__dict__["_content"] = content
