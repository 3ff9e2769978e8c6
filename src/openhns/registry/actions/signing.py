"""The organisation's second signature: another person of its own stands by a version."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from openhns.mechanism.access import require_role
from openhns.mechanism.models import Mechanism, Organisation, Person, Role
from openhns.mechanism.policy import policy_of
from openhns.record.writing import NewEvent, find_log, write_events
from openhns.registry.actions.kept import BATCH
from openhns.registry.errors import AlreadySigned, OwnSubmission, VersionNotWaiting
from openhns.registry.events import RegistryEvent
from openhns.registry.models import Signature, Version
from openhns.registry.register import batches


def do_sign(version: Version, *, acting_user: Person) -> Signature:
    """Sign one submitted version. Raises NotAllowed, VersionNotWaiting, AlreadySigned."""
    organisation = version.listing.organisation
    with transaction.atomic():
        current = Version.objects.select_for_update(no_key=True).get(id=version.id)
        require_role(acting_user, organisation.mechanism, Role.Name.APPROVER, organisation)
        if current.status != Version.Status.SUBMITTED:
            raise VersionNotWaiting(f"The version is {current.status} and waits for no signature.")
        if _is_own(current, organisation.mechanism, acting_user):
            raise OwnSubmission("The second signature is another person's than the submitter's.")
        if current.signatures.filter(person=acting_user).exists():
            raise AlreadySigned("That person has signed this version already.")
        return _sign([current], organisation, acting_user)[0]


def do_sign_all(
    organisation: Organisation, only: Collection[UUID] | None = None, *, acting_user: Person
) -> int:
    """Sign every submitted version that waits for a signature; return how many were signed.

    `only` are the versions that the person was shown. What the person submitted is left for
    somebody else.
    """
    mechanism = organisation.mechanism
    with transaction.atomic():
        require_role(acting_user, mechanism, Role.Name.APPROVER, organisation)
        waiting = Version.objects.select_for_update(no_key=True, of=("self",)).filter(
            listing__organisation=organisation, status=Version.Status.SUBMITTED
        )
        if only is not None:
            waiting = waiting.filter(id__in=only)
        unsigned = waiting.exclude(signatures__person=acting_user).order_by("id")
        mine = [item for item in unsigned if not _is_own(item, mechanism, acting_user)]
        return len(_sign(mine, organisation, acting_user))


def _is_own(version: Version, mechanism: Mechanism, person: Person) -> bool:
    wanted = policy_of(mechanism).second_signature
    return wanted and version.submitted_by_id == person.pk


def _sign(
    versions: Sequence[Version], organisation: Organisation, person: Person
) -> list[Signature]:
    actor = require_role(person, organisation.mechanism, Role.Name.APPROVER, organisation)
    now = timezone.now()
    rows = [
        Signature(id=uuid4(), version=version, person=person, signed_at=now) for version in versions
    ]
    Signature.objects.bulk_create(rows, batch_size=BATCH)
    name = RegistryEvent.VERSION_SIGNED
    events = [
        NewEvent(
            name,
            "version",
            row.version_id,
            {"listing": str(row.version.listing_id), "by": person.handle},
            rows=[row],
            actor=actor,
        )
        for row in rows
    ]
    write_events(find_log(organisation.mechanism_id), events)
    return rows


def signed_versions(version_ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these versions somebody else than their submitter has signed."""
    found: set[UUID] = set()
    for batch in batches(version_ids, BATCH):
        rows = Signature.objects.filter(version_id__in=batch).values_list(
            "version_id", "person_id", "version__submitted_by_id"
        )
        found.update(version for version, person, submitter in rows if person != submitter)
    return found
