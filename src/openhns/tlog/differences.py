"""What an audit finds: the places of a log that are not as they must be."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

MOST_DIFFERENCES: Final = 100_000


class Kind(StrEnum):
    """What kind of place differs."""

    CHECKPOINT = "checkpoint"  # It is missing, malformed, or not signed by a known key.
    ROOT = "root"  # The entries have another root than the checkpoint states.
    ENTRY = "entry"  # The entry does not hash to the leaf hash that level 0 holds.
    HASH = "hash"  # The stored hash is not that of the tile below it.
    BUNDLE = "bundle"  # The entry bundle is missing or malformed.
    TILE = "tile"  # The tile is missing or malformed.
    PARTIAL = "partial"  # A partial tile or bundle of another size tells something else.


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that differs; it concerns the entries from `start` to before `end`.

    `level` is the tile's level, None for entry bundles, the checkpoint and the root.
    """

    kind: Kind
    start: int
    end: int
    level: int | None
    message: str


class Differences:
    """Differences as they are found; neighbours of one kind and level become one."""

    def __init__(self) -> None:
        self._found: list[Difference] = []
        self._last: dict[tuple[Kind, int | None], int] = {}
        self.untold = 0

    def add(self, one: Difference) -> None:
        place = self._last.get((one.kind, one.level))
        if place is not None and self._found[place].end == one.start:
            self._found[place] = replace(self._found[place], end=one.end)
        elif len(self._found) < MOST_DIFFERENCES:
            self._last[one.kind, one.level] = len(self._found)
            self._found.append(one)
        else:
            self.untold += 1

    def all(self) -> tuple[Difference, ...]:
        """Return them in the order of the log."""
        return tuple(sorted(self._found, key=lambda one: (one.start, one.level or 0, one.end)))
