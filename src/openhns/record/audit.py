"""Find whether this database still says what it wrote into the log.

1. The published folder agrees with itself; each tick stands in the published tiles as the
   database holds it, one after the other.
2. Each leaf is an event's, the tick's head, or a filling; a leaf that is none of these had an
   event whose row was removed.
3. Each event opens to its leaf, and its columns say what its text says.
4. Each party's chain is the sum of its events, and each head states it.
5. Each audited row is as the newest event that names it left it; none is missing, none is new.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from openhns.proofs.canonical import CanonicalError, parse
from openhns.proofs.commitment import (
    CHAIN_START,
    chain_step,
    filling_entry,
    public_entry,
    sealed_entry,
)
from openhns.record.guard import folder_of
from openhns.record.models import AuditedRow, Chain, Event, Log, Tick
from openhns.record.rows import audited_models, row_digest, timestamp
from openhns.record.ticking import Head
from openhns.sealing.sealed import SealingError
from openhns.tlog.audit import replay
from openhns.tlog.errors import TlogError
from openhns.tlog.merkle import Frontier, leaf_hash
from openhns.tlog.note import Verifier
from openhns.tlog.reader import TileReader
from openhns.tlog.tiles import parse_bundle


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the log says: its kind, the row or place, and plain words."""

    kind: str
    where: str
    words: str

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "where": self.where, "words": self.words}


@dataclass(slots=True)
class Audit:
    """What was looked at, and what was found; no finding means that all is as it was written."""

    findings: list[Finding] = field(default_factory=list)
    entries: int = 0
    events: int = 0
    pending: int = 0
    ticks: int = 0
    rows: int = 0

    def found(self, kind: str, where: str, words: str) -> None:
        self.findings.append(Finding(kind, where, words))


@dataclass(slots=True)
class _Named:
    """The newest event that names a row; `age` orders events as the log and their texts do."""

    age: tuple[int, str, int]
    digest: str
    event: str
    name: str


def audit_logs(logs: Iterable[Log]) -> Audit:
    """Audit the logs' events against their published tiles, and every row against its event."""
    audit = Audit()
    for log in logs:
        _audit_log(log, audit)
    _check_orphans(audit)
    _audit_rows(audit)
    return audit


def _audit_log(log: Log, audit: Audit) -> None:
    reader = _replayed(log, audit)
    frontier, chains = Frontier(), dict[UUID, tuple[int, bytes]]()
    for number, tick in enumerate(_ticks(log), start=1):
        audit.ticks += 1
        if (tick.number, tick.old_size) != (number, frontier.size):
            audit.found("tick", _tick_name(tick), "This tick does not follow the one before it.")
        entries = _entries_of_tick(tick, audit)
        frontier.extend(leaf_hash(entry) for entry in entries)
        _check_tick(tick, frontier, audit)
        _check_tiles(tick, entries, reader, audit)
        _check_leaves(tick, entries, chains, audit)
    _check_log_row(log, frontier, audit)
    _check_chain_rows(log, chains, audit)
    audit.pending += Event.objects.filter(log=log, leaf_index=None).count()
    _check_pending(log, audit)


def _check_orphans(audit: Audit) -> None:
    """Find events and ticks whose log's own row is gone."""
    known = set(Log.objects.values_list("id", flat=True))
    for model in (Event, Tick, Chain):
        for lost in set(model.objects.values_list("log_id", flat=True).distinct()) - known:
            words = f"The log's row is gone; rows of {model._meta.label_lower} belong to it."
            audit.found("log", f"record.log:{lost}", words)


def _ticks(log: Log) -> Iterator[Tick]:
    return Tick.objects.filter(log=log).order_by("number").iterator(chunk_size=10)


def _tick_name(tick: Tick) -> str:
    return f"record.tick:{tick.pk} (tick {tick.number})"


def _replayed(log: Log, audit: Audit) -> TileReader:
    """Return a reader of the published entries, once the folder was replayed by itself."""
    replayed = replay(folder_of(log), [Verifier.parse(log.verifier_key)])
    for difference in replayed.differences:
        where = f"{difference.kind}, entries {difference.start} to {difference.end}"
        audit.found("published", where, f"{difference.message}.")
    if replayed.untold:
        audit.found("published", log.folder, f"{replayed.untold} further places differ.")
    if replayed.reader.size < log.published_size:
        words = (
            f"The folder holds {replayed.reader.size} of {log.published_size} published entries."
        )
        audit.found("published", log.folder, words)
    audit.entries += replayed.reader.size
    return replayed.reader


def _entries_of_tick(tick: Tick, audit: Audit) -> list[bytes]:
    try:
        return parse_bundle(bytes(tick.entries))
    except TlogError as error:
        audit.found("tick", _tick_name(tick), f"The tick's entries cannot be read: {error}.")
        return []


def _check_tick(tick: Tick, frontier: Frontier, audit: Audit) -> None:
    if (tick.size, bytes(tick.root)) != (frontier.size, frontier.root()):
        audit.found("tick", _tick_name(tick), "The tick's size or root is not that of its entries.")


def _check_log_row(log: Log, frontier: Frontier, audit: Audit) -> None:
    ticks = Tick.objects.filter(log=log).count()
    said = (log.size, bytes(log.root), bytes(log.frontier), log.ticks)
    if said != (frontier.size, frontier.root(), frontier.to_bytes(), ticks):
        audit.found("log", f"record.log:{log.pk}", "The log's size or root is not its ticks'.")


def _check_tiles(tick: Tick, entries: list[bytes], reader: TileReader, audit: Audit) -> None:
    if reader.size < tick.size:
        return
    try:
        published = list(reader.entries(tick.old_size, tick.size))
    except TlogError as error:
        audit.found("published", _tick_name(tick), f"The published entries: {error}.")
        return
    for offset, (ours, theirs) in enumerate(zip(entries, published, strict=False)):
        if ours != theirs:
            where = f"entry {tick.old_size + offset}"
            audit.found("published", where, "The published entry is not the database's.")


def _check_leaves(
    tick: Tick, entries: list[bytes], chains: dict[UUID, tuple[int, bytes]], audit: Audit
) -> None:
    try:
        content = tick.content
    except SealingError:
        audit.found("tick", _tick_name(tick), "The tick's sealed content does not open.")
        return
    left = dict(enumerate(entries, start=tick.old_size))
    left.pop(tick.old_size + content["head_place"], None)
    for event in _events_of(tick):
        entry = left.pop(event.leaf_index or 0, None)
        _check_event(event, entry, audit)
        if event.audience is not None and entry is not None:
            count, chain = chains.get(event.audience, (0, CHAIN_START))
            chains[event.audience] = (count + 1, chain_step(chain, entry))
    _check_fillings(tick, content, left, audit)
    _check_heads(tick, entries, content, chains, audit)


def _events_of(tick: Tick) -> list[Event]:
    found = Event.objects.filter(
        log_id=tick.log_id, leaf_index__gte=tick.old_size, leaf_index__lt=tick.size
    )
    return list(found.order_by("seq"))


def _check_fillings(
    tick: Tick, content: dict[str, Any], left: dict[int, bytes], audit: Audit
) -> None:
    salt = bytes.fromhex(content["filling_salt"])
    width = tick.size - tick.old_size
    fillings = {filling_entry(salt, number) for number in range(width - tick.events - 1)}
    for index, entry in left.items():
        if entry not in fillings:
            words = f"An event of {timestamp(tick.made_at)} or before is gone from the database."
            audit.found("event removed", f"entry {index} (tick {tick.number})", words)


def _check_heads(
    tick: Tick,
    entries: list[bytes],
    content: dict[str, Any],
    chains: dict[UUID, tuple[int, bytes]],
    audit: Audit,
) -> None:
    said = entries[content["head_place"]]
    if f'"time":"{timestamp(tick.made_at)}"'.encode() not in said:
        audit.found("tick", _tick_name(tick), "The log states another time for this tick.")
    if {str(party) for party in chains} != content["heads"].keys():
        audit.found("chain", _tick_name(tick), "The tick does not state a head for each party.")
    for party, head in content["heads"].items():
        made = Head(bytes.fromhex(head["salt"]), head["count"], bytes.fromhex(head["chain"]))
        if chains.get(UUID(party)) != (made.count, made.chain):
            audit.found("chain", _tick_name(tick), f"The head of party {party} is not its events'.")
        if made.hash(UUID(party)).hex().encode() not in said:
            audit.found("chain", _tick_name(tick), f"The log does not state party {party}'s head.")


def _check_chain_rows(log: Log, chains: dict[UUID, tuple[int, bytes]], audit: Audit) -> None:
    rows = Chain.objects.filter(log=log)
    stored = {row.audience: (row.count, bytes(row.chain)) for row in rows}
    for party in stored.keys() | chains.keys():
        if chains.get(party) != stored.get(party):
            words = f"The chain of party {party} is not the sum of its events."
            audit.found("chain", f"record.chain of log {log.pk}", words)


def _check_pending(log: Log, audit: Audit) -> None:
    for event in Event.objects.filter(log=log, leaf_index=None).iterator():
        _check_event(event, bytes(event.entry), audit)


def _check_event(event: Event, entry: bytes | None, audit: Audit) -> None:
    audit.events += 1
    where = f"record.event:{event.id} ({event.name})"
    try:
        text, salt = event.canonical, event.salt
        made = public_entry(text) if event.public else sealed_entry(salt, text)
        value = parse(text)
    except (SealingError, CanonicalError, ValueError, KeyError):
        audit.found("event changed", where, "The event's sealed content does not open.")
        return
    if entry is None:
        audit.found("event added", where, "The event claims a leaf that is not there, or taken.")
    elif not made == entry == bytes(event.entry):
        audit.found("event changed", where, "The event is not the one that its leaf commits to.")
    if _columns(event) != _said(value):
        audit.found("event changed", where, "The event's columns say other than its text.")


def _columns(event: Event) -> tuple[str, ...]:
    subject = (event.subject_type, str(event.subject_id))
    return (str(event.id), event.name, *subject, timestamp(event.happened_at))


def _said(value: dict[str, Any]) -> tuple[str, ...]:
    subject = value["subject"]
    return (value["id"], value["event"], subject["type"], subject["id"], value["time"])


def _audit_rows(audit: Audit) -> None:
    named = _named_rows()
    for model in audited_models():
        for row in model._base_manager.order_by("pk").iterator(chunk_size=500):
            audit.rows += 1
            _check_row(row, named.pop(row.row_label(), None), audit)
    for label, newest in named.items():
        words = f"The row is gone; event {newest.event} ({newest.name}) says that it is there."
        audit.found("row removed", label, words)


def _named_rows() -> dict[str, _Named]:
    """Return each row's newest event; which is newest, the log says and not a column."""
    named: dict[str, _Named] = {}
    ends = {log.id: _tick_ends(log) for log in Log.objects.all()}
    for event in Event.objects.order_by("seq").iterator(chunk_size=500):
        try:
            value = parse(event.canonical)
        except (SealingError, CanonicalError, ValueError, KeyError):
            continue  # Said already, when the event itself was looked at.
        age = (_tick_of(event, ends.get(event.log_id, [])), value["time"], event.seq)
        for label, digest in value["body"].get("rows", {}).items():
            if label not in named or named[label].age < age:
                named[label] = _Named(age, digest, str(event.id), event.name)
    return named


def _tick_ends(log: Log) -> list[int]:
    return list(Tick.objects.filter(log=log).order_by("size").values_list("size", flat=True))


def _tick_of(event: Event, ends: list[int]) -> int:
    """Return the place of the tick that logged an event; what waits is newer than all."""
    return len(ends) if event.leaf_index is None else bisect_right(ends, event.leaf_index)


def _check_row(row: AuditedRow, newest: _Named | None, audit: Audit) -> None:
    label = row.row_label()
    if newest is None:
        audit.found("row added", label, "No event in the record speaks of this row.")
        return
    try:
        digest = row_digest(row)
    except (SealingError, ValueError):
        digest = ""
    if digest != newest.digest:
        words = f"The row is not as event {newest.event} ({newest.name}) left it."
        audit.found("row changed", label, words)
