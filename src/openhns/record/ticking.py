"""One tick: pending events become leaves, in one transaction that compares and swaps.

What an observer learns of a tick is its time and a power of two: the leaves are shuffled, and
filled up with entries that nobody without the tick's salt can tell from events.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from openhns.proofs.canonical import canonical
from openhns.proofs.commitment import (
    CHAIN_START,
    SALT_BYTES,
    chain_step,
    filling_entry,
    head_hash,
    public_entry,
)
from openhns.record.errors import LogForked, RaceLost
from openhns.record.models import Chain, Event, Log, Tick
from openhns.record.names import LogEvent
from openhns.record.rows import timestamp
from openhns.record.writing import EVENT_VERSION
from openhns.tlog.errors import TlogError
from openhns.tlog.merkle import Frontier, leaf_hash
from openhns.tlog.tiles import encode_bundle

MOST_EVENTS = 2**15 - 1
_ROWS_AT_ONCE = 1_000
_ASSIGN_ONE = "UPDATE record_event SET leaf_index = %s WHERE seq = %s AND leaf_index IS NULL"
_ASSIGN_MANY = (
    "UPDATE record_event SET leaf_index = given.column2 FROM (VALUES {values}) AS given"
    " WHERE record_event.seq = given.column1 AND record_event.leaf_index IS NULL"
)
_CLOCK_TOLERANCE_S = 1


@dataclass(frozen=True, slots=True)
class Pending:
    """An event that waits for its leaf."""

    seq: int
    audience: UUID | None
    entry: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """One party's chain after a tick, and the salt under which the tick names it."""

    salt: bytes
    count: int
    chain: bytes

    def hash(self, party: UUID) -> bytes:
        return head_hash(self.salt, str(party), self.count, self.chain)

    def as_json(self) -> dict[str, Any]:
        return {"chain": self.chain.hex(), "count": self.count, "salt": self.salt.hex()}


@dataclass(frozen=True, slots=True)
class Leaves:
    """A tick's entries in the order of the log, and where the events and the head went."""

    entries: list[bytes]
    places: list[int]
    head_place: int
    filling_salt: bytes


def make_tick(log_id: UUID) -> Tick:
    """Put up to MOST_EVENTS pending events into the log; raise RaceLost if another tick won."""
    with transaction.atomic():
        # 1. Whoever holds the row ticks; the compare-and-swap below decides, not this lock.
        log = Log.objects.select_for_update().get(id=log_id)
        # 2. Pending events are found by predicate: commits arrive out of order.
        pending = _pending(log)
        # 3. Each party's chain grows by its own events, in the order they were written.
        heads = _heads(log, pending)
        # 4. The head event states every party's head and the log before this tick.
        moment, clock = _moment(log)
        head = _head_entry(log, heads, moment, clock)
        # 5. Shuffle, and fill up to a power of two.
        leaves = _arrange(log, [item.entry for item in pending], head)
        # 6. The tree after this tick.
        frontier = _frontier(log)
        frontier.extend(leaf_hash(entry) for entry in leaves.entries)
        # 7. Compare and swap, and with it everything else or nothing.
        _swap(log, frontier)
        _assign(pending, leaves.places, log.size)
        _store_chains(log, heads)
        return _store_tick(log, leaves, heads, frontier, moment, len(pending))


def _frontier(log: Log) -> Frontier:
    try:
        frontier = Frontier.from_bytes(bytes(log.frontier))
    except TlogError:
        frontier = Frontier()
    if (frontier.size, frontier.root()) != (log.size, bytes(log.root)):
        raise LogForked(
            "The log's stored frontier does not have its root: the row was changed. Nothing was "
            "signed; `openhns log audit` says more, and docs/recovery.md what to do."
        )
    return frontier


def _pending(log: Log) -> list[Pending]:
    rows = Event.objects.filter(log=log, leaf_index=None).order_by("seq")
    values = rows.values_list("seq", "audience", "entry")[:MOST_EVENTS]
    return [Pending(seq, audience, bytes(entry)) for seq, audience, entry in values]


def _heads(log: Log, pending: Sequence[Pending]) -> dict[UUID, Head]:
    chains = {row.audience: (row.count, bytes(row.chain)) for row in Chain.objects.filter(log=log)}
    for item in pending:
        if item.audience is not None:
            count, chain = chains.get(item.audience, (0, CHAIN_START))
            chains[item.audience] = (count + 1, chain_step(chain, item.entry))
    return {
        party: Head(secrets.token_bytes(SALT_BYTES), count, chain)
        for party, (count, chain) in chains.items()
    }


def _moment(log: Log) -> tuple[datetime, str]:
    """Return the tick's time, never before the last one's, and whether the clock went back."""
    now = timezone.now()
    last = Tick.objects.filter(log=log).order_by("-number").values_list("made_at", flat=True)
    before = last.first() or now
    behind = (before - now).total_seconds() > _CLOCK_TOLERANCE_S
    return max(now, before), "behind" if behind else "steady"


def _head_entry(log: Log, heads: Mapping[UUID, Head], moment: datetime, clock: str) -> bytes:
    body = {
        "before": {"root": bytes(log.root).hex(), "size": log.size},
        "clock": clock,
        "heads": sorted(head.hash(party).hex() for party, head in heads.items()),
        "tick": log.ticks + 1,
    }
    value = {
        "actor": "log",
        "body": body,
        "event": str(LogEvent.TICKED),
        "id": str(uuid4()),
        "log": log.origin,
        "subject": {"id": str(log.id), "type": "log"},
        "time": timestamp(moment),
        "v": EVENT_VERSION,
    }
    return public_entry(canonical(value))


def _arrange(log: Log, entries: list[bytes], head: bytes) -> Leaves:
    needed = len(entries) + 1
    width = max(log.smallest_tick, 1 << (needed - 1).bit_length())
    salt = secrets.token_bytes(SALT_BYTES)
    places = list(range(width))
    secrets.SystemRandom().shuffle(places)
    ordered = [b""] * width
    fillings = (filling_entry(salt, number) for number in range(width - needed))
    for place, entry in zip(places, (*entries, head, *fillings), strict=True):
        ordered[place] = entry
    return Leaves(ordered, places[: len(entries)], places[len(entries)], salt)


def _swap(log: Log, frontier: Frontier) -> None:
    changed = Log.objects.filter(id=log.id, size=log.size, root=bytes(log.root)).update(
        size=frontier.size,
        root=frontier.root(),
        frontier=frontier.to_bytes(),
        ticks=log.ticks + 1,
    )
    if changed != 1:
        raise RaceLost("Another process put a tick into the log first; nothing was lost.")


def _assign(pending: Sequence[Pending], places: Sequence[int], old_size: int) -> None:
    pairs = [(item.seq, old_size + place) for item, place in zip(pending, places, strict=True)]
    for start in range(0, len(pairs), _ROWS_AT_ONCE):
        _assign_some(pairs[start : start + _ROWS_AT_ONCE])


def _assign_some(pairs: Sequence[tuple[int, int]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # In one statement SQLite would first walk through the whole log, for a Bloom filter.
            cursor.executemany(_ASSIGN_ONE, [(place, seq) for seq, place in pairs])
        else:
            values = ",".join(["(%s,%s)"] * len(pairs))
            cursor.execute(
                _ASSIGN_MANY.format(values=values), [value for pair in pairs for value in pair]
            )
        if cursor.rowcount != len(pairs):
            raise RaceLost("An event of this tick got its leaf elsewhere; nothing was lost.")


def _store_chains(log: Log, heads: Mapping[UUID, Head]) -> None:
    rows = [
        Chain(log=log, audience=party, count=head.count, chain=head.chain)
        for party, head in heads.items()
    ]
    Chain.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["log", "audience"],
        update_fields=["count", "chain"],
    )


def _store_tick(  # noqa: PLR0917 - the facts of one tick.
    log: Log,
    leaves: Leaves,
    heads: Mapping[UUID, Head],
    frontier: Frontier,
    moment: datetime,
    events: int,
) -> Tick:
    tick = Tick(
        scope=log.id,
        log=log,
        number=log.ticks + 1,
        made_at=moment,
        old_size=log.size,
        size=frontier.size,
        root=frontier.root(),
        events=events,
        entries=encode_bundle(leaves.entries),
    )
    tick.seal_content(
        {
            "filling_salt": leaves.filling_salt.hex(),
            "head_place": leaves.head_place,
            "heads": {str(party): head.as_json() for party, head in heads.items()},
        }
    )
    tick.save(force_insert=True)
    return tick
