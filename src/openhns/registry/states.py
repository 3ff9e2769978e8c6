"""In which state a listing is, and what waits for whom, as its organisation reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openhns.registry.models import Listing, Version
from openhns.registry.words import LISTING_STATUSES, label

Text = str | Promise
_IN_FORCE = frozenset(
    {
        Listing.Status.ACTIVE,
        Listing.Status.DUE,
        Listing.Status.CLEARED,
        Listing.Status.UNDER_WAY,
    }
)
_TONES = {Listing.Status.DUE: "warn", Listing.Status.LAPSED: "warn"}


@dataclass(frozen=True, slots=True)
class State:
    """The state of the listing, and what its newest version waits for, if for anything.

    `signature`: it waits for a second signature, which the reader may give if `yours`.
    """

    words: Text
    tone: str
    waits: Text = ""
    waits_tone: str = ""
    signature: bool = False
    yours: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the person, and whether they may sign for the organisation."""

    person: UUID
    approver: bool


def state_of(listing: Listing, newest: Version, reader: Reader, *, unsigned: bool) -> State:
    """Return the state as one person of the organisation reads it; `unsigned` of its newest."""
    yours = unsigned and reader.approver and newest.submitted_by_id != reader.person
    waits, tone = _waits(newest, unsigned=unsigned, yours=yours)
    status = Listing.Status(listing.status)
    standing = "good" if status in _IN_FORCE else ""
    return State(
        label(LISTING_STATUSES, status),
        _TONES.get(status, standing),
        waits,
        tone,
        signature=unsigned,
        yours=yours,
    )


_DECIDED: Final[Mapping[str, tuple[Text, str]]] = {
    Version.Status.RETURNED: (_("Returned by the operator: see why"), "warn"),
    Version.Status.REFUSED: (_("Refused by the operator: see why"), "bad"),
}
_WITH_OPERATOR: Final[Mapping[str, Text]] = {
    Version.Action.ADD: _("With the operator"),
    Version.Action.AMEND: _("Amendment is with the operator"),
    Version.Action.REMOVE: _("Removal is with the operator"),
}


def _waits(newest: Version, *, unsigned: bool, yours: bool) -> tuple[Text, str]:
    if newest.status != Version.Status.SUBMITTED:
        return _DECIDED.get(newest.status, ("", ""))
    if yours:
        return _("Waits for your second signature"), "warn"
    if unsigned:
        return _("Waits for a second signature by a colleague"), "warn"
    return _WITH_OPERATOR[newest.action], ""
