"""A party leaves: stated, computed, recorded, and told to every organisation."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from openhns.jobs.actions import enqueue
from openhns.mechanism.access import require_role
from openhns.mechanism.actions import do_write_note
from openhns.mechanism.models import Note, Person, Role
from openhns.notices.departure_note import departure_note
from openhns.notices.due import WITHDRAWAL
from openhns.notices.errors import AlreadyWithdrawn, TextMissing
from openhns.notices.implications import (
    Implications,
    implications_of,
    participations_after,
)
from openhns.parties.access import participation_at
from openhns.parties.actions import do_state_participation
from openhns.parties.events import PartiesEvent
from openhns.parties.models import Participation, Party
from openhns.record.writing import NewEvent, find_log, write_event
from openhns.registry.actions import do_suspend_consents


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a withdrawal means, and what was done; nothing was done in a dry run."""

    implications: Implications
    dry_run: bool
    suspended: int = 0
    note: Note | None = None


def do_withdraw(
    party: Party,
    effective_at: datetime,
    reason: str,
    *,
    dry_run: bool = False,
    acting_user: Person,
) -> Withdrawal:
    """Record that a party takes no part from a time on, past or future, and what follows.

    From a time to come, transmissions go on until then, and consents are suspended then. A dry
    run writes nothing. Raises TextMissing, AlreadyWithdrawn.
    """
    require_role(acting_user, party.mechanism, Role.Name.ADMINISTRATOR)
    if not reason.strip():
        raise TextMissing("A withdrawal has a reason, if only that none was stated.")
    if dry_run:
        _require_participating(party, effective_at)
        return Withdrawal(implications_of(party, effective_at), dry_run=True)
    with transaction.atomic():
        # Whoever numbers notices to this party waits, so that what it holds is what is recorded.
        locked = Party.objects.select_for_update().select_related("mechanism").get(id=party.id)
        _require_participating(locked, effective_at)
        found = implications_of(locked, effective_at)
        _end_later_participation(locked, effective_at, reason, acting_user)
        stated = do_state_participation(
            locked,
            Participation.Status.WITHDRAWN,
            effective_at,
            reason,
            acting_user=acting_user,
        )
        suspended = _suspend(locked, stated, acting_user)
        text = departure_note(locked, effective_at)
        note = do_write_note(text, mechanism=locked.mechanism, acting_user=acting_user)
        body = found.as_json() | {
            "consents_suspended": suspended,
            "note": str(note.id),
            "participation": str(stated.id),
            "reason": reason.strip(),
        }
        event = NewEvent(PartiesEvent.PARTY_WITHDRAWN, "party", locked.id, body)
        write_event(find_log(locked.mechanism_id), event)
    return Withdrawal(found, dry_run=False, suspended=suspended, note=note)


def _end_later_participation(
    party: Party, effective_at: datetime, reason: str, acting_user: Person
) -> None:
    """End what was stated to begin after the withdrawal and until now.

    A party that says today that it left in January, and was entered here in March, has left:
    without this the statement of March, being the later one, would hold.
    """
    for began in participations_after(party, effective_at):
        do_state_participation(
            party, Participation.Status.WITHDRAWN, began, reason, acting_user=acting_user
        )


def _suspend(party: Party, stated: Participation, acting_user: Person) -> int:
    if stated.effective_at > timezone.now():
        enqueue(WITHDRAWAL, stated.id, stated.effective_at)
        return 0
    return do_suspend_consents(party, acting_user=acting_user)


def _require_participating(party: Party, moment: datetime) -> None:
    statement = participation_at(party, moment)
    if statement is not None and statement.status == Participation.Status.WITHDRAWN:
        raise AlreadyWithdrawn(
            f"{party.name} is recorded as withdrawn from that time or an earlier one already."
        )
