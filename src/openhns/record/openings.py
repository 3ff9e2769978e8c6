"""Openings: what lets a stranger see that one event stands in the log.

An opening is `{"event", "salt", "log_proof"}`: the canonical event, the hexadecimal salt (null
for a public event) and a c2sp.org/tlog-proof. It is handed to whoever may see that event.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from openhns.record.guard import folder_of
from openhns.record.models import Event, Log, Tick
from openhns.record.ticking import Head
from openhns.tlog.proof import make_proof
from openhns.tlog.reader import TileReader

Opening = dict[str, Any]


def openings_of(log: Log, events: Iterable[Event]) -> list[Opening | None]:
    """Return the opening of each event under the newest published checkpoint.

    None stands for an event that is not in the published log yet: its proof follows.
    """
    folder = folder_of(log)
    checkpoint = folder.read_checkpoint()
    if checkpoint is None:
        return [None for _ in events]
    reader = folder.reader()
    return [_opening(event, reader, checkpoint) for event in events]


def opening(log: Log, event: Event) -> Opening | None:
    return openings_of(log, [event])[0]


def _opening(event: Event, reader: TileReader, checkpoint: str) -> Opening | None:
    if event.leaf_index is None or event.leaf_index >= reader.size:
        return None
    content = event.content
    proof = make_proof(reader, event.leaf_index, checkpoint)
    return {
        "event": content["event"],
        "log_proof": str(proof),
        "salt": None if event.public else content["salt"],
    }


def events_about(log: Log, name: str, subject_ids: Sequence[Any]) -> list[Event]:
    """Return the events of one name about these subjects, oldest first."""
    found = Event.objects.filter(log=log, name=name, subject_id__in=subject_ids)
    return list(found.order_by("seq"))


def head_for(log: Log, audience: Any) -> dict[str, Any] | None:
    """Return the newest head of a party's chain, which its receipts sign: `tick` and `hash`.

    `salt`, `count` and `chain` let the party recompute the hash from its own entries.
    """
    tick = Tick.objects.filter(log=log).order_by("-number").first()
    head = tick.content["heads"].get(str(audience)) if tick else None
    if tick is None or head is None:
        return None
    made = Head(bytes.fromhex(head["salt"]), head["count"], bytes.fromhex(head["chain"]))
    return {"hash": made.hash(audience).hex(), "tick": tick.number, **head}
