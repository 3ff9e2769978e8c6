"""Exactly what a party would be told if it were transmitted now: the lines, and each in full.

The lines are found by the functions that `do_prepare` uses. What is costly is kept while nothing
changes; the content of a notice is opened only for the lines that are shown.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from openhns.mechanism.counting import breathe, pausing
from openhns.mechanism.models import Mechanism
from openhns.mechanism.state import Kept, Remembered
from openhns.notices import presence
from openhns.notices.changes import Pair, changes_of_pairs, late_cancels, pairs_of
from openhns.notices.exposure import Exposure, exposure_of, register_cells
from openhns.notices.models import Notice, Transmission
from openhns.notices.notice_text import Letterhead, notice_text
from openhns.notices.numbering import Place
from openhns.notices.situation import Change, Situation
from openhns.notices.told import Told, told_to
from openhns.notices.wanted import OpenedVersions, Wanted, Wants, wanted_for
from openhns.parties.models import Party
from openhns.proofs.canonical import parse
from openhns.record.writing import find_log
from openhns.registry.models import Consent
from openhns.registry.models.consent import Grade

_AT_ONCE: Final = 500
_GIVEN_LATER: Final = ("id", "issued", "number", "previous")
_previews: Remembered["Preview"] = Remembered(most=4)
_exposures: Remembered[Exposure] = Remembered(most=12)
_wants: Remembered[Wants] = Remembered(most=4)
_registers: Remembered[dict[UUID, str]] = Remembered(most=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One notice that would be made. `change` is given where it was needed to know of it."""

    kind: str
    grade: str
    urgent: bool
    listing_id: UUID | None
    version_id: UUID | None
    pair: Pair | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would leave for one party, the urgent first, and the moment it was found at."""

    told: list[Told]
    wants: Wants
    moment: datetime
    lines: list[Line]

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many notices would be made, by grade and kind."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for line in self.lines:
            found[line.grade][line.kind] += 1
        return {grade: dict(kinds) for grade, kinds in sorted(found.items())}

    @property
    def urgent(self) -> int:
        return sum(line.urgent for line in self.lines)


def preview_of(party: Party) -> Preview:
    """Return what a party would be told now, kept while nothing changes."""
    return _previews.get(party.id, party.mechanism_id, lambda: _preview(party))


def preview_soon(party: Party, *, large: bool) -> Preview | None:
    """Return what a party would be told now; of a large register None while it is found."""
    mechanism_id = party.mechanism_id
    kept = _previews.soon(party.id, mechanism_id, lambda: _preview(party), large=large)
    return kept.value if kept.fresh else None


def _preview(party: Party) -> Preview:
    moment = timezone.now()
    told, wants = told_to(party), _wants_of(party)
    lines = _lines(Situation(told, wants, OpenedVersions(), moment))
    return Preview(told, wants, moment, sorted(lines, key=_order))


def _order(line: Line) -> str:
    """Sort the urgent first and cancellations last; many texts are compared soonest."""
    breathe()
    last = line.kind == Notice.Kind.CANCEL
    return f"{not line.urgent:d}{last:d}{line.kind} {line.listing_id}"


def _lines(situation: Situation) -> Iterator[Line]:
    amended: list[Pair] = []
    for pair in pausing(pairs_of(situation)):
        if pair.old and pair.new:
            amended.append(pair)
        elif pair.new:
            yield _alert(pair, pair.new)
        elif pair.old:
            yield _cancel(pair, pair.old, situation.wants)
    yield from _amendments(situation, amended)
    for change in (*late_cancels(situation), *presence.changes_of_districts(situation)):
        yield _known(change)


def _alert(pair: Pair, new: Wanted) -> Line:
    kind = str(Notice.Kind.ALERT)
    return Line(kind, str(new.grade), new.urgent, new.listing_id, new.version_id, pair)


def _cancel(pair: Pair, old: Told, wants: Wants) -> Line:
    kind = str(Notice.Kind.CANCEL)
    urgent = old.listing_id is not None and wants.removed.get(old.listing_id, False)
    return Line(kind, str(old.grade), urgent, old.listing_id, old.version_id, pair)


def _amendments(situation: Situation, pairs: Sequence[Pair]) -> Iterator[Line]:
    """Yield what comes of amendments: they are opened, some at a time, for none may come."""
    for start in range(0, len(pairs), _AT_ONCE):
        some = pairs[start : start + _AT_ONCE]
        opened = Situation(situation.told, situation.wants, OpenedVersions(), situation.moment)
        yield from map(_known, changes_of_pairs(opened, some))


def _known(change: Change) -> Line:
    return Line(
        str(change.kind),
        str(change.grade),
        change.urgent,
        change.listing_id,
        change.version_id,
        change=change,
    )


def changes_shown(preview: Preview, lines: Sequence[Line]) -> list[Change]:
    """Return the change of each line, as `do_prepare` would make it."""
    situation = Situation(preview.told, preview.wants, OpenedVersions(), preview.moment)
    pairs = [line.pair for line in lines if line.pair]
    made = {change.listing_id: change for change in changes_of_pairs(situation, pairs)}
    return [line.change or made[line.listing_id] for line in lines]


def letterhead_to(party: Party) -> Letterhead:
    return Letterhead.of(find_log(party.mechanism_id), party.mechanism, party, timezone.now())


def as_told(head: Letterhead, change: Change) -> dict[str, Any]:
    """Return the members of the notice that would be signed.

    Those that are given only when it is made are left out, as is a new reference.
    """
    payload = dict(parse(notice_text(head, change.reference, Place(1, None), change)))
    for name in _GIVEN_LATER:
        del payload[name]
    if change.kind == Notice.Kind.ALERT:
        payload["subject"] = {**payload["subject"], "reference": None}
    if begins_when_made(change):
        payload["valid"] = {"until": payload["valid"]["until"]}
    return payload


def begins_when_made(change: Change) -> bool:
    """Whether a notice holds from the very moment at which it is made."""
    return change.kind == Notice.Kind.CANCEL or change.grade == Grade.PRESENCE


def exposure_to(mechanism: Mechanism, party: Party, *, large: bool) -> Kept[Exposure]:
    """Return how far cells hide from one party; of a large register as it was last measured."""

    def measured() -> Exposure:
        return exposure_of(_wants_of(party), _register_of(mechanism))

    return _exposures.soon(party.id, mechanism.id, measured, large=large)


def _wants_of(party: Party) -> Wants:
    """Return what a party is to be told, found once for its preview and for what areas hide."""
    return _wants.get(party.id, party.mechanism_id, lambda: wanted_for(party))


def _register_of(mechanism: Mechanism) -> dict[UUID, str]:
    """Return the register's cells, read once for all parties while nothing changes."""
    return _registers.get(mechanism.id, mechanism.id, lambda: register_cells(mechanism))


@dataclass(frozen=True, slots=True)
class Consented:
    """How many consents to a party are open, by grade, and how many rest."""

    by_grade: dict[str, int]
    resting: int


def consented_to(parties: Sequence[Party]) -> dict[UUID, Consented]:
    """Count the consents to each party, in the database."""
    open_ones = Consent.objects.filter(party__in=parties, revoked_at=None)
    rows = open_ones.values_list("party_id", "grade").annotate(
        all=Count("grade"), resting=Count("suspended_at")
    )
    found = {party.id: Consented(dict.fromkeys(Grade.values, 0), 0) for party in parties}
    for party_id, grade, count, resting in rows:
        before = found[party_id]
        by_grade = before.by_grade | {grade: count - resting}
        found[party_id] = Consented(by_grade, before.resting + resting)
    return found


def waiting_before(parties: Sequence[Party]) -> dict[UUID, int]:
    """Count the notices that were prepared and have not left, by party."""
    prepared = Transmission.objects.filter(
        party__in=parties, status=Transmission.Status.PREPARED
    ).values_list("party_id", "first_number", "last_number")
    found: Counter[UUID] = Counter()
    for party_id, first, last in prepared:
        found[party_id] += last - first + 1
    return dict(found)
