"""Who took part from when to when, as a time line and in sentences. Participation is public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Prefetch

from openhns.mechanism.models import Mechanism
from openhns.parties.models import Participation, Party
from openhns.parties.words import PARTICIPATION_TONES

LENGTH: Final = 1_000
"""Units along the time line."""
_TICKS: Final = 8
_YEAR: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of the line: where it begins, how long it is, and in which state."""

    start: int
    length: int
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A status from a moment on; `until` is None where it still holds or nothing follows."""

    status: str
    since: datetime
    until: datetime | None
    recorded_at: datetime
    ahead: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One party: its present state, all its states in order, and the stretches to draw."""

    name: str
    now: Stated | None
    stated: list[Stated]
    segments: list[Segment]

    @property
    def departures(self) -> list[Stated]:
        return [each for each in self.stated if each.status != Participation.Status.PARTICIPATING]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All parties between two moments, with the beginnings of years or months as ticks."""

    start: datetime
    end: datetime
    lines: list[Line]
    ticks: list[int]


def timeline_of(mechanism: Mechanism, now: datetime) -> Timeline:
    """Return the time line of a mechanism's parties from the first one's joining until now."""
    newest_last = Participation.objects.order_by("effective_at", "recorded_at")
    parties = list(
        Party.objects.filter(mechanism=mechanism)
        .order_by("joined_at", "name")
        .prefetch_related(Prefetch("participations", queryset=newest_last))
    )
    start = min([party.joined_at for party in parties] + [mechanism.created_at, now])
    scale = _Scale(start, max(now, start + timedelta(days=1)))
    lines = [_line(party, scale, now) for party in parties]
    return Timeline(scale.start, scale.end, lines, scale.ticks())


@dataclass(frozen=True, slots=True)
class _Scale:
    start: datetime
    end: datetime

    def at(self, moment: datetime) -> int:
        part = (moment - self.start) / (self.end - self.start)
        return round(LENGTH * min(max(part, 0.0), 1.0))

    def ticks(self) -> list[int]:
        """Return where years begin, or months where the line is short; at most a few."""
        yearly = self.end - self.start > _YEAR
        at = self.start.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        found = []
        while at < self.end:
            if at > self.start and (not yearly or at.month == 1):
                found.append(self.at(at))
            at = (at + timedelta(days=32)).replace(day=1)
        step = -(-len(found) // _TICKS) or 1
        return found[::step]


def _line(party: Party, scale: _Scale, now: datetime) -> Line:
    stated = _stated(list(party.participations.all()), now)
    segments = [_segment(each, scale) for each in stated if not each.ahead]
    held = [each for each in stated if not each.ahead]
    return Line(party.name, held[-1] if held else None, stated, segments)


def _stated(statements: Sequence[Participation], now: datetime) -> list[Stated]:
    """Return the states in order; of two with one effective time the later recorded one holds."""
    holding = list({each.effective_at: each for each in statements}.values())
    ends = [each.effective_at for each in holding[1:]]
    return [
        Stated(each.status, each.effective_at, end, each.recorded_at, each.effective_at > now)
        for each, end in zip(holding, [*ends, None], strict=True)
    ]


def _segment(stated: Stated, scale: _Scale) -> Segment:
    start, end = scale.at(stated.since), scale.at(stated.until or scale.end)
    tone = PARTICIPATION_TONES.get(stated.status, "")
    return Segment(start, max(end - start, 1), stated.status, tone)
