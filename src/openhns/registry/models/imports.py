"""A sheet that was imported, so that the same sheet is not imported twice."""

from typing import ClassVar

from django.db import models

from openhns.mechanism.models import Mechanism, Organisation
from openhns.record.models import AuditedRow
from openhns.vault.models import SealedRow


class SheetImport(AuditedRow, SealedRow):
    """Content: `file_name`, `mapping`, `findings` by row, so that a repeated import answers alike.

    `file_hash` is keyed: a guess at a file cannot be tested against the database.
    """

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    file_hash = models.BinaryField(max_length=32)
    rows = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    warned = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    imported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "file_hash"], name="sheet_once")
        ]
