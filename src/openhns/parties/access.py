"""Reading parties: who they are, whether they take part at a moment, which keys count."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from openhns.mechanism.access import has_role, require_any_role
from openhns.mechanism.models import Mechanism, Person, Role
from openhns.parties.errors import (
    KeyNotFound,
    KeyRevoked,
    PartyNotFound,
    PartyNotParticipating,
)
from openhns.parties.models import FocalPoint, Participation, Party, PartyKey
from openhns.proofs.marks import composed


def shown_name(name: str) -> str:
    """Return a party's name in the one form that is kept: NFC, blanks collapsed."""
    return " ".join(composed(name).split())


def parties_of(mechanism: Mechanism) -> list[Party]:
    """Return all parties that ever took part, by name."""
    return list(Party.objects.filter(mechanism=mechanism).order_by("name"))


def party_names(mechanism: Mechanism) -> dict[UUID, str]:
    """Return the names of all parties by identifier, for rooms below."""
    return {party.id: party.name for party in parties_of(mechanism)}


def can_be_stored(text: str) -> bool:
    """Whether a database holds such a text at all; PostgreSQL raises where it is asked for another.

    No text there has a NUL in it or half of a surrogate pair, which JSON can spell.
    """
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def find_party(mechanism: Mechanism, name: str) -> Party:
    """Return the party of that name, or of that identifier; raise PartyNotFound."""
    wanted = Q(name=shown_name(name))
    with suppress(ValueError):
        wanted |= Q(id=UUID(name))
    parties = Party.objects.filter(wanted, mechanism=mechanism)
    found = parties.first() if can_be_stored(name) else None
    if found is None:
        known = ", ".join(party.name for party in parties_of(mechanism)) or "none"
        raise PartyNotFound(
            f"Mechanism {mechanism.slug} has no party of that name; it has: {known}."
        )
    return found


def participation_at(
    party: Party, moment: datetime, *, known_at: datetime | None = None
) -> Participation | None:
    """Return the statement that holds at a moment: the newest by effective time.

    Of two with one effective time the one recorded last holds. `known_at` leaves out what was
    recorded after it: what the operator knew then. None before the party's first statement.
    """
    stated = party.participations.filter(effective_at__lte=moment)
    if known_at is not None:
        stated = stated.filter(recorded_at__lte=known_at)
    return stated.order_by("-effective_at", "-recorded_at").first()


def participations_now(mechanism: Mechanism) -> dict[UUID, str]:
    """Return the status that holds now for each party, in one query; none before its first."""
    stated = Participation.objects.filter(
        party__mechanism=mechanism, effective_at__lte=timezone.now()
    )
    rows = stated.order_by("effective_at", "recorded_at").values_list("party_id", "status")
    return dict(rows)


def participates_at(party: Party, moment: datetime) -> bool:
    """Whether a party takes part at a moment, by all that is recorded now."""
    statement = participation_at(party, moment)
    return statement is not None and statement.status == Participation.Status.PARTICIPATING


def require_participating(party: Party, moment: datetime) -> None:
    """Raise PartyNotParticipating unless the party takes part at that moment."""
    if not participates_at(party, moment):
        statement = participation_at(party, moment)
        status = statement.status if statement else "not yet participating"
        raise PartyNotParticipating(
            f"{party.name} is {status}: nothing new is sent to it. If it takes part again, "
            "state that first."
        )


def participating_parties(mechanism: Mechanism, moment: datetime) -> list[Party]:
    """Return the parties that take part at a moment, by name."""
    return [party for party in parties_of(mechanism) if participates_at(party, moment)]


def keys_of(party: Party) -> list[PartyKey]:
    return list(party.keys.order_by("registered_at", "kid"))


def find_key(party: Party, kid: str) -> PartyKey:
    """Return the party's key of that thumbprint, revoked or not; raise KeyNotFound."""
    found = party.keys.filter(kid=kid).first() if can_be_stored(kid) else None
    if found is None:
        raise KeyNotFound(
            f"No key of that thumbprint is registered for {party.name}: `openhns party list` "
            "shows those that are."
        )
    return found


def usable_key(party: Party, kid: str, moment: datetime) -> PartyKey:
    """Return the party's key; raise KeyNotFound, or KeyRevoked if it counted no longer then.

    A time before the key's registration is no fault: clocks differ, and a receipt may wait.
    """
    key = find_key(party, kid)
    if key.revoked_at is not None and moment >= key.revoked_at:
        raise KeyRevoked(f"That key of {party.name} was revoked; what it signs counts no longer.")
    return key


def usable_keys(party: Party, moment: datetime) -> list[PartyKey]:
    """Return the keys that count at a moment, oldest first."""
    return [key for key in keys_of(party) if key.revoked_at is None or moment < key.revoked_at]


def require_key_keeper(person: Person, party: Party) -> str:
    """Return the actor; raise NotAllowed but for the party's own liaison and the operator."""
    if is_liaison(person, party):
        return "party"
    roles = (Role.Name.ADMINISTRATOR, Role.Name.TRANSMITTER)
    return require_any_role(person, party.mechanism, roles)


def is_liaison(person: Person, party: Party) -> bool:
    return has_role(person, party.mechanism, Role.Name.LIAISON, party_id=party.id)


def focal_point_at(party: Party, moment: datetime) -> FocalPoint | None:
    """Return whom the operator reaches at a party at a moment."""
    named = party.focal_points.filter(since__lte=moment).exclude(until__lte=moment)
    return named.order_by("-since").first()
