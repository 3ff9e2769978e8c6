"""Notice, transmission, receipt and objection.

The rows of this room are named in events that a party may be shown, so their plain columns
hold nothing but random identifiers, states, times and what that party was told.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from openhns.mechanism.models import Mechanism
from openhns.parties.models import Party, PartyKey
from openhns.record.models import AuditedRow
from openhns.registry.models import Listing, Version
from openhns.vault.models import SealedRow


class OpaqueId(models.Model):
    """The identifier under which one party knows one listing; random, and never shared."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "listing"], name="opaque_id_once")
        ]


class Transmission(AuditedRow):
    """A batch of notices that goes to one party through one channel."""

    class Status(models.TextChoices):
        PREPARED = "prepared"
        TRANSMITTED = "transmitted"
        FAILED = "failed"
        UNKNOWN = "unknown"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT)
    party = models.ForeignKey(Party, on_delete=models.PROTECT)
    channel = models.CharField(max_length=20)
    status = models.CharField(max_length=12, choices=Status, default=Status.PREPARED)
    prepared_at = models.DateTimeField()
    transmitted_at = models.DateTimeField(null=True)
    proof_follows = models.BooleanField(default=False)
    delivered_sha256 = models.CharField(max_length=64, blank=True)


class Notice(AuditedRow, SealedRow):
    """One message to one party about one version. Content: `jws`, the signed bytes."""

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
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="notices")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="notices")
    transmission = models.ForeignKey(Transmission, on_delete=models.PROTECT, related_name="notices")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    grade = models.CharField(max_length=10)
    urgent = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.PREPARED)
    prepared_at = models.DateTimeField()
    transmitted_at = models.DateTimeField(null=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    jws_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "number"], name="notice_number"),
            models.UniqueConstraint(fields=["party", "version", "kind"], name="notice_once"),
        ]


class Receipt(AuditedRow, SealedRow):
    """What a party said back to one notice. Content: `jws`, or `document` and `words`.

    Grade: A signed by the party's own tool, B by a key in our page, C an authenticated e-mail
    or a letter on file, D a call or message that the operator logged.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="receipts")
    grade = models.CharField(max_length=1)
    answer = models.CharField(max_length=12)  # received, acknowledged, queried
    echelon = models.CharField(max_length=40, blank=True)
    bulk = models.BooleanField(default=False)
    machine = models.BooleanField(default=False)
    key = models.ForeignKey(PartyKey, on_delete=models.PROTECT, null=True)
    answered_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    idempotency_key = models.BinaryField(max_length=32, unique=True)


class Objection(AuditedRow, SealedRow):
    """Content: `grounds`, `answer`. It changes no status by itself."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="objections")
    warning = models.BooleanField(default=False)
    time_limit = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    grade = models.CharField(max_length=1)
