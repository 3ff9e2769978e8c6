"""Nobody finds one site's opening or closing in what is published (docs/publication.md)."""

import json
import random
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

import pytest

from openhns.overview.publication.bands import (
    BASIS,
    NOTICES,
    OBJECTIONS,
    PLACES,
    Band,
    Ladder,
)
from openhns.overview.publication.shares import ACCURACY, ladder_within
from openhns.overview.publication.tables import ANSWERS, ERRORS, Counts, make_tables
from openhns.overview.tests.attacking import Likelihoods, Step, distance, likelihoods
from openhns.overview.tests.registers import (
    EDITIONS,
    PARTIES,
    counts_in,
    draws,
    history,
    neighbour,
    published,
    random_register,
)

# What docs/publication.md states: by how much the best guess may beat chance by a share, and by
# all figures together; by a count it is one place's weight in the width of its margins.
BY_A_SHARE = 0.0125
BY_ALL = 0.05
BY_ALL_ON_AVERAGE = 0.015

COUNT_LADDERS = [(PLACES, 1), (NOTICES, 10), (OBJECTIONS, 1), (BASIS, 1)]


def _counts(rng: random.Random, scale: int) -> list[int]:
    """Return a year of monthly counts: growing, wandering, jumping, or at rest."""
    count, found = rng.randint(0, 3_500), []
    moves = rng.choice([(0, 30), (-40, 40), (-400, 600), (0, 0), (-30, 0)])
    for _ in range(12):
        count = max(0, count + rng.randint(*moves) * rng.choice([0, 1, 1]))
        found.append(count * scale)
    return found


@pytest.mark.parametrize(("ladder", "weight"), COUNT_LADDERS)
def test_a_years_editions_of_a_count_tell_next_to_nothing_of_one_site(
    ladder: Ladder, weight: int
) -> None:
    rng = random.Random(f"{ladder.borders}")
    for _ in range(150):
        counts = _counts(rng, weight)
        opens = rng.randrange(12)
        closes = rng.choice([12, rng.randint(opens + 1, 12)])
        other = [c + weight * (opens <= at < closes) for at, c in enumerate(counts)]
        beats_chance_by = distance(_of(counts, ladder), _of(other, ladder)) / 2
        assert beats_chance_by <= weight / ladder.width


def _of(counts: list[int], ladder: Ladder) -> Likelihoods:
    return likelihoods([Step(at, count, ladder) for at, count in enumerate(counts)])


def test_all_editions_and_all_tables_together_tell_little_of_one_site() -> None:
    rng = random.Random("all")
    learnt = []
    for _ in range(5):
        register = random_register(rng)
        one, other = history(register), history(neighbour(rng, register))
        figures = _distances(one, other)
        assert all(told / 2 <= BY_A_SHARE for told in figures)
        learnt.append(sum(figures) / 2)
    assert max(learnt) <= BY_ALL
    assert sum(learnt) / len(learnt) <= BY_ALL_ON_AVERAGE


def _distances(one: list[Counts], other: list[Counts]) -> list[float]:
    """Return what each figure tells; margins of rows are independent, so what all tell adds up."""
    found = [
        _distance_of(PLACES, [c.sites for c in one], [c.sites for c in other]),
        _distance_of(NOTICES, [c.notices for c in one], [c.notices for c in other]),
    ]
    sides = ([c.submitted for c in one], [c.submitted for c in other])
    for name in ERRORS:
        parts = ([getattr(c, name) for c in one], [getattr(c, name) for c in other])
        found.append(_distance_of_share(*zip(parts, sides, strict=True)))
    found.append(_distance_of(BASIS, *sides))
    for party in PARTIES:
        told = ([c.parties[party].told for c in one], [c.parties[party].told for c in other])
        found.append(_distance_of(BASIS, *told))
        for name in ANSWERS:
            parts = (_answers(one, party, name), _answers(other, party, name))
            found.append(_distance_of_share(*zip(parts, told, strict=True)))
    return found


def _answers(counted: list[Counts], party: UUID, name: str) -> list[int]:
    return [getattr(counts.parties[party], name) for counts in counted]


def _distance_of(ladder: Ladder, one: list[int], other: list[int]) -> float:
    return distance(_of(one, ladder), _of(other, ladder))


def _distance_of_share(
    one: tuple[list[int], list[int]], other: tuple[list[int], list[int]]
) -> float:
    """Return what a share tells beyond its accuracy, on average over how that may have gone."""
    runs: Counter[tuple[int | None, ...]] = Counter()
    for path, weight in _of(one[1], BASIS).items():
        runs[tuple(ACCURACY[band.rung] for band in path)] += weight  # type: ignore[assignment]
    told = [
        weight * distance(_share_of(*one, run), _share_of(*other, run))
        for run, weight in runs.items()
        if weight > 1e-4
    ]
    return sum(told)


def _share_of(parts: list[int], wholes: list[int], run: tuple[int | None, ...]) -> Likelihoods:
    steps = [
        Step(at, Fraction(100 * parts[at], wholes[at]), ladder_within(within))
        for at, within in enumerate(run)
        if within is not None and wholes[at]
    ]
    return likelihoods(steps)


def test_nearly_all_histories_read_the_same_with_and_without_one_site() -> None:
    rng = random.Random("same")
    same = Counter[bool]()
    for key in range(60):
        register = random_register(rng)
        one, other = history(register), history(neighbour(rng, register))
        same[_bytes(published(one, key)) == _bytes(published(other, key))] += 1
    assert same[True] >= 0.85 * same.total()


def test_the_latest_edition_reads_the_same_in_nearly_all_registers() -> None:
    rng = random.Random("newest")
    same = Counter[bool]()
    for key in range(60):
        register = random_register(rng)
        one, other = history(register), history(neighbour(rng, register))
        same[published(one, key)[-1]["places"] == published(other, key)[-1]["places"]] += 1
    assert same[True] >= 0.97 * same.total()


def _bytes(editions: object) -> bytes:
    return json.dumps(editions, sort_keys=True).encode()


def test_opening_or_closing_one_site_away_from_a_border_changes_no_number() -> None:
    for count in range(2_000):
        for band in (Band(0, 1), Band(1, 1), Band(2, 1)):
            if _near_a_margin(PLACES, count) or _near_a_margin(PLACES, count + 1):
                continue
            for key in range(3):
                draw = draws(key)("places", "sites")
                settled = {PLACES.settle(count + more, band, 2, draw).rung for more in (0, 1)}
                assert len(settled) == 1


def _near_a_margin(ladder: Ladder, count: int) -> bool:
    """Whether the count lies where a secret margin of any border may lie."""
    beyond = [abs(count - float(border)) for border in ladder.borders]
    return any(ladder.least <= each <= ladder.reach for each in beyond)


def test_a_band_never_moves_within_the_least_margin_and_always_beyond_the_greatest() -> None:
    for key in range(200):
        draw = draws(key)("places", "sites")
        assert PLACES.settle(304, Band(0, 1), 2, draw) == Band(0, 1)
        assert PLACES.settle(500, Band(0, 1), 2, draw) == Band(1, 2)
        assert PLACES.settle(296, Band(1, 1), 2, draw) == Band(1, 1)
        assert PLACES.settle(99, Band(1, 1), 2, draw) == Band(0, 2)


def test_margins_differ_by_row_and_by_edition_and_cannot_be_told_from_the_figures() -> None:
    ups = {
        PLACES.up(Band(0, edition), draws(0)("places", row))
        for row in ("sites", "movements")
        for edition in range(50)
    }
    assert len(ups) == 100
    assert all(305 <= (up or 0) < 500 for up in ups)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_published_is_true(seed: int) -> None:
    rng = random.Random(seed)
    counted = history(random_register(rng))
    for counts, tables in zip(counted, published(counted, seed), strict=True):
        assert _in_band(tables["places"]["sites"], counts.sites)
        assert _in_band(tables["notices"]["notices"], counts.notices)
        assert _is_true_share(tables["errors"]["late"], counts.late, counts.submitted)
        for party in PARTIES:
            answered = counts.parties[party]
            for name in ANSWERS:
                figure = tables[name][str(party)]
                assert _is_true_share(figure, getattr(answered, name), answered.told), name


def _in_band(figure: dict[str, int | None], count: int) -> bool:
    return (figure["from"] or 0) <= count and (figure["to"] is None or count <= figure["to"])


def _is_true_share(figure: dict[str, int | None], part: int, whole: int) -> bool:
    """Whether a share is true and over many places: over few it would tell of one of them."""
    if figure["percent"] is None:
        return True
    within = (figure["from"] or 0) <= Fraction(100 * part, max(whole, 1)) <= (figure["to"] or 0)
    return whole >= 400 and figure["percent"] % 5 == 0 and within


def test_no_row_is_the_sum_of_others_and_no_count_is_banded_twice() -> None:
    counts = counts_in(random_register(random.Random(1)), EDITIONS - 1)
    tables = make_tables(counts, {}, 1, draws(1))
    named = Counter(row for name in ("places", "notices", "objections") for row in tables[name])
    assert named == {"sites": 1, "movements": 1, "notices": 1, "late": 1}
    assert "total" not in json.dumps(tables)


def test_the_likelihoods_are_those_of_the_real_figures() -> None:
    """The attacker of these tests reckons as the program draws."""
    counts = [120, 300, 340, 420, 280, 600, 1_120, 900]
    reckoned = _of(counts, PLACES)
    drawn: Counter[tuple[Band, ...]] = Counter()
    for key in range(4_000):
        band, path, draw = None, [], draws(key)("places", "sites")
        for at, count in enumerate(counts):
            band = PLACES.settle(count, band, at, draw)
            path.append(band)
        drawn[tuple(path)] += 1
    seen = {path: times / drawn.total() for path, times in drawn.items()}
    assert distance(reckoned, seen) < 0.04
    assert any(one != other for one, other in pairwise(drawn))
