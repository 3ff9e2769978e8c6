"""Keep versions: rows and events of a batch, in the caller's transaction."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db.models import Max
from django.utils import timezone

from openhns.mechanism.models import Organisation, Person
from openhns.record.names import EventName
from openhns.record.writing import NewEvent, find_log, write_events
from openhns.registry.checks.finding import Finding, worst
from openhns.registry.drafts import Draft
from openhns.registry.events import RegistryEvent
from openhns.registry.models import Check, Listing, Version
from openhns.registry.register import batches

BATCH: Final = 500
_EVENTS: Final[Mapping[str, EventName]] = {
    Listing.Kind.SITE: RegistryEvent.SITE_SUBMITTED,
    Listing.Kind.MOVEMENT: RegistryEvent.MOVEMENT_SUBMITTED,
}


@dataclass(frozen=True, slots=True)
class Submitter:
    """For which organisation, by whom and in which role something is submitted."""

    organisation: Organisation
    person: Person
    actor: str

    @property
    def scope(self) -> UUID:
        return self.organisation.mechanism_id


@dataclass(frozen=True, slots=True)
class Addition:
    """One version to be kept. `listing` is None for what is registered for the first time."""

    draft: Draft
    findings: Sequence[Finding]
    reference: Mapping[str, Any]
    action: Version.Action = Version.Action.ADD
    listing: Listing | None = None
    own_id_hash: bytes | None = None
    idempotency_key: bytes | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)
    asked: str = ""


@dataclass(slots=True)
class _Rows:
    addition: Addition
    listing: Listing
    version: Version
    check: Check


def keep(additions: Sequence[Addition], by: Submitter) -> list[Version]:
    """Write every addition with its event; return the versions in the order given.

    Existing listings are locked by the caller. An earlier version that still waits for a
    decision is returned: the newer one takes its place.
    """
    now = timezone.now()
    numbers = _newest_numbers([item.listing.id for item in additions if item.listing])
    made = [_rows(item, by, now, numbers) for item in additions]
    shuffled = _shuffled(made)
    _insert(shuffled)
    superseded = _supersede([rows for rows in shuffled if rows.addition.listing])
    events = [_event(rows, by, superseded.get(rows.listing.id, ())) for rows in shuffled]
    write_events(find_log(by.scope), events)
    return [rows.version for rows in made]


def _shuffled(made: Sequence[_Rows]) -> list[_Rows]:
    """Return the rows in no order at all.

    Written in a sheet's order, the n-th listing of a stolen database would be the n-th row of a
    register that anybody can download.
    """
    shuffled = list(made)
    secrets.SystemRandom().shuffle(shuffled)
    return shuffled


def _rows(item: Addition, by: Submitter, now: datetime, numbers: Mapping[UUID, int]) -> _Rows:
    listing = item.listing or _listing(item, by, now)
    verdict = worst(item.findings)
    version = Version(
        id=uuid4(),
        scope=by.scope,
        listing=listing,
        number=numbers.get(listing.id, 0) + 1,
        action=item.action,
        urgent=item.draft.urgent,
        submitted_at=now,
        submitted_by=by.person,
        valid_from=item.draft.valid_from or now,
        valid_until=item.draft.valid_until,
        idempotency_key=item.idempotency_key,
        checks_worst=str(verdict),
    )
    origin = {"origin": dict(item.origin)} if item.origin else {}
    version.seal_content(item.draft.content | origin)
    check = Check(id=uuid4(), scope=by.scope, version=version, run_at=now)
    findings = [finding.to_json() for finding in item.findings]
    asked = {"asked": item.asked} if item.asked else {}
    check.seal_content({"findings": findings, "reference": dict(item.reference), **asked})
    return _Rows(item, listing, version, check)


def _listing(item: Addition, by: Submitter, now: datetime) -> Listing:
    return Listing(
        id=uuid4(),
        kind=item.draft.kind,
        mechanism_id=by.scope,
        organisation=by.organisation,
        own_id_hash=item.own_id_hash,
        registered_at=now,
    )


def _newest_numbers(listing_ids: Sequence[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for batch in batches(listing_ids, BATCH):
        numbered = Version.objects.filter(listing_id__in=batch).values_list("listing_id")
        found.update(numbered.annotate(Max("number")))
    return found


def _insert(rows: Sequence[_Rows]) -> None:
    new = [item.listing for item in rows if item.addition.listing is None]
    Listing.objects.bulk_create(new, batch_size=BATCH)
    Version.objects.bulk_create([item.version for item in rows], batch_size=BATCH)
    Check.objects.bulk_create([item.check for item in rows], batch_size=BATCH)
    for item in rows:
        closed = item.addition.listing is not None and item.listing.status == Listing.Status.CLOSED
        if closed:  # Registered again after it was removed.
            item.listing.status = Listing.Status.PENDING
            item.listing.save(update_fields=["status"])


def _supersede(rows: Sequence[_Rows]) -> dict[UUID, list[Version]]:
    newest = {item.listing.id: item.version for item in rows}
    found: dict[UUID, list[Version]] = {}
    for batch in batches(list(newest), BATCH):
        waiting = Version.objects.filter(listing_id__in=batch, status=Version.Status.SUBMITTED)
        for version in waiting:
            if version.id != newest[version.listing_id].id:
                version.status = Version.Status.RETURNED
                found.setdefault(version.listing_id, []).append(version)
    ids = [version.id for older in found.values() for version in older]
    for batch in batches(ids, BATCH):
        Version.objects.filter(id__in=batch).update(status=Version.Status.RETURNED)
    return found


def _event(rows: _Rows, by: Submitter, superseded: Sequence[Version]) -> NewEvent:
    version, listing = rows.version, rows.listing
    body = {
        "version": str(version.id),
        "number": version.number,
        "action": str(version.action),
        "checks": version.checks_worst,
        "by": by.person.handle,
        **({"sheet": dict(rows.addition.origin)} if rows.addition.origin else {}),
        **({"replaces": [older.number for older in superseded]} if superseded else {}),
    }
    return NewEvent(
        _EVENTS[listing.kind],
        str(listing.kind),
        listing.id,
        body,
        rows=[listing, version, rows.check, *superseded],
        actor=by.actor,
        happened_at=version.submitted_at,
    )
