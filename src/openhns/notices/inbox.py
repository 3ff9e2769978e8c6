"""A party's inbox: what waits for an answer, urgent first and then oldest; then the rest, newest.

Everything here is read off one index, so that a page of a hundred thousand notices opens as fast
as one of ten. Numbers have no gaps, and a transmission holds a range of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, overload
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from openhns.notices.models import Notice, Receipt, Transmission
from openhns.parties.models import Party

FINAL: Final = frozenset({Receipt.Answer.ACKNOWLEDGED, Receipt.Answer.QUERIED})
_AT_ONCE: Final = 500


def mark_answered(notice_ids: Iterable[UUID]) -> None:
    """Note that a final answer or an objection came, in the transaction that records it."""
    ids = sorted(set(notice_ids))
    for start in range(0, len(ids), _AT_ONCE):
        Notice.objects.filter(id__in=ids[start : start + _AT_ONCE]).update(waits=False)


def received_notices(party: Party) -> QuerySet[Notice]:
    """Return the notices that left for a party, told by their numbers alone."""
    found = Notice.objects.filter(party=party)
    for first, last in _still_here(party):
        found = found.exclude(number__range=(first, last))
    return found


def _still_here(party: Party) -> Iterable[tuple[int, int]]:
    others = Transmission.objects.filter(party=party)
    others = others.exclude(status=Transmission.Status.TRANSMITTED)
    return others.values_list("first_number", "last_number")


def count_received(party: Party) -> int:
    """Return how many notices left for a party, from the ranges of its transmissions."""
    left = Transmission.objects.filter(party=party, status=Transmission.Status.TRANSMITTED)
    return left.aggregate(n=Sum(F("last_number") - F("first_number") + 1))["n"] or 0


def waiting_notices(party: Party) -> QuerySet[Notice]:
    return received_notices(party).filter(waits=True)


@dataclass(frozen=True)
class Inbox(Sequence[int]):
    """The numbers of a party's notices in the order in which they are read."""

    party: Party
    waiting: int
    total: int
    _received: "QuerySet[Notice]" = field(repr=False)

    @classmethod
    def of(cls, party: Party) -> "Inbox":
        received = received_notices(party)
        waiting = received.filter(waits=True).count()
        return cls(party, waiting, count_received(party), received)

    def __len__(self) -> int:
        return self.total

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        if isinstance(index, int):
            return next(self._numbers(index, index + 1))
        start, stop, _ = index.indices(self.total)
        return list(self._numbers(start, stop))

    def _numbers(self, start: int, stop: int) -> Iterator[int]:
        waits = self._received.filter(waits=True).order_by("-urgent", "number")
        answered = self._received.filter(waits=False).order_by("-number")
        parts = ((self.waiting, waits), (self.total - self.waiting, answered))
        for size, rows in parts:
            if start < size and stop > 0:
                yield from rows.values_list("number", flat=True)[max(start, 0) : min(stop, size)]
            start, stop = start - size, stop - size
