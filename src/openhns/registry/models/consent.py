"""Consent: what one organisation lets one party be told about one listing."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openhns.parties.models import Party
from openhns.record.models import AuditedRow
from openhns.registry.models.listing import Listing
from openhns.vault.models import SealedRow


class Grade(models.TextChoices):
    """What a party gets; enforced in the query."""

    EXACT = "exact"
    VICINITY = "vicinity"
    PRESENCE = "presence"


class Consent(AuditedRow, SealedRow):
    """Content: `document`, `words` as they were agreed to. Suspended when a party withdraws."""

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="consents")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="consents")
    grade = models.CharField(max_length=10, choices=Grade)
    given_at = models.DateTimeField()
    suspended_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["listing", "party"], condition=Q(revoked_at=None), name="consent_one_open"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["party", "grade", "suspended_at", "listing", "given_at"],
                condition=Q(revoked_at=None),
                name="consent_open",
            )
        ]
