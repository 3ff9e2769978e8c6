"""What a party was last told: the newest notice under each of its references."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from openhns.mechanism.counting import paced
from openhns.notices.models import Notice
from openhns.parties.models import Party


@dataclass(frozen=True, slots=True)
class Told:
    """The newest notice under one reference; `subject` is site or movement, None for a district.

    `replaced`: the party was told of the same listing under another reference since then, which
    left at `replaced_at`, None while it is still to leave.
    """

    notice_id: UUID
    reference: UUID
    listing_id: UUID | None
    version_id: UUID | None
    grade: str
    subject: str | None
    replaced: bool = False
    replaced_at: datetime | None = None


def told_to(party: Party, listings: Collection[UUID] | None = None) -> list[Told]:
    """Return what a party was told and not told to drop, what is still to leave included.

    With `listings` only what is about these.
    """
    rows = Notice.objects.filter(party=party).order_by("number")
    if listings is not None:
        rows = rows.filter(listing_id__in=listings)
    newest: dict[UUID, Told] = {}
    current: dict[UUID, UUID] = {}
    columns = ("id", "reference", "listing_id", "version_id", "grade", "listing__kind")
    named = ("kind", "transmission__transmitted_at", *columns)
    for kind, left_at, *rest in paced(rows.values_list(*named)):
        told = Told(*rest)
        if kind == Notice.Kind.CANCEL:
            newest.pop(told.reference, None)
            continue
        newest[told.reference] = told
        if told.listing_id is not None:
            before = newest.get(current.get(told.listing_id, told.reference))
            if before is not None and before.reference != told.reference:
                old = replace(before, replaced=True, replaced_at=left_at)
                newest[before.reference] = old
            current[told.listing_id] = told.reference
    return list(newest.values())
