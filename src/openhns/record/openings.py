"""Openings: what lets a stranger see that one event stands in the log.

An opening is `{"event", "salt", "log_proof"}`: the canonical event, the hexadecimal salt (null
for a public event) and a c2sp.org/tlog-proof. It is handed to whoever may see that event.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from openhns.record.guard import folder_of
from openhns.record.models import Event, Log, Tick
from openhns.record.ticking import Head
from openhns.tlog.checkpoint import read_checkpoint
from openhns.tlog.proof import make_proof
from openhns.tlog.reader import TileReader

Opening = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Published:
    """The newest published checkpoint and the tree that it signs; at first an empty tree."""

    tree: TileReader
    checkpoint: str

    @classmethod
    def of(cls, log: Log) -> "Published":
        folder = folder_of(log)
        checkpoint = folder.read_checkpoint()
        if checkpoint is None:
            return cls(folder.reader(0), "")
        return cls(folder.reader(read_checkpoint(checkpoint).size), checkpoint)


def openings_of(log: Log, events: Iterable[Event]) -> list[Opening | None]:
    """Return the opening of each event under the newest published checkpoint.

    None stands for an event that is not in the published log yet: its proof follows.
    """
    published = Published.of(log)
    return [
        _opening(event.content, event.leaf_index, published, public=event.public)
        for event in events
    ]


def opening(log: Log, event: Event) -> Opening | None:
    return openings_of(log, [event])[0]


def openings_about(
    log: Log, name: str, subject_ids: Sequence[UUID]
) -> Iterator[tuple[UUID, Opening | None]]:
    """Yield the openings of the sealed events of one name about these subjects, oldest first.

    Each comes with its subject; None is as in `openings_of`.
    """
    published = Published.of(log)
    found = Event.objects.filter(log=log, name=name, subject_id__in=subject_ids, public=False)
    columns = ("subject_id", "id", "scope", "sealed", "leaf_index")
    for subject, event, scope, sealed, leaf in found.order_by("seq").values_list(*columns):
        content = Event.open_content(scope, event, sealed)
        yield subject, _opening(content, leaf, published, public=False)


def _opening(
    content: Mapping[str, Any], leaf: int | None, published: Published, *, public: bool
) -> Opening | None:
    if leaf is None or leaf >= published.tree.size:
        return None
    return {
        "event": content["event"],
        "log_proof": str(make_proof(published.tree, leaf, published.checkpoint)),
        "salt": None if public else content["salt"],
    }


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
