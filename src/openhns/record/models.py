"""The log's state, its events, its ticks and the chain of each party."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from openhns.proofs.commitment import SALT_BYTES
from openhns.vault.models import SealedRow


class Log(models.Model):
    """One transparency log: one per mechanism, whose id it shares.

    `size`, `root` and `frontier` (the right edge of the tree) move together, in the one
    statement of the sequencer that compares the old ones.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=64, unique=True)
    origin = models.CharField(max_length=200, unique=True)
    verifier_key = models.CharField(max_length=400)
    size = models.BigIntegerField(default=0)
    root = models.BinaryField(max_length=32)
    frontier = models.BinaryField(default=b"")
    ticks = models.PositiveBigIntegerField(default=0)
    smallest_tick = models.PositiveIntegerField(default=8)
    published_size = models.BigIntegerField(default=0)
    folder = models.CharField(max_length=80, unique=True)
    started_at = models.DateTimeField()


class Event(SealedRow):
    """What happened. Its content holds the salt and the canonical event, and never changes.

    `audience` is the party for which the event was written, and whose chain it lengthens.
    `entry` is what the log will hold of it: a commitment, or a public event in plain words.
    An event is pending while `leaf_index` is null.
    """

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid4, unique=True, editable=False)
    # The log is the scope; whatever is asked of its events goes by an index below.
    scope = models.UUIDField()
    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="events", db_index=False)
    name = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    audience = models.UUIDField(null=True)
    public = models.BooleanField(default=False)
    happened_at = models.DateTimeField()
    entry = models.BinaryField()
    leaf_index = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["log", "leaf_index"], name="record_event_one_leaf")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["log", "seq"], condition=Q(leaf_index=None), name="record_event_pending"
            ),
            models.Index(fields=["subject_id", "name"], name="record_event_subject"),
            models.Index(fields=["log", "-seq"], condition=Q(public=True), name="record_public"),
        ]

    @staticmethod
    def encode_content(content: dict[str, Any]) -> bytes:
        """Return the salt's 32 bytes and the event's text; events are too many for more."""
        return Event.plain_of(bytes.fromhex(content["salt"]), str(content["event"]).encode())

    @staticmethod
    def plain_of(salt: bytes, event: bytes) -> bytes:
        return salt + event

    @staticmethod
    def decode_content(plain: bytes) -> dict[str, Any]:
        return {"salt": plain[:SALT_BYTES].hex(), "event": plain[SALT_BYTES:].decode()}

    @property
    def canonical(self) -> bytes:
        return str(self.content["event"]).encode()

    @property
    def salt(self) -> bytes:
        return bytes.fromhex(self.content["salt"])


class Tick(SealedRow):
    """One tick: the entries that it added, as they stand in the log, and what was signed.

    The content holds the salt of the fillings and each party's head with its salt. `entries`
    is the range of leaves as C2SP entry bundles write them, from which tiles are made again
    at any time.
    """

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="tick_rows")
    number = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    old_size = models.BigIntegerField()
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    events = models.PositiveIntegerField()
    entries = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["log", "number"], name="record_tick_number"),
            models.UniqueConstraint(fields=["log", "size"], name="record_tick_size"),
        ]
        indexes: ClassVar = [models.Index(fields=["log", "made_at"], name="record_tick_time")]


class Chain(models.Model):
    """The running sum of all entries that were written for one party."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="chains")
    audience = models.UUIDField()
    count = models.BigIntegerField(default=0)
    chain = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["log", "audience"], name="record_chain_party")
        ]


class AuditedRow(models.Model):
    """A row whose every state stands, as a digest, in the newest event that names it."""

    unaudited: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    def row_label(self) -> str:
        return f"{self._meta.label_lower}:{self.pk}"

    def row_state(self) -> dict[str, Any]:
        """Return the row's audited columns as JSON values, sealed content opened."""
        from openhns.record.rows import row_state  # noqa: PLC0415 - rows imports this module.

        return row_state(self)
