"""What each party held at a moment: what it had been told, and had not been told to drop.

A notice is held from its transmission, or from the beginning of its validity if that is later,
until the transmission of the next notice under its reference or the end of its validity. A
party's withdrawal ends nothing: what was told stays known. Where nobody knows whether a batch
left, what it holds is held from then on only possibly.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any, Final, NamedTuple
from uuid import UUID

from openhns.mechanism.models import Mechanism, Organisation
from openhns.notices.models import Notice, Transmission
from openhns.proofs import jws
from openhns.registry.models import Listing

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Holding:
    """One notice as a party held it: from `start` until `end` (None: still).

    `since` and `until` are the bounds within which the party held this same place without a gap,
    by this notice and its neighbours under the reference. From `doubted_from` on, whether it
    was held is not known.
    """

    notice_id: UUID
    party_id: UUID
    listing_id: UUID | None
    reference: UUID
    number: int
    kind: str
    grade: str
    start: datetime
    end: datetime | None
    since: datetime
    until: datetime | None
    doubted_from: datetime | None = None

    def overlaps(self, start: datetime | None, end: datetime) -> bool:
        """Whether the notice may have been held at some instant of a closed interval."""
        return self.start <= end and (self.end is None or start is None or start < self.end)


class _Row(NamedTuple):
    """One notice and how its transmission stands; the columns are read in this order."""

    id: UUID
    party_id: UUID
    listing_id: UUID | None
    reference: UUID
    number: int
    kind: str
    grade: str
    valid_from: datetime
    valid_until: datetime | None
    transmission__status: str
    transmission__transmitted_at: datetime | None
    transmission__prepared_at: datetime


@dataclass(frozen=True, slots=True)
class _Sent:
    """A notice and when it left; `sure` unless nobody knows whether it did."""

    row: _Row
    left_at: datetime
    sure: bool


def holdings_of(
    mechanism: Mechanism,
    until: datetime,
    *,
    listing: Listing | None = None,
    organisation: Organisation | None = None,
) -> list[Holding]:
    """Return what every party of a mechanism held at some time up to a moment.

    With a listing, or an organisation: what they held of that one, or of its places, by notices
    of their own.
    """
    rows = Notice.objects.filter(party__mechanism=mechanism).order_by(
        "party_id", "reference", "number"
    )
    if listing is not None:
        rows = rows.filter(listing=listing)
    if organisation is not None:
        rows = rows.filter(listing__organisation=organisation)
    opened = (_Row(*row) for row in rows.values_list(*_Row.__annotations__))
    sent = (item for row in opened if (item := _sent(row)) is not None)
    chains = groupby(sent, key=lambda item: (item.row.party_id, item.row.reference))
    found = [holding for _, chain in chains for holding in _chain(list(chain))]
    return [holding for holding in found if holding.start <= until]


def _sent(row: _Row) -> _Sent | None:
    """Return the notice if it left, or may have left."""
    status, left_at = row.transmission__status, row.transmission__transmitted_at
    if left_at is not None and status != Transmission.Status.FAILED:
        return _Sent(row, left_at, sure=True)
    if status == Transmission.Status.UNKNOWN:
        return _Sent(row, row.transmission__prepared_at, sure=False)
    return None


def _chain(sent: Sequence[_Sent]) -> Iterator[Holding]:
    """Yield what was held under one reference, notice by notice."""
    for place, item in enumerate(sent):
        if item.row.kind == Notice.Kind.CANCEL:
            continue
        start = max(item.left_at, item.row.valid_from)
        end, doubted_from = _ending(item, sent[place + 1 :])
        if not item.sure:
            doubted_from = start
        if end is None or start < end:
            yield _holding(item, start, end, doubted_from)


def _ending(item: _Sent, later: Sequence[_Sent]) -> tuple[datetime | None, datetime | None]:
    """Return when a notice was replaced or ran out for certain, and from when it may have been."""
    sure = next((other.left_at for other in later if other.sure), None)
    unsure = next((other.left_at for other in later if not other.sure), None)
    ends = [moment for moment in (sure, item.row.valid_until) if moment is not None]
    end = min(ends) if ends else None
    doubted = unsure if unsure is not None and (end is None or unsure < end) else None
    return end, doubted


def _holding(
    item: _Sent, start: datetime, end: datetime | None, doubted_from: datetime | None
) -> Holding:
    row = item.row
    return Holding(
        notice_id=row.id,
        party_id=row.party_id,
        listing_id=row.listing_id,
        reference=row.reference,
        number=row.number,
        kind=row.kind,
        grade=row.grade,
        start=start,
        end=end,
        since=start,
        until=end,
        doubted_from=doubted_from,
    )


def payloads_of(notice_ids: Iterable[UUID]) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """Yield what each notice says, from the bytes that were signed."""
    wanted = list(notice_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        for row in Notice.objects.filter(id__in=wanted[start : start + _AT_ONCE]):
            yield row.id, jws.read(row.jws).payload


def joined(holdings: Sequence[Holding], places: Sequence[object]) -> list[Holding]:
    """Return the holdings with `since` and `until` drawn over neighbours at the same place.

    `places` says where each holding is; an amendment of a telephone number does not interrupt
    what the party knew of a place.
    """
    found = list(holdings)
    order = sorted(range(len(found)), key=lambda at: (found[at].reference, found[at].number))
    for before, after in pairwise(order):
        if _continues(found[before], found[after]) and places[before] == places[after]:
            found[after] = replace(found[after], since=found[before].since)
    for before, after in reversed(list(pairwise(order))):
        if _continues(found[before], found[after]) and places[before] == places[after]:
            found[before] = replace(found[before], until=found[after].until)
    return found


def _continues(before: Holding, after: Holding) -> bool:
    same = (before.party_id, before.reference) == (after.party_id, after.reference)
    return same and before.end == after.start and before.doubted_from is None
