"""Each claim against what each party held at that moment, with what uncertainty leaves open.

The judgement is `screening`'s, and docs/matching.md has its geometry: `certain` only where the
claimed place, wherever in its radius, lies within the policy's buffer of what was told, and the
party held that throughout the claimed time; `possible` where the two can meet; else `none`. Never
certain are also: a leg of a movement; a notice of which nobody knows whether it left; a
district's count (presence grade).

Pairs are written out only where the claim bounds its place (`SUMMARY_BEYOND_M`). Otherwise, and
for counts of districts, the notices that were held at that time are counted: `unplaced`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import numpy as np

from openhns.geodesy.position import Position
from openhns.incidents.board import Board, Candidate, Spot
from openhns.incidents.precision import SUMMARY_BEYOND_M
from openhns.mechanism.models import Mechanism, Organisation
from openhns.mechanism.policy import policy_of
from openhns.registry.models.consent import Grade
from openhns.screening.matching import LARGEST_BUFFER_M, Disc, Interval, Region, screen

Verdict = Literal["certain", "possible"]
When = Literal["held", "ended", "later"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim and a notice whose places can be one. `when` tells how their times lie.

    `held`: the notice was held at some instant of the claimed time. `ended`: it was held before
    and had ended. `later`: it was sent afterwards. The last two are no matches.
    """

    claim_id: UUID
    party_id: UUID
    notice_id: UUID
    listing_id: UUID | None
    grade: str
    verdict: Verdict
    distance_m: int
    reasons: tuple[str, ...]
    when: When
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one claim meets. `unplaced` counts, by party and grade, what was held somewhere."""

    bounded: bool
    pairs: tuple[Pair, ...] = ()
    beside: tuple[Pair, ...] = ()
    unplaced: Mapping[tuple[UUID, str], int] = field(default_factory=dict)

    def all_pairs(self) -> Iterator[Pair]:
        yield from self.pairs
        yield from self.beside

    def count(self, verdict: Verdict) -> int:
        return sum(pair.verdict == verdict for pair in self.pairs)

    def unplaced_of(self, party_id: UUID) -> dict[str, int]:
        return {
            grade: n for (party, grade), n in sorted(self.unplaced.items()) if party == party_id
        }

    @property
    def somewhere(self) -> int:
        return sum(self.unplaced.values())

    @property
    def verdict(self) -> str:
        if self.count("certain"):
            return "certain"
        return "possible" if self.pairs or self.unplaced else "none"

    def summary(self) -> dict[str, Any]:
        """Return what the claim's event records: counts, and no place."""
        return {
            "certain": self.count("certain"),
            "possible": self.count("possible"),
            "possible_somewhere": self.somewhere,
            "place_is_bounded": self.bounded,
        }


@dataclass(frozen=True, slots=True)
class _Asked:
    """A claim's place and time as they are compared; `start` None where nobody knows it."""

    claim_id: UUID
    position: Position | None
    radius_m: int | None
    start: datetime | None
    end: datetime
    country: str | None

    @property
    def bounded(self) -> bool:
        return self.radius_m is not None and self.radius_m <= SUMMARY_BEYOND_M


def _asked(claim_id: UUID, content: Mapping[str, Any]) -> _Asked:
    place = content["position"]
    start = content["from"]
    return _Asked(
        claim_id,
        None if place is None else Position(place["lat_e7"], place["lon_e7"]),
        None if place is None else content["precision_m"],
        None if start is None else datetime.fromisoformat(start),
        datetime.fromisoformat(content["until"]),
        content["country"],
    )


class Matcher:
    """Compares claims with what the parties of a mechanism held; opened once for many claims."""

    def __init__(
        self, mechanism: Mechanism, until: datetime, organisation: Organisation | None = None
    ) -> None:
        self._mechanism = mechanism
        self._buffer_m = min(policy_of(mechanism).match_buffer_m, LARGEST_BUFFER_M)
        self._board = Board(mechanism, until, organisation)

    def outcome(
        self, claim_id: UUID, content: Mapping[str, Any], *, every: bool = False
    ) -> Outcome:
        """Match one claim; `every` also looks at what had ended before and what was sent later."""
        asked = _asked(claim_id, content)
        held = self._board.held_during(asked.start, asked.end)
        if not (held.any() or every):
            return Outcome(asked.bounded)
        if not asked.bounded:
            return Outcome(bounded=False, unplaced=self._counted_wide(asked, held))
        chosen = np.ones_like(held) if every else held
        pairs = self._pairs(asked, chosen)
        return Outcome(
            bounded=True,
            pairs=tuple(pair for pair in pairs if pair.when == "held"),
            beside=tuple(pair for pair in pairs if pair.when != "held"),
            unplaced=self._counted_districts(asked, held),
        )

    def _counted_wide(self, asked: _Asked, held: Any) -> Counter[tuple[UUID, str]]:
        """Count what was held of a claim without a bounded place: near it, or anywhere."""
        if self._elsewhere(asked):
            return Counter()
        if asked.position is None or asked.radius_m is None:
            return self._board.counted(held)
        reach = asked.radius_m + self._buffer_m
        near = {c.holding: None for c in self._board.near(asked.position, reach, held)}
        found = Counter((item.party_id, item.grade) for item in near)
        return found + self._counted_districts(asked, held)

    def _elsewhere(self, asked: _Asked) -> bool:
        """Whether the claim names a country that the mechanism does not cover."""
        covered = self._mechanism.countries
        return bool(covered and asked.country) and asked.country not in covered

    def _counted_districts(self, asked: _Asked, held: Any) -> Counter[tuple[UUID, str]]:
        if self._elsewhere(asked):
            return Counter()
        counted = self._board.counted(held)
        return Counter({key: n for key, n in counted.items() if key[1] == Grade.PRESENCE})

    def _pairs(self, asked: _Asked, chosen: Any) -> list[Pair]:
        """Return the best pair of the claim with each notice that is near enough."""
        if asked.position is None or asked.radius_m is None:
            return []
        best: dict[UUID, Pair] = {}
        reach = asked.radius_m + self._buffer_m
        for candidate in self._board.near(asked.position, reach, chosen):
            pair = _judged(asked, candidate, self._buffer_m)
            if pair and _better(pair, best.get(pair.notice_id)):
                best[pair.notice_id] = pair
        return list(best.values())


def _better(pair: Pair, other: Pair | None) -> bool:
    if other is None:
        return True
    return (pair.verdict == "possible", pair.distance_m) < (
        other.verdict == "possible",
        other.distance_m,
    )


def _when(asked: _Asked, candidate: Candidate) -> When:
    holding = candidate.holding
    if holding.overlaps(asked.start, asked.end):
        return "held"
    return "later" if holding.start > asked.end else "ended"


def _judged(asked: _Asked, candidate: Candidate, buffer_m: float) -> Pair | None:
    """Judge a claim against one place of one notice; None where the two can never meet."""
    holding, when = candidate.holding, _when(asked, candidate)
    if asked.position is None:
        return None
    match = screen(
        Disc(asked.position, asked.radius_m),
        Interval(asked.start, asked.end),
        _where(candidate.spot),
        Interval(holding.since, holding.until),
        buffer_m,
    )
    if match.place == "none" or (when == "held" and match.verdict == "none"):
        return None
    doubts = tuple(_doubts(asked, candidate))
    certain = match.verdict == "certain" and when == "held" and not doubts
    return Pair(
        claim_id=asked.claim_id,
        party_id=holding.party_id,
        notice_id=holding.notice_id,
        listing_id=holding.listing_id,
        grade=holding.grade,
        verdict="certain" if certain else "possible",
        distance_m=round(match.distance_m or 0),
        reasons=(*match.reasons, *doubts),
        when=when,
        start=holding.start,
        end=holding.end,
    )


def _where(spot: Spot) -> Disc | Region:
    return Region(spot.cell) if spot.cell else Disc(spot.centre, spot.reach_m)


def _doubts(asked: _Asked, candidate: Candidate) -> Iterator[str]:
    """Yield why a match is not certain though place and time may fit."""
    holding = candidate.holding
    if not candidate.spot.sure:
        yield "movement_on_its_way"
    if holding.doubted_from is not None and asked.end >= holding.doubted_from:
        yield "transmission_unknown"
