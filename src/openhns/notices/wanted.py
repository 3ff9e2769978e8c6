"""What a party is to be told now: the newest cleared version, at the grade consented to."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from openhns.mechanism.counting import paced, pausing
from openhns.parties.models import Party
from openhns.registry.models import Consent, Version
from openhns.registry.models.consent import Grade

_AT_ONCE = 500
_CLEARED = Version.Status.CLEARED


@dataclass(frozen=True, slots=True)
class Wanted:
    """A version that a party is to be told of, and the grade."""

    listing_id: UUID
    version_id: UUID
    kind: str
    grade: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class Wants:
    """What is to be told by listing; `resting` has consents that are suspended.

    Of a listing whose consent rests nothing is told, and nothing is cancelled: the consent was
    not taken back, its party had left. Counts of districts rest if one of theirs does. `removed`
    are listings removed by a cleared version, with whether that is urgent.
    """

    told: dict[UUID, Wanted]
    resting: frozenset[UUID]
    counts_rest: bool
    removed: dict[UUID, bool]


@dataclass(frozen=True, slots=True)
class _Newest:
    version_id: UUID
    kind: str
    action: str
    urgent: bool


def wanted_for(party: Party, listings: Collection[UUID] | None = None) -> Wants:
    """Return what a party is to be told, by open consents and cleared versions as they stand.

    With `listings` only what is about these; the counts of districts are then left alone.
    """
    open_consents = Consent.objects.filter(party=party, revoked_at=None)
    if listings is not None:
        open_consents = open_consents.filter(listing_id__in=listings)
    consents = list(paced(open_consents.values_list("listing_id", "grade", "suspended_at")))
    newest = _newest_cleared(party, listings)
    wants = Wants(
        told={},
        resting=frozenset(listing for listing, _, suspended in consents if suspended),
        counts_rest=listings is not None
        or any(rests and grade == Grade.PRESENCE for _, grade, rests in consents),
        removed={key: item.urgent for key, item in newest.items() if _removes(item)},
    )
    for listing_id, grade, suspended in pausing(consents):
        found = newest.get(listing_id)
        if found and not suspended and not _removes(found):
            wanted = Wanted(listing_id, found.version_id, found.kind, grade, found.urgent)
            wants.told[listing_id] = wanted
    return wants


def _removes(newest: _Newest) -> bool:
    return newest.action == Version.Action.REMOVE


def _newest_cleared(party: Party, listings: Collection[UUID] | None) -> dict[UUID, _Newest]:
    columns = ("status", "listing_id", "id", "listing__kind", "action", "urgent")
    if listings is None:
        consented = Consent.objects.filter(party=party).values("listing_id")
        rows = Version.objects.filter(status=_CLEARED, listing_id__in=consented)
    else:  # Few. By their status a database might look through all that were ever cleared.
        rows = Version.objects.filter(listing_id__in=listings)
    found = paced(rows.order_by("number").values_list(*columns))
    return {listing: _Newest(*rest) for status, listing, *rest in found if status == _CLEARED}


@dataclass
class OpenedVersions:
    """Versions opened once and kept while several parties are told of them."""

    _by_id: dict[UUID, Version] = field(default_factory=dict)

    def load(self, ids: set[UUID]) -> None:
        missing = [key for key in ids if key not in self._by_id]
        for start in range(0, len(missing), _AT_ONCE):
            chunk = Version.objects.filter(id__in=missing[start : start + _AT_ONCE])
            self._by_id.update({version.id: version for version in chunk})

    def __getitem__(self, version_id: UUID) -> Version:
        return self._by_id[version_id]
