"""Numbers without gaps, one row of them per party, each notice naming the one before it."""

from dataclasses import dataclass
from typing import Self

from openhns.notices.models import Notice
from openhns.parties.models import Party


@dataclass(frozen=True, slots=True)
class Place:
    """The number of the next notice, and the SHA-256 of the JWS before it, None for the first."""

    number: int
    previous: str | None

    def after(self, jws_sha256: str) -> Self:
        return type(self)(self.number + 1, jws_sha256)


def next_place(party: Party) -> Place:
    """Return the next place; the party's row stays locked until the transaction ends."""
    Party.objects.select_for_update().get(id=party.id)
    newest = Notice.objects.filter(party=party).order_by("-number")
    last = newest.values_list("number", "jws_sha256").first()
    return Place(last[0] + 1, last[1]) if last else Place(1, None)
