"""A batch: the notices that a party is due, signed, numbered and recorded in one transaction."""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import uuid4

from openhns.jobs.actions import enqueue
from openhns.mechanism.models import Mechanism
from openhns.mechanism.signing import notice_key
from openhns.notices.due import DELIVER
from openhns.notices.events import NoticesEvent
from openhns.notices.models import Notice, Transmission
from openhns.notices.notice_text import NOTICE_TYPE, Letterhead, notice_text
from openhns.notices.numbering import Place
from openhns.notices.situation import Change
from openhns.parties.models import Party
from openhns.proofs import jws
from openhns.record.inserting import insert
from openhns.record.models import Log
from openhns.record.writing import NewEvent, write_event, write_events

CHANNEL: Final = "mailbox"
_AT_ONCE: Final = 1_000

Sign = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transmission is made from. `head` carries the moment at which it is made."""

    log: Log
    party: Party
    head: Letterhead
    sign: Sign
    moment: datetime


def batch_for(log: Log, mechanism: Mechanism, party: Party, moment: datetime) -> Batch:
    key, kid = notice_key(mechanism)
    head = Letterhead.of(log, mechanism, party, moment)
    return Batch(log, party, head, partial(jws.sign_canonical, key, kid, NOTICE_TYPE), moment)


def shuffled(changes: Sequence[Change]) -> list[Change]:
    """Mix the order, cancels still last: two parties must not find their notices in one order.

    Otherwise the seventeenth exact site of one would be the seventeenth cell of the other.
    """
    mixed = list(changes)
    secrets.SystemRandom().shuffle(mixed)
    return sorted(mixed, key=lambda change: change.kind == Notice.Kind.CANCEL)


def write_batch(
    batch: Batch, changes: Sequence[Change], place: Place, *, urgent: bool
) -> tuple[Transmission, Place]:
    """Write a transmission and its notices; return it and the place after its last notice."""
    transmission = Transmission.objects.create(
        mechanism_id=batch.log.id,
        party=batch.party,
        channel=CHANNEL,
        first_number=place.number,
        last_number=place.number + len(changes) - 1,
        proof_follows=urgent,
        prepared_at=batch.moment,
    )
    mixed = [replace(change, urgent=urgent) for change in shuffled(changes)]
    for start in range(0, len(mixed), _AT_ONCE):
        place = _write_some(batch, transmission, mixed[start : start + _AT_ONCE], place)
    write_event(batch.log, _batched(batch, transmission))
    enqueue(DELIVER, transmission.id)
    return transmission, place


def _write_some(
    batch: Batch, transmission: Transmission, changes: Sequence[Change], place: Place
) -> Place:
    signed = list(_signed(batch, transmission, changes, place))
    insert([notice for notice, _ in signed])
    write_events(batch.log, (_prepared(notice, before) for notice, before in signed))
    last = signed[-1][0]
    return Place(last.number + 1, last.jws_sha256)


def _signed(
    batch: Batch, transmission: Transmission, changes: Sequence[Change], place: Place
) -> Iterator[tuple[Notice, str | None]]:
    for change in changes:
        notice = _notice(batch, transmission, change, place)
        yield notice, place.previous
        place = place.after(notice.jws_sha256)


def _notice(batch: Batch, transmission: Transmission, change: Change, place: Place) -> Notice:
    notice_id = uuid4()
    text = batch.sign(notice_text(batch.head, notice_id, place, change))
    notice = Notice(
        id=notice_id,
        scope=batch.log.id,
        party_id=batch.party.id,
        listing_id=change.listing_id,
        version_id=change.version_id,
        transmission_id=transmission.id,
        reference=change.reference,
        number=place.number,
        kind=str(change.kind),
        grade=str(change.grade),
        urgent=change.urgent,
        prepared_at=batch.moment,
        valid_from=change.validity.start,
        valid_until=change.validity.end,
        jws_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    notice.seal_content({"jws": text})
    return notice


def _prepared(notice: Notice, previous: str | None) -> NewEvent:
    """Return the event that the party may be shown: it says nothing that its notice does not."""
    shown = notice.listing_id is not None
    body = {
        "notice": str(notice.id),
        "number": notice.number,
        "kind": str(notice.kind),
        "grade": str(notice.grade),
        "jws_sha256": notice.jws_sha256,
        "previous": previous,
        "reference": str(notice.reference) if shown else None,
    }
    return NewEvent(
        NoticesEvent.PREPARED,
        "notice",
        notice.id,
        body,
        audience=notice.party_id,
        rows=[notice],
    )


def transmission_body(transmission: Transmission) -> dict[str, Any]:
    """Return what events say of a transmission: the party, how many notices, their numbers."""
    first, last = transmission.first_number, transmission.last_number
    return {
        "party": str(transmission.party_id),
        "channel": transmission.channel,
        "count": last - first + 1,
        "numbers": [first, last],
        "proof_follows": transmission.proof_follows,
    }


def _batched(batch: Batch, transmission: Transmission) -> NewEvent:
    return NewEvent(
        NoticesEvent.BATCHED,
        "transmission",
        transmission.id,
        transmission_body(transmission),
        audience=batch.party.id,
        rows=[transmission],
    )
