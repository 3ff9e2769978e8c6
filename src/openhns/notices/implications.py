"""What it means that a party leaves: what it still holds, what is under way, what rests."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from openhns.mechanism.models import Organisation
from openhns.notices.access import Held, held_by, transmitted_to
from openhns.notices.models import Notice, Transmission
from openhns.parties.models import Participation, Party
from openhns.record.rows import timestamp
from openhns.registry.models import Consent, Listing
from openhns.registry.own import name_of, newest_versions

MOST_MOVEMENTS: Final = 50


@dataclass(frozen=True, slots=True)
class Implications:
    """What follows from a withdrawal; `held` is by all that was transmitted until now."""

    party: Party
    effective_at: datetime
    held: list[Held]
    under_way: list[Held]
    to_come: list[Held]
    consents: int
    organisations: int
    sent_after: int
    never_left: int
    began_after: list[datetime]

    def by_grade(self) -> dict[str, int]:
        return dict(sorted(Counter(item.grade for item in self.held).items()))

    def by_kind(self) -> dict[str, int]:
        kinds = Counter(item.subject or "district" for item in self.held)
        return dict(sorted(kinds.items()))

    def by_organisation(self) -> dict[str, dict[str, int]]:
        """Return counts by grade under each organisation's id."""
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for item in self.held:
            if item.organisation_id is not None:
                counts[str(item.organisation_id)][item.grade] += 1
        return {key: dict(sorted(found.items())) for key, found in sorted(counts.items())}

    def as_json(self) -> dict[str, Any]:
        """Return what an event can hold: no floats, no names but the party's."""
        return {
            "party": str(self.party.id),
            "name": self.party.name,
            "effective_at": timestamp(self.effective_at),
            "held": {"total": len(self.held), **self.by_grade()},
            "held_by_kind": self.by_kind(),
            "held_by_organisation": self.by_organisation(),
            "movements_under_way": movements(self.under_way),
            "movements_to_come": movements(self.to_come),
            "consents_to_suspend": self.consents,
            "organisations_to_tell": self.organisations,
            "transmitted_after": self.sent_after,
            "prepared_and_never_sent": self.never_left,
            "participation_begun_after": [timestamp(moment) for moment in self.began_after],
        }


def movements(held: Iterable[Held]) -> list[dict[str, Any]]:
    return [
        {
            "listing": str(item.listing_id),
            "notice": str(item.notice_id),
            "organisation": str(item.organisation_id),
            "from": timestamp(item.valid_from),
            "until": None if item.valid_until is None else timestamp(item.valid_until),
        }
        for item in held
    ]


def implications_of(party: Party, effective_at: datetime) -> Implications:
    """Compute what a withdrawal means; reads only."""
    held = held_by(party)
    moving = [item for item in held if item.subject == Listing.Kind.MOVEMENT]
    consents = Consent.objects.filter(party=party, revoked_at=None, suspended_at=None)
    vetted = Organisation.objects.filter(
        mechanism_id=party.mechanism_id, status=Organisation.Status.VETTED
    )
    prepared = Notice.objects.filter(party=party, transmission__status=Transmission.Status.PREPARED)
    after = transmitted_to(party).filter(transmission__transmitted_at__gt=effective_at)
    return Implications(
        party=party,
        effective_at=effective_at,
        held=held,
        under_way=[item for item in moving if _under_way(item, effective_at)],
        to_come=[item for item in moving if item.valid_from > effective_at],
        consents=consents.count(),
        organisations=vetted.count(),
        sent_after=after.count(),
        never_left=prepared.count(),
        began_after=participations_after(party, effective_at),
    )


def participations_after(party: Party, effective_at: datetime) -> list[datetime]:
    """Return when, after a time and until now, the party is stated to have begun to take part."""
    begun = party.participations.filter(
        status=Participation.Status.PARTICIPATING,
        effective_at__gt=effective_at,
        effective_at__lte=timezone.now(),
    )
    return list(begun.order_by("effective_at").values_list("effective_at", flat=True))


def _under_way(item: Held, moment: datetime) -> bool:
    ended = item.valid_until is not None and item.valid_until < moment
    return item.valid_from <= moment and not ended


@dataclass(frozen=True, slots=True)
class Moving:
    """A movement that the party was told of: its name, whose it is, and what it was told."""

    name: str
    organisation: str
    told: Held


def named_movements(held: Sequence[Held]) -> list[Moving]:
    """Return movements in their order, with their names, for the operator's own eyes."""
    listings = Listing.objects.filter(id__in={item.listing_id for item in held})
    names = {key: name_of(version) for key, version in newest_versions(listings).items()}
    known = {item.organisation_id for item in held if item.organisation_id is not None}
    owners = organisation_names(known)
    return [
        Moving(
            names.get(item.listing_id, "") if item.listing_id else "",
            owners.get(str(item.organisation_id), ""),
            item,
        )
        for item in held
    ]


def first_movements(held: Iterable[Held]) -> list[Moving]:
    """Return those movements that begin first, as many as can be read through."""
    return named_movements(sorted(held, key=lambda item: item.valid_from)[:MOST_MOVEMENTS])


def organisation_names(ids: Iterable[UUID | str]) -> dict[str, str]:
    """Return the names of organisations, for the operator's own eyes."""
    rows = Organisation.objects.filter(id__in=list(ids))
    return {str(row.id): str(row.content.get("name", "")) for row in rows}
