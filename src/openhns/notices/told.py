"""What a party was last told: the newest notice under each of its references."""

from dataclasses import dataclass
from uuid import UUID

from openhns.notices.models import Notice
from openhns.parties.models import Party


@dataclass(frozen=True, slots=True)
class Told:
    """The newest notice under one reference; `subject` is site or movement, None for a district."""

    notice_id: UUID
    reference: UUID
    listing_id: UUID | None
    version_id: UUID | None
    grade: str
    subject: str | None


def told_to(party: Party) -> list[Told]:
    """Return what a party was told and not told to drop, what is still to leave included."""
    rows = Notice.objects.filter(party=party).order_by("number")
    newest: dict[UUID, Told] = {}
    columns = ("kind", "id", "reference", "listing_id", "version_id", "grade", "listing__kind")
    for kind, *rest in rows.values_list(*columns):
        told = Told(*rest)
        if kind == Notice.Kind.CANCEL:
            newest.pop(told.reference, None)
        else:
            newest[told.reference] = told
    return list(newest.values())
