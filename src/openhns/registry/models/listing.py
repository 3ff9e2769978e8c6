"""What is registered: a site or a movement, as a chain of immutable versions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openhns.mechanism.models import Mechanism, Organisation, Person
from openhns.record.models import AuditedRow
from openhns.vault.models import SealedRow


class Listing(AuditedRow):
    """One site or one movement. What it is and where stands in its versions.

    `own_id_hash` is the keyed hash of the organisation's own identifier, where it gave one.
    """

    class Kind(models.TextChoices):
        SITE = "site"
        MOVEMENT = "movement"

    class Status(models.TextChoices):
        PENDING = "pending"
        ACTIVE = "active"
        DUE = "due"
        LAPSED = "lapsed"
        CLOSED = "closed"
        CLEARED = "cleared"
        UNDER_WAY = "under way"
        ENDED = "ended"

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    own_id_hash = models.BinaryField(max_length=32, null=True)
    registered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "own_id_hash"],
                condition=Q(own_id_hash__isnull=False),
                name="listing_own_id_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "kind", "-registered_at", "-id"], name="listing_newest"
            )
        ]


class Version(AuditedRow, SealedRow):
    """One version of a listing. The content never changes; only `status` moves.

    Content of a site: `name`, `name_local`, `aliases`, `type`, `category`, `function`,
    `operator`, `own_id`, `country` (ISO3), `admin1`, `admin2`, `pcode`,
    `position` {lat_e7, lon_e7, accuracy_m, method, notation, decimals}, `footprint`,
    `entrance`, `functioning_status`, `contact`, `phone`. Content of a movement: `name`,
    `purpose`, `category`, `waypoints` [{lat_e7, lon_e7, at, name}], `vehicles`, `plates`,
    `contact`, `phone`. Absent facts are absent members.
    """

    class Action(models.TextChoices):
        ADD = "add"
        AMEND = "amend"
        REMOVE = "remove"

    class Status(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"
        CLEARED = "cleared"
        RETURNED = "returned"
        REFUSED = "refused"

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=8, choices=Action)
    status = models.CharField(max_length=12, choices=Status, default=Status.SUBMITTED)
    urgent = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    idempotency_key = models.BinaryField(max_length=32, null=True)
    checks_worst = models.CharField(max_length=12)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["listing", "number"], name="version_number"),
            models.UniqueConstraint(fields=["idempotency_key"], name="version_submitted_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status"], name="version_status"),
            models.Index(fields=["scope"], condition=Q(urgent=True), name="version_urgent"),
        ]
