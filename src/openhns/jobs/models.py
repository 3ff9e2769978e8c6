"""Due work."""

from typing import ClassVar
from uuid import uuid4

from django.db import models


class DueWork(models.Model):
    """One thing to do: a handler's name and a subject's id, never a place, name or contact."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    handler = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="due_work_next")]
