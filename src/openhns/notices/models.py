"""Notice, transmission, receipt, reply and objection.

The rows of this room are named in events that a party may be shown, so their plain columns
hold nothing but random identifiers, states, times and what that party was told.

A notice never changes once it is written: what became of it is read from its transmission, its
receipts and its objections, each of which has an event of its own.
"""

from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from django.db import models

from openhns.mechanism.models import Mechanism
from openhns.parties.models import Party, PartyKey
from openhns.record.models import AuditedRow
from openhns.registry.models import Listing, Version
from openhns.vault.models import SealedRow


class Transmission(AuditedRow):
    """A batch of notices, numbered without gaps, that goes to one party through one channel.

    `proof_follows`: it leaves before its proof is ready, which is sent at `proof_sent_at`.
    `delivered_sha256` is of the file that was delivered, as it lies there.
    """

    class Status(models.TextChoices):
        PREPARED = "prepared"
        TRANSMITTED = "transmitted"
        FAILED = "failed"
        UNKNOWN = "unknown"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="transmissions")
    channel = models.CharField(max_length=20)
    status = models.CharField(max_length=12, choices=Status, default=Status.PREPARED)
    first_number = models.PositiveBigIntegerField()
    last_number = models.PositiveBigIntegerField()
    proof_follows = models.BooleanField(default=False)
    prepared_at = models.DateTimeField()
    transmitted_at = models.DateTimeField(null=True)
    proof_sent_at = models.DateTimeField(null=True)
    delivered_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "first_number"], name="transmission_numbers")
        ]


class Notice(AuditedRow, SealedRow):
    """One message to one party. Content: `jws`, the signed bytes.

    `reference` is random, known to this party alone, and lives from an alert to its cancel. At
    the presence grade it names a district's count, stays inside, and there is no listing.
    `waits` says that no final answer came yet: read off the answers, for the inbox's order alone.
    """

    unaudited: ClassVar[frozenset[str]] = frozenset({"waits"})

    class Kind(models.TextChoices):
        ALERT = "alert"
        UPDATE = "update"
        CANCEL = "cancel"

    class Status(models.TextChoices):
        PREPARED = "prepared"
        TRANSMITTED = "transmitted"
        RECEIVED = "received"
        ACKNOWLEDGED = "acknowledged"
        OBJECTED = "objected"
        QUERIED = "queried"
        FAILED = "failed"
        UNKNOWN = "unknown"

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="notices")
    listing = models.ForeignKey(  # The index below finds it, with its party.
        Listing, on_delete=models.PROTECT, related_name="notices", null=True, db_index=False
    )
    version = models.ForeignKey(
        Version, on_delete=models.PROTECT, related_name="notices", null=True
    )
    transmission = models.ForeignKey(Transmission, on_delete=models.PROTECT, related_name="notices")
    reference = models.UUIDField()
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    grade = models.CharField(max_length=10)
    urgent = models.BooleanField(default=False)
    prepared_at = models.DateTimeField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    jws_sha256 = models.CharField(max_length=64)
    waits = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "number"], name="notice_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["reference"], name="notice_reference"),
            models.Index(fields=["listing", "party"], name="notice_told"),
            models.Index(
                fields=["party", "-urgent", "number"],
                condition=models.Q(waits=True),
                name="notice_waiting",
            ),
            models.Index(
                fields=["party", "number"],
                condition=models.Q(waits=False),
                name="notice_answered",
            ),
        ]

    @property
    def jws(self) -> str:
        return str(self.content["jws"])

    @property
    def transmitted_at(self) -> datetime | None:
        return self.transmission.transmitted_at


class Receipt(AuditedRow, SealedRow):
    """What a party said back to one notice.

    Content: `echelon`, and `jws`, or `document` {id, sha256, name}, or `words` and `who`; a
    query has its `question`.

    Grade: A signed by the party's own tool, B by a key in our page, C an authenticated e-mail
    or a letter on file, D a call or message that the operator logged, or a query typed unsigned.
    """

    class Answer(models.TextChoices):
        RECEIVED = "received"
        ACKNOWLEDGED = "acknowledged"
        QUERIED = "queried"

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="receipts")
    grade = models.CharField(max_length=1)
    answer = models.CharField(max_length=12, choices=Answer)
    bulk = models.BooleanField(default=False)
    machine = models.BooleanField(default=False)
    key = models.ForeignKey(PartyKey, on_delete=models.PROTECT, null=True)
    answered_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    idempotency_key = models.BinaryField(max_length=32, unique=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["scope", "answered_at"],
                condition=models.Q(answer="queried"),
                name="receipt_query",
            )
        ]

    @property
    def question(self) -> str:
        """What a query asks; a call's log is its question, and before version 2 there was none."""
        return str(self.content.get("question") or self.content.get("words", ""))


class Reply(AuditedRow, SealedRow):
    """What the operator replied to a party's query; it is shown to that party.

    Content: `words`, and `by`, the handle of who replied.
    """

    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="reply")
    replied_at = models.DateTimeField()


class Objection(AuditedRow, SealedRow):
    """What a party objects to one notice. It changes no status by itself.

    Content: `grounds`, `answer`; where it came through the pages `made_by`, and where it is
    signed `jws` and the key's `kid`.

    Grade: as a receipt's.
    """

    unaudited: ClassVar[frozenset[str]] = frozenset({"idempotency_key"})

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="objections")
    warning = models.BooleanField(default=False)
    time_limit = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    grade = models.CharField(max_length=1)
    idempotency_key = models.BinaryField(max_length=32, null=True, unique=True)
