"""What every page of a party's liaison begins with: the party, and how it stands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from openhns.mechanism.visits import Visit
from openhns.parties.access import participation_at
from openhns.parties.models import Participation, Party
from openhns.parties.words import PARTICIPATION, PARTICIPATION_TONES


@dataclass(frozen=True, slots=True)
class Standing:
    """How a party takes part now and since when, and what is stated for a time to come."""

    status: str
    since: datetime
    next_status: str | None
    next_from: datetime | None

    @property
    def participates(self) -> bool:
        return self.status == Participation.Status.PARTICIPATING


def party_of(visit: Visit, party_id: UUID) -> Party:
    """Return the party whose liaison the visitor is; raise Http404 for any other."""
    found = Party.objects.get(id=visit.liaison(party_id))
    if found.mechanism_id == visit.mechanism.id:
        found.mechanism = visit.mechanism  # Which was read a moment ago.
    return found


def standing_of(party: Party, moment: datetime) -> Standing | None:
    """Return how a party stands at a moment; None before its first statement."""
    current = participation_at(party, moment)
    if current is None:
        return None
    later = party.participations.filter(effective_at__gt=moment).order_by(
        "effective_at", "-recorded_at"
    )
    upcoming = later.first()
    return Standing(
        current.status,
        current.effective_at,
        upcoming.status if upcoming else None,
        upcoming.effective_at if upcoming else None,
    )


def lead_to(visit: Visit, party: Party, name: str, **more: object) -> HttpResponse:
    """Lead to another page of the same party."""
    names = {"mechanism": visit.mechanism.slug, "party": party.id}
    return HttpResponseRedirect(reverse(name, kwargs=names | more))


def show(visit: Visit, template: str, party: Party, **context: object) -> HttpResponse:
    """Draw a page of a party's liaison, its standing on top."""
    shared = {
        "party": party,
        "standing": standing_of(party, timezone.now()),
        "participation": PARTICIPATION,
        "participation_tones": PARTICIPATION_TONES,
    }
    return render(visit.request, template, shared | context)
