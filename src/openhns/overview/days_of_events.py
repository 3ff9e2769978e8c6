"""How often each event was logged on each day.

A log only grows, so that what stands in a full block of it is counted once by each process. Where
many blocks are still to be counted, after a mass import or a new start, no page waits for it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from threading import Lock
from typing import Final
from uuid import UUID

from django.db.models import Count

from openhns.mechanism.counting import pausing
from openhns.mechanism.state import RememberedFor
from openhns.record.models import Event, Log, Tick
from openhns.record.names import known_events

DAYS: Final = 7
_LEAVES: Final = 8_192
_AT_ONCE: Final = 4  # Blocks: some 100 ms.
_MOST_BLOCKS: Final = 4_096
_Block = tuple[UUID, int]

_lock: Final = Lock()
_blocks: Final[dict[_Block, Counter[str]]] = {}
_counting: Final[RememberedFor[int]] = RememberedFor(timedelta(0))


@dataclass(frozen=True, slots=True)
class DaysOfEvents:
    """How often each event was logged on each of some days (UTC); `rows` is None meanwhile."""

    days: list[date]
    rows: list[tuple[str, str, list[tuple[date, int]]]] | None

    @property
    def last(self) -> date:
        return self.days[-1]


def events_by_day(log: Log, last: date) -> DaysOfEvents:
    """Count the events by name and by the day of the tick that logged them, up to a day."""
    days = [last - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    starts = [_logged_before(log, day) for day in [*days, last + timedelta(days=1)]]
    missing = [block for block in _full_blocks(log.id, starts) if block not in _blocks]
    if len(missing) > _AT_ONCE:
        _counting.soon(log.id, log.id, lambda: _count_all(missing), large=True)
        return DaysOfEvents(days, None)
    times = [_names_between(log.id, start, end) for start, end in pairwise(starts)]
    described = known_events()
    rows = [
        (
            name,
            described[name].description,
            [(d, t[name]) for d, t in zip(days, times, strict=True)],
        )
        for name in sorted(set().union(*times))
    ]
    return DaysOfEvents(days, rows)


def _full_blocks(log_id: UUID, starts: list[int]) -> Iterator[_Block]:
    for start, end in pairwise(starts):
        yield from ((log_id, number) for number in _blocks_within(start, end))


def _blocks_within(start: int, end: int) -> range:
    """Return the numbers of the blocks that lie wholly between two leaves."""
    return range(-(-start // _LEAVES), end // _LEAVES)


def _names_between(log_id: UUID, start: int, end: int) -> Counter[str]:
    """Return how often each event stands from one leaf to before another."""
    within = _blocks_within(start, end)
    if not within:
        return _counted(log_id, start, end)
    found = _counted(log_id, start, within.start * _LEAVES)
    for number in within:
        found += _count_block((log_id, number))
    return found + _counted(log_id, within.stop * _LEAVES, end)


def _count_all(blocks: Iterable[_Block]) -> int:
    for block in pausing(blocks):
        _count_block(block)
    return len(_blocks)


def _count_block(block: _Block) -> Counter[str]:
    if (known := _blocks.get(block)) is not None:
        return known
    log_id, number = block
    found = _counted(log_id, number * _LEAVES, (number + 1) * _LEAVES)
    with _lock:
        while len(_blocks) >= _MOST_BLOCKS:
            _blocks.pop(next(iter(_blocks)))
        _blocks[block] = found
    return found


def _counted(log_id: UUID, start: int, end: int) -> Counter[str]:
    if start >= end:
        return Counter()
    within = Event.objects.filter(log=log_id, leaf_index__gte=start, leaf_index__lt=end)
    return Counter(dict(within.order_by().values_list("name").annotate(times=Count("seq"))))


def _logged_before(log: Log, day: date) -> int:
    """Return how large the log was when a day began: the first leaf of its first tick."""
    begins = datetime.combine(day, time(), UTC)
    later = Tick.objects.filter(log=log, made_at__gte=begins).order_by("made_at", "number")
    found = later.values_list("old_size", flat=True).first()
    return log.size if found is None else found
