"""Published editions: public by nature, computed once and never changed."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from openhns.mechanism.models import Mechanism
from openhns.record.models import AuditedRow


class Edition(AuditedRow):
    """What was published on one day. `tables` is what `publication.tables` makes.

    `number` counts from 1; `counted_at` is the moment whose state the tables count.
    `parties` are {id, name}; `incidents` is the list that organisations agreed to.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    day = models.DateField()
    counted_at = models.DateTimeField()
    made_at = models.DateTimeField()
    parties = models.JSONField()
    tables = models.JSONField()
    incidents = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mechanism", "number"], name="edition_number"),
            models.UniqueConstraint(fields=["mechanism", "day"], name="edition_day"),
        ]
