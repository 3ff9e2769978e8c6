"""The strongest attacker on published figures: knows the rules, the record and every site but one.

From a history of exact counts it works out how likely each sequence of published bands is, over
all secret margins. The distance between the two sequences' likelihoods, with the one site and
without it, is all that anybody can learn of that site from the figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from openhns.overview.publication.bands import Band, Ladder

Number = Fraction | int
Path = tuple[Band, ...]
Likelihoods = dict[Path, float]
NEGLIGIBLE = 1e-7


@dataclass(frozen=True, slots=True)
class Step:
    """A figure's exact value in one edition, on the ladder of that edition."""

    edition: int
    count: Number
    ladder: Ladder


def likelihoods(steps: Sequence[Step]) -> Likelihoods:
    """Return how likely each sequence of bands is when nobody knows the margins."""
    found: Likelihoods = {(): 1.0}
    for number, step in enumerate(steps):
        following: Likelihoods = {}
        for path, weight in found.items():
            for band, chance in _after(path, steps[:number], step):
                if weight * chance < NEGLIGIBLE:
                    continue
                longer = (*path, band)
                following[longer] = following.get(longer, 0.0) + weight * chance
        found = following
    return found


def distance(one: Likelihoods, other: Likelihoods) -> float:
    """Return the total variation distance: the best guess is right with 1/2 + half of it."""
    return sum(abs(one.get(path, 0.0) - other.get(path, 0.0)) for path in one | other) / 2


def _after(path: Path, earlier: Sequence[Step], step: Step) -> Iterable[tuple[Band, float]]:
    if not path or earlier[-1].ladder != step.ladder:
        rung = path[-1].rung if path else step.ladder.start
        yield from _settled(Band(rung, step.edition), [step])
    else:
        since = path[-1].since
        yield from _settled(path[-1], [*(each for each in earlier if each.edition >= since), step])


def _settled(band: Band, seen: Sequence[Step]) -> Iterable[tuple[Band, float]]:
    """Yield where a band goes in the last edition of `seen`, all of which tested its margins."""
    ladder, edition, count = seen[-1].ladder, seen[-1].edition, seen[-1].count
    up = _crossing([_up(ladder, band.rung, step.count) for step in seen])
    down = _crossing([_down(ladder, band.rung, step.count) for step in seen])
    yield band, (1 - up) * (1 - down)
    yield from _climbed(ladder, Band(band.rung + 1, edition), count, up)
    yield from _descended(ladder, Band(band.rung - 1, edition), count, (1 - up) * down)


def _climbed(
    ladder: Ladder, band: Band, count: Number, weight: float
) -> Iterable[tuple[Band, float]]:
    while weight > 0:
        on = _up(ladder, band.rung, count)
        yield band, weight * (1 - on)
        band, weight = Band(band.rung + 1, band.since), weight * on


def _descended(
    ladder: Ladder, band: Band, count: Number, weight: float
) -> Iterable[tuple[Band, float]]:
    while weight > 0:
        on = _down(ladder, band.rung, count)
        yield band, weight * (1 - on)
        band, weight = Band(band.rung - 1, band.since), weight * on


def _crossing(tested: Sequence[float]) -> float:
    """Return how likely the last test crosses, given that none before it did."""
    before = max(tested[:-1], default=0.0)
    return max(0.0, tested[-1] - before) / (1 - before) if before < 1 else 0.0


def _up(ladder: Ladder, rung: int, count: Number) -> float:
    if rung == len(ladder.borders):
        return 0.0
    return _part(count - ladder.borders[rung] - ladder.least, ladder)


def _down(ladder: Ladder, rung: int, count: Number) -> float:
    return 0.0 if rung == 0 else _part(ladder.borders[rung - 1] - ladder.least - count, ladder)


def _part(beyond: Number, ladder: Ladder) -> float:
    """Return how likely a margin is smaller than what a count is beyond its border."""
    return min(max(float(beyond) / float(ladder.width), 0.0), 1.0)
