"""Incident, claim, match and certificate; what an organisation reported and lets be published."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from openhns.mechanism.models import Mechanism, Organisation
from openhns.notices.models import Notice
from openhns.parties.models import Party
from openhns.record.models import AuditedRow
from openhns.registry.models import Listing
from openhns.vault.models import SealedRow


class Incident(AuditedRow, SealedRow):
    """One reported attack: what the claims speak of. Content: `title`, `source`, `source_id`.

    Where and when it was is what each claim says; claims never overwrite each other.
    `source_hash` is the keyed hash of the source and its identifier, or, for a report by hand, of
    its idempotency key or its content: by it the same incident is known again.
    """

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT)
    source_hash = models.BinaryField(max_length=32, null=True)
    reported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mechanism", "source_hash"], name="incident_once")
        ]


class Claim(AuditedRow, SealedRow):
    """What one source says, verbatim; it never changes.

    Content: `source`, `source_id`, `verbatim` (all cells as they came, each beside its header),
    `words`, `facts` (what the source reports of perpetrator and weapon, labelled so), `country`,
    `position` {lat_e7, lon_e7} or null, `precision_m` or null where nothing bounds the place,
    `precision_words`, `from` (null where nobody knows how long before), `until`, `time_form`,
    `findings`, `origin` (how the claim came to us).

    `possible_somewhere` counts the notices that were held at that time and of which it cannot be
    said whether they are about the claimed place; they have no row as matches have.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="claims")
    claim_hash = models.BinaryField(max_length=32)
    recorded_at = models.DateTimeField()
    possible_somewhere = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "claim_hash"], name="claim_once")
        ]


class Match(AuditedRow, SealedRow):
    """One claim against one notice that a party held, where the claim bounds its place.

    Content: `distance_m` (from the claimed position to the middle of what was told), `reasons`.
    """

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


class Certificate(AuditedRow, SealedRow):
    """The status of notification at the time of an incident. Content: `jws`, the signed bytes.

    It holds what several parties were told: it is for the operator, and for the organisation
    if the certificate was made for one.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="certificates")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    issued_at = models.DateTimeField()
    jws_sha256 = models.CharField(max_length=64)

    @property
    def jws(self) -> str:
        return str(self.content["jws"])


class OwnReport(AuditedRow):
    """Which organisation made a claim, and about which of its own places, if about one.

    `idempotency_key` is keyed, and counts within the organisation.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="own_report")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, null=True)
    idempotency_key = models.BinaryField(max_length=32, null=True, unique=True)


class PublicationConsent(AuditedRow, SealedRow):
    """An organisation's agreement that one incident is listed in public.

    Content: `statement`, exactly what it agreed to: `country`, `admin1`, `day_from` (null where
    nobody knows how long before), `day_until`, and `notified`, by party's name.
    """

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="publication_consents"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "organisation"],
                condition=Q(withdrawn_at=None),
                name="publication_consent_one_open",
            )
        ]
