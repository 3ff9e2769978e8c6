"""What stands between a submission and the parties: checks, signature, decision."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from openhns.mechanism.models import Person
from openhns.record.models import AuditedRow
from openhns.registry.models.listing import Version
from openhns.vault.models import SealedRow


class Check(AuditedRow, SealedRow):
    """All named checks of one version, run once.

    Content: `findings`, a list of {name, verdict, field, words, evidence, reviewers_only},
    with verdict `pass`, `warn`, `fail` or `not checked`; and `reference`, the reference data.
    """

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="check_run")
    run_at = models.DateTimeField()


class Signature(AuditedRow):
    """The organisation's second signature on a version."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    signed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "person"], name="signature_once_each")
        ]


class Decision(AuditedRow, SealedRow):
    """One operator's word on a version: clear, return or refuse. Content: `reason`."""

    class Word(models.TextChoices):
        CLEAR = "clear"
        RETURN = "return"
        REFUSE = "refuse"

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="decisions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    word = models.CharField(max_length=8, choices=Word)
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "person"], name="decision_once_each")
        ]
