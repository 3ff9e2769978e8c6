"""Deliver one transmission: its envelopes into the mailbox, then the mark in the record.

Killed between any two steps, the next call finds what was done and goes on from there.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from openhns.notices.batches import transmission_body
from openhns.notices.channels.mailbox import transport
from openhns.notices.channels.mailbox.form import Addressed
from openhns.notices.envelope import Envelope
from openhns.notices.errors import MailboxDamaged, ProofNotReady
from openhns.notices.events import NoticesEvent
from openhns.notices.models import Notice, Transmission
from openhns.parties.access import participates_at
from openhns.record.models import Log
from openhns.record.openings import Opening, openings_about
from openhns.record.writing import NewEvent, find_log, write_event

_AT_ONCE: Final = 2_500  # Each time the log's tiles are read and hashed again.


def deliver(transmission_id: UUID) -> bool:
    """Deliver a transmission if it is still to leave; return whether it has left.

    False where the party takes no part any more: it stays prepared. Raises ProofNotReady for a
    routine transmission whose tick is not published, MailboxUnwritable, MailboxDamaged.
    """
    transmission = _found(transmission_id)
    # 1. What has left is not sent again.
    if transmission.status != Transmission.Status.PREPARED:
        return transmission.status == Transmission.Status.TRANSMITTED
    # 2. Nothing goes to a party that takes no part.
    if not participates_at(transmission.party, timezone.now()):
        return False
    # 3. A file that lies there was written before a crash: it must be this transmission's.
    if transport.file_of(transmission).exists():
        require_whole(transmission)
        digest = transport.sha256_of(transport.file_of(transmission))
    else:
        with_proof = not transmission.proof_follows
        digest = transport.put(transmission, _envelopes(transmission, with_proof=with_proof))
    # 4. The mark, and the event that says so.
    _mark_transmitted(transmission_id, digest)
    return True


def send_proof(transmission_id: UUID) -> bool:
    """Let the proof follow a transmission that left before it; return whether it has followed."""
    transmission = _found(transmission_id)
    waits = transmission.proof_follows and transmission.proof_sent_at is None
    if not waits or transmission.status != Transmission.Status.TRANSMITTED:
        return transmission.proof_sent_at is not None
    if not transport.file_of(transmission, transport.PROOFS).exists():
        transport.put(transmission, _envelopes(transmission, with_proof=True), transport.PROOFS)
    require_whole(transmission, transport.PROOFS)
    _mark_proof_sent(transmission_id)
    return True


def _found(transmission_id: UUID) -> Transmission:
    return Transmission.objects.select_related("party").get(id=transmission_id)


def _envelopes(transmission: Transmission, *, with_proof: bool) -> Iterator[Addressed]:
    log = find_log(transmission.mechanism_id)
    rows = Notice.objects.filter(transmission=transmission).order_by("number")
    columns = rows.values_list("id", "scope", "sealed")
    first = transmission.first_number
    for start in range(first, transmission.last_number + 1, _AT_ONCE):
        notices = list(columns.filter(number__range=(start, start + _AT_ONCE - 1)))
        openings = _openings(log, [notice_id for notice_id, *_ in notices]) if with_proof else {}
        for notice_id, scope, sealed in notices:
            jws = str(Notice.open_content(scope, notice_id, sealed)["jws"])
            yield notice_id, Envelope(jws, openings.get(notice_id))


def _openings(log: Log, notice_ids: list[UUID]) -> dict[UUID, Opening]:
    found = openings_about(log, NoticesEvent.PREPARED, notice_ids)
    opened = {notice_id: opening for notice_id, opening in found if opening}
    if len(opened) != len(notice_ids):
        raise ProofNotReady(
            "The log does not hold these notices yet: they leave with the next tick "
            "(`openhns tick`, then `openhns transmit`)."
        )
    return opened


def require_whole(transmission: Transmission, kind: str = transport.ENVELOPES) -> None:
    """Raise MailboxDamaged unless the file holds exactly the notices of its transmission."""
    expected = dict(Notice.objects.filter(transmission=transmission).values_list("id", "number"))
    lying = [notice_id for notice_id, _ in transport.read(transmission, kind)]
    if sorted(lying) != sorted(expected):
        raise MailboxDamaged(
            f"The mailbox file of transmission {transmission.id} does not hold its notices: it "
            "was cut short or exchanged. Put back the file that was written."
        )


def _mark_transmitted(transmission_id: UUID, digest: str) -> None:
    with transaction.atomic():
        row = Transmission.objects.select_for_update().get(id=transmission_id)
        if row.status != Transmission.Status.PREPARED:
            return
        row.status = Transmission.Status.TRANSMITTED
        row.transmitted_at = timezone.now()
        row.delivered_sha256 = digest
        row.save(update_fields=["status", "transmitted_at", "delivered_sha256"])
        _write(row, NoticesEvent.TRANSMITTED, row.transmitted_at)


def _mark_proof_sent(transmission_id: UUID) -> None:
    with transaction.atomic():
        row = Transmission.objects.select_for_update().get(id=transmission_id)
        if row.proof_sent_at is None:
            row.proof_sent_at = timezone.now()
            row.save(update_fields=["proof_sent_at"])
            _write(row, NoticesEvent.PROOF_SENT, row.proof_sent_at)


def _write(row: Transmission, name: NoticesEvent, moment: datetime) -> None:
    body = {**transmission_body(row), "delivered_sha256": row.delivered_sha256}
    event = NewEvent(
        name,
        "transmission",
        row.id,
        body,
        audience=row.party_id,
        rows=[row],
        happened_at=moment,
    )
    write_event(find_log(row.mechanism_id), event)
