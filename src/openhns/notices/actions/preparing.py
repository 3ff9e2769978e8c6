"""Prepare notices: what each party is due now, by open consents and cleared versions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from openhns.mechanism.access import require_role
from openhns.mechanism.models import Mechanism, Person, Role
from openhns.notices.batches import batch_for, write_batch
from openhns.notices.changes import changes_of
from openhns.notices.channels.mailbox import transport
from openhns.notices.models import Transmission
from openhns.notices.numbering import next_place
from openhns.notices.situation import Change, Situation
from openhns.notices.told import told_to
from openhns.notices.wanted import OpenedVersions, wanted_for
from openhns.parties.access import participates_at, participating_parties, require_participating
from openhns.parties.models import Party
from openhns.record.guard import require_in_step
from openhns.record.models import Log
from openhns.record.writing import find_log
from openhns.registry.models import Version


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was prepared for one party: at most an urgent transmission and a routine one."""

    party: Party
    transmissions: tuple[Transmission, ...]


def do_prepare(
    mechanism: Mechanism,
    party: Party | None = None,
    urgent: bool = False,  # noqa: FBT001, FBT002 - the contract's signature.
    *,
    urgent_only: bool = False,
    acting_user: Person,
) -> list[Prepared]:
    """Make the notices that each participating party is due; one transaction per party.

    With `urgent` all of them leave before their proof; otherwise those whose version is urgent.
    With `urgent_only` the latter alone are made, however many others wait.
    Raises PartyNotParticipating for a party that was named and takes no part; LogBehind and
    the other errors of `record.guard`, and MailboxAhead, before any number is used again.
    """
    require_role(acting_user, mechanism, Role.Name.TRANSMITTER)
    now = timezone.now()
    if party is not None:
        require_participating(party, now)
    log = find_log(mechanism.id)
    require_in_step(log)
    parties = [party] if party else participating_parties(mechanism, now)
    due = due_urgent if urgent_only else due_changes
    run = _Run(log, mechanism, OpenedVersions(), due)
    prepared = [_prepare_party(run, item, urgent=urgent) for item in parties]
    return [item for item in prepared if item.transmissions]


def due_changes(party: Party, versions: OpenedVersions, moment: datetime) -> list[Change]:
    """Return the notices that a party is due at a moment; writes nothing."""
    return changes_of(Situation(told_to(party), wanted_for(party), versions, moment))


def due_urgent(party: Party, versions: OpenedVersions, moment: datetime) -> list[Change]:
    """Return the urgent ones alone: a large register is not looked through for them."""
    listings = urgent_listings(party.mechanism_id)
    told, wants = told_to(party, listings), wanted_for(party, listings)
    found = changes_of(Situation(told, wants, versions, moment))
    return [change for change in found if change.urgent]


def urgent_listings(mechanism_id: UUID) -> set[UUID]:
    """Return the listings of which an urgent version was ever cleared."""
    rows = Version.objects.filter(scope=mechanism_id, urgent=True).values_list(
        "listing_id", "status"
    )  # Few. By their status a database might look through all that were ever cleared.
    return {listing for listing, status in rows if status == Version.Status.CLEARED}


@dataclass(frozen=True, slots=True)
class _Run:
    """What the parties of one run share; `due` says what each is told."""

    log: Log
    mechanism: Mechanism
    versions: OpenedVersions
    due: Callable[[Party, OpenedVersions, datetime], list[Change]]


def _prepare_party(run: _Run, party: Party, *, urgent: bool) -> Prepared:
    with transaction.atomic():
        # 1. Whoever holds the party's row numbers; everybody else waits here.
        place = next_place(party)
        # 2. Numbers that have left already, unknown to this database, must not be used again.
        transport.require_in_step(party)
        # 3. The clock and the party's status are read under the lock.
        moment = timezone.now()
        if not participates_at(party, moment):
            return Prepared(party, ())
        # 4. What is due now, urgent warnings under the lower numbers.
        changes = run.due(party, run.versions, moment)
        batch = batch_for(run.log, run.mechanism, party, moment)
        made: list[Transmission] = []
        for some, at_once in _split(changes, urgent=urgent):
            transmission, place = write_batch(batch, some, place, urgent=at_once)
            made.append(transmission)
        return Prepared(party, tuple(made))


def _split(changes: Sequence[Change], *, urgent: bool) -> list[tuple[list[Change], bool]]:
    at_once = [change for change in changes if urgent or change.urgent]
    routine = [change for change in changes if not (urgent or change.urgent)]
    return [(some, flag) for some, flag in ((at_once, True), (routine, False)) if some]
