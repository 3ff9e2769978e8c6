"""Incident, claim, match and certificate."""

from typing import ClassVar

from django.db import models

from openhns.mechanism.models import Mechanism
from openhns.notices.models import Notice
from openhns.parties.models import Party
from openhns.record.models import AuditedRow
from openhns.vault.models import SealedRow


class Incident(AuditedRow, SealedRow):
    """One reported attack: what the claims speak of. Content: `title`.

    Where and when it was is what each claim says; claims never overwrite each other.
    """

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT)
    source_hash = models.BinaryField(max_length=32, null=True)
    reported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mechanism", "source_hash"], name="incident_once")
        ]


class Claim(AuditedRow, SealedRow):
    """What one source says, verbatim.

    Content: `source`, `verbatim` (all cells as they came, by column), `words`, `position`
    {lat_e7, lon_e7} or null, `precision_m` or null where it is unbounded, `from`, `until`.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="claims")
    claim_hash = models.BinaryField(max_length=32)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "claim_hash"], name="claim_once")
        ]


class Match(AuditedRow, SealedRow):
    """One claim against one notice that a party held. Content: `distance_m`, `reasons`."""

    class Verdict(models.TextChoices):
        CERTAIN = "certain"
        POSSIBLE = "possible"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="matches")
    party = models.ForeignKey(Party, on_delete=models.PROTECT)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="matches")
    verdict = models.CharField(max_length=8, choices=Verdict)
    matched_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "notice"], name="match_once")
        ]
