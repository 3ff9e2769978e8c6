"""What the auditor is shown of the record: counts, times and hashes; nothing sealed is opened."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet

from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.models import Mechanism
from openhns.notices.inbox import count_received
from openhns.notices.models import Receipt
from openhns.overview.public_words import sentence
from openhns.parties.access import parties_of
from openhns.parties.models import Party, PartyKey
from openhns.proofs.canonical import parse
from openhns.proofs.commitment import PUBLIC_LINE
from openhns.record.models import Event, Log, Tick
from openhns.record.names import known_events
from openhns.sealing.keys import derive
from openhns.vault import rings
from openhns.vault.models import INSTALLATION, DataKey

GRADES: Final = ("A", "B", "C", "D")
_SHOWN: Final = 16
_BULK, _MACHINE = "bulk", "machine"
_Counted = dict[UUID, dict[str, int]]


def ticks_of(log: Log) -> QuerySet[Tick]:
    """Return the ticks, newest first, without their entries and what is sealed in them."""
    return Tick.objects.filter(log=log).order_by("-number").defer("entries", "sealed")


@dataclass(frozen=True, slots=True)
class TickShown:
    """A tick: what it added, the size and root that its checkpoint states."""

    number: int
    made_at: datetime
    added: int
    size: int
    root: str
    published: bool


def tick_shown(tick: Tick, log: Log) -> TickShown:
    added, published = tick.size - tick.old_size, tick.size <= log.published_size
    root = bytes(tick.root).hex()
    return TickShown(tick.number, tick.made_at, added, tick.size, root, published)


def first_day(log: Log) -> date:
    return log.started_at.astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class Digest:
    """One digest of the access journal, as the log holds it: when, where, and its seal."""

    written_at: datetime
    leaf_index: int | None
    entry: str


def digests_of(mechanism: Mechanism) -> QuerySet[Event]:
    """Return the events of the digests, newest first."""
    name = str(MechanismEvent.JOURNAL_DIGESTED)
    found = Event.objects.filter(subject_id=mechanism.id, name=name, log_id=mechanism.id)
    return found.order_by("-seq").defer("sealed")


def digest_shown(event: Event) -> Digest:
    hashed = hashlib.sha256(b"\x00" + bytes(event.entry)).hexdigest()
    return Digest(event.happened_at, event.leaf_index, hashed)


@dataclass(frozen=True, slots=True)
class DataKeyShown:
    """A data key by its number, and the fingerprint of its wrapped form."""

    of_accounts: bool
    number: int
    fingerprint: str
    made_at: datetime
    retired_at: datetime | None


def data_keys_of(mechanism: Mechanism) -> list[DataKeyShown]:
    rows = DataKey.objects.filter(scope__in=(mechanism.id, INSTALLATION))
    return [
        DataKeyShown(
            row.scope == INSTALLATION,
            row.number,
            hashlib.sha256(bytes(row.wrapped)).hexdigest()[:_SHOWN],
            row.made_at,
            row.retired_at,
        )
        for row in rows.order_by("-scope", "number")
    ]


def master_fingerprint() -> str:
    return derive(rings.current_master_key(), "fingerprint").hex()[:_SHOWN]


def party_keys_of(mechanism: Mechanism) -> list[PartyKey]:
    keys = PartyKey.objects.filter(party__mechanism=mechanism).select_related("party")
    return list(keys.order_by("party__name", "registered_at", "kid"))


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """A public event as its entry in the log says it, to everybody."""

    name: str
    words: str
    happened_at: datetime
    leaf_index: int | None
    text: str


def public_events_of(log: Log) -> QuerySet[Event]:
    found = Event.objects.filter(log=log, public=True)
    return found.order_by("-seq").defer("sealed")


def public_event(event: Event) -> PublicEvent:
    text = bytes(event.entry).removeprefix(PUBLIC_LINE)
    words = sentence(event.name, parse(text)["body"], known_events()[event.name].description)
    return PublicEvent(event.name, words, event.happened_at, event.leaf_index, text.decode())


@dataclass(frozen=True, slots=True)
class Answers:
    """How many notices left for a party, how many answers came by grade, in bulk, by machine."""

    party: str
    sent: int
    grades: list[int]
    bulk: int
    machine: int

    @property
    def by_grade(self) -> list[tuple[str, int]]:
        return list(zip(GRADES, self.grades, strict=True))


def answers_by_party(mechanism: Mechanism) -> list[Answers]:
    """Count what left for each party and what came back; one notice may have several answers."""
    counted: _Counted = {}
    rows = (
        Receipt.objects.filter(scope=mechanism.id)
        .values_list("notice__party", "grade", "bulk", "machine")
        .annotate(n=Count("id"))
        .order_by()
    )
    for party_id, grade, bulk, machine, times in rows:
        own = counted.setdefault(party_id, dict.fromkeys((*GRADES, _BULK, _MACHINE), 0))
        own[grade] += times
        own[_BULK] += times * bulk
        own[_MACHINE] += times * machine
    return [_answers(party, counted.get(party.id, {})) for party in parties_of(mechanism)]


def _answers(party: Party, counted: dict[str, int]) -> Answers:
    grades = [counted.get(grade, 0) for grade in GRADES]
    bulk, machine = counted.get(_BULK, 0), counted.get(_MACHINE, 0)
    return Answers(party.name, count_received(party), grades, bulk, machine)
