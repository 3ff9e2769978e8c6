"""Party, participation, focal point and party key."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from openhns.mechanism.models import Mechanism
from openhns.record.models import AuditedRow
from openhns.vault.models import SealedRow


class Party(AuditedRow):
    """A party to the conflict. Its name and participation are public by nature."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="parties")
    name = models.CharField(max_length=200)
    joined_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mechanism", "name"], name="party_once")
        ]


class Participation(AuditedRow, SealedRow):
    """One dated statement on a party's participation; the newest by `effective_at` holds.

    A withdrawal may be stated for the past or the future; `recorded_at` says when we learned
    of it. Content: `reason`, `document`.
    """

    class Status(models.TextChoices):
        PARTICIPATING = "participating"
        SUSPENDED = "suspended"
        WITHDRAWN = "withdrawn"

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="participations")
    status = models.CharField(max_length=16, choices=Status)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()


class FocalPoint(AuditedRow, SealedRow):
    """Whom the operator reaches at a party; content: `name`, `email`, `phone`, `echelon`."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="focal_points")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)


class PartyKey(AuditedRow):
    """A party's public Ed25519 key. `grade` is what its receipts prove: A or B.

    `possession` is the JWS by which the holder proved to have the private key.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="keys")
    kid = models.CharField(max_length=43)
    public_key = models.BinaryField(max_length=32)
    grade = models.CharField(max_length=1)
    possession = models.TextField()
    registered_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kid"], name="party_key_once"),
            models.CheckConstraint(condition=Q(grade__in=["A", "B"]), name="party_key_grade"),
        ]
