"""Transmit: prepare, tick, deliver. Cryptography never delays a warning."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from django.utils import timezone

from openhns.mechanism.access import require_role
from openhns.mechanism.models import Mechanism, Person, Role
from openhns.notices.actions.preparing import do_prepare
from openhns.notices.delivering import deliver, send_proof
from openhns.notices.errors import NoticesError
from openhns.notices.models import Notice, Transmission
from openhns.parties.access import participates_at, parties_of, require_participating
from openhns.parties.models import Party
from openhns.record.actions import do_tick
from openhns.record.errors import RecordError
from openhns.record.writing import find_log
from openhns.tlog.errors import TlogError

log = structlog.get_logger(__name__)

Failure = Exception
_EXPECTED = (RecordError, TlogError, NoticesError, OSError)


@dataclass
class Report:
    """What a run of `transmit` did: the transmissions that it met, and what went wrong.

    `skipped` are parties that take no part. `failures` say what did not work, in the order in
    which it did not; the transmissions concerned stay prepared and leave with the next run.
    """

    transmissions: list[Transmission] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    skipped: list[Party] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def notice_ids(self) -> list[UUID]:
        """The notices that left in this run, by party and number."""
        left = [t.id for t in self.transmissions if t.status == Transmission.Status.TRANSMITTED]
        rows = Notice.objects.filter(transmission_id__in=left).order_by("party_id", "number")
        return list(rows.values_list("id", flat=True))


def do_transmit(
    mechanism: Mechanism,
    party: Party | None = None,
    urgent: bool = False,  # noqa: FBT001, FBT002 - the contract's signature.
    *,
    acting_user: Person,
) -> Report:
    """Send what each participating party, or the one named, is due.

    Raises PartyNotParticipating for a party that was named, and the errors of `do_prepare`,
    before anything is numbered. A tick that fails holds back routine transmissions alone.
    """
    require_role(acting_user, mechanism, Role.Name.TRANSMITTER)
    report = _parties(mechanism, party)
    # 1. Number and sign what is due. Nothing is numbered if the log is not in step.
    do_prepare(mechanism, party, urgent, acting_user=acting_user)
    waiting = _waiting(report.parties)
    # 2. Urgent warnings leave before anything else is tried.
    urgent_ones = [item.id for item in waiting if item.proof_follows]
    _each(report, deliver, urgent_ones)
    # 3. The log takes up what was prepared.
    ticked = _tick(report, mechanism)
    # 4. Routine transmissions leave with their proofs, and proofs follow what left before them.
    if ticked:
        _each(report, deliver, [item.id for item in waiting if not item.proof_follows])
        _each(report, send_proof, _without_proof(report.parties))
        # 5. The log takes up that they left.
        _tick(report, mechanism)
    report.transmissions = _found([item.id for item in waiting])
    return report


def do_transmit_urgent(
    mechanism: Mechanism, party: Party | None = None, *, acting_user: Person
) -> Report:
    """Send the urgent notices alone, at once; their proofs follow by due work.

    Raises as `do_transmit` does.
    """
    require_role(acting_user, mechanism, Role.Name.TRANSMITTER)
    report = _parties(mechanism, party)
    do_prepare(mechanism, party, urgent_only=True, acting_user=acting_user)
    ids = [item.id for item in _waiting(report.parties) if item.proof_follows]
    _each(report, deliver, ids)
    report.transmissions = _found(ids)
    return report


def _found(ids: Sequence[UUID]) -> list[Transmission]:
    found = Transmission.objects.filter(id__in=ids).select_related("party")
    return list(found.order_by("first_number"))


def _parties(mechanism: Mechanism, party: Party | None) -> Report:
    now = timezone.now()
    if party is not None:
        require_participating(party, now)
        return Report(parties=[party])
    report = Report()
    for item in parties_of(mechanism):
        (report.parties if participates_at(item, now) else report.skipped).append(item)
    return report


def _waiting(parties: Iterable[Party]) -> list[Transmission]:
    """Find all that is prepared, of earlier runs too: a killed one left it."""
    prepared = Transmission.objects.filter(
        party__in=list(parties), status=Transmission.Status.PREPARED
    )
    return list(prepared.order_by("first_number"))


def _without_proof(parties: Iterable[Party]) -> list[UUID]:
    left = Transmission.objects.filter(
        party__in=list(parties),
        status=Transmission.Status.TRANSMITTED,
        proof_follows=True,
        proof_sent_at=None,
    )
    return list(left.order_by("first_number").values_list("id", flat=True))


def _each(report: Report, act: Callable[[UUID], bool], ids: Iterable[UUID]) -> None:
    for transmission_id in ids:
        try:
            act(transmission_id)
        except _EXPECTED as error:
            _note(report, error, str(transmission_id))


def _tick(report: Report, mechanism: Mechanism) -> bool:
    try:
        do_tick(find_log(mechanism.id).id)
    except _EXPECTED as error:
        _note(report, error, str(mechanism.id))
        return False
    return True


def _note(report: Report, error: Exception, subject: str) -> None:
    report.failures.append(error)
    code = getattr(error, "code", type(error).__name__)
    log.warning("transmit_held_back", subject=subject, code=code)
