"""How many of an organisation's sites stand at one position, so that a form is answered at once.

Counting a register of many thousand sites takes seconds. What was counted is kept for some
minutes, and what was registered since is counted beside it: a site that moved since then may
still be counted where it stood, which can make a warning too many or too few, and nothing else.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from openhns.geodesy.position import Position
from openhns.mechanism.models import Organisation
from openhns.registry.models import Listing
from openhns.registry.own import newest_versions
from openhns.registry.register import entries, sight_of

_SMALL: Final = 2_000
_KEPT_FOR: Final = timedelta(minutes=15)
_COMMITTED_BY: Final = timedelta(minutes=10)
"""A change may be committed this long after the moment that it bears."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """What stood at each position at a moment; `recent` are those of the last minutes before."""

    moment: datetime
    points: Counter[Position]
    recent: frozenset[UUID]


_counted: dict[UUID, _Counted] = {}


def points_of(organisation: Organisation) -> Counter[Position]:
    """Return how many of the organisation's open sites stand at each position."""
    now, kept = timezone.now(), _counted.get(organisation.id)
    if kept is not None and now - kept.moment <= _KEPT_FOR:
        new = _new_since(organisation, kept)
        if len(new) <= _SMALL:
            return kept.points + _points(new)
    kept = _count(organisation, now)
    if kept.points.total() > _SMALL:
        _counted[organisation.id] = kept
    return kept.points


def _count(organisation: Organisation, now: datetime) -> _Counted:
    found = entries(organisation.mechanism_id, Listing.Kind.SITE, organisation)
    points = Counter(position for entry in found for position in entry.sight.positions)
    recent = (entry.listing_id for entry in found if entry.registered_at > now - _COMMITTED_BY)
    return _Counted(now, points, frozenset(recent))


def _new_since(organisation: Organisation, kept: _Counted) -> set[UUID]:
    """Return what was registered since, and is not counted yet."""
    new = Listing.objects.filter(
        organisation=organisation,
        kind=Listing.Kind.SITE,
        registered_at__gt=kept.moment - _COMMITTED_BY,
    )
    return set(new.exclude(status=Listing.Status.CLOSED).values_list("id", flat=True)) - kept.recent


def _points(listing_ids: set[UUID]) -> Counter[Position]:
    if not listing_ids:
        return Counter()
    versions = newest_versions(Listing.objects.filter(id__in=listing_ids)).values()
    sights = (sight_of(version.content) for version in versions)
    return Counter(position for sight in sights for position in sight.positions)
