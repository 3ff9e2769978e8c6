"""What an organisation lets the public read of an incident, and the acts of agreeing to it.

The statement is made once, shown, and kept as it was agreed to: what is published is that, and
nothing that anybody works out later.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from openhns.incidents.errors import (
    PublicationChanged,
    PublicationNotOpen,
    PublicationStands,
)
from openhns.incidents.events import IncidentsEvent
from openhns.incidents.holdings import Holding, holdings_of
from openhns.incidents.matching import Matcher
from openhns.incidents.models import Claim, Incident, PublicationConsent
from openhns.incidents.own import access_own_incident, own_claims, require_member
from openhns.mechanism.models import Organisation, Person
from openhns.notices.presence import district_of
from openhns.parties.access import parties_of
from openhns.parties.models import Party
from openhns.proofs.commitment import content_digest
from openhns.record.writing import NewEvent, find_log, write_event
from openhns.registry.models import Listing

YES: Final = "yes"
NO: Final = "no"
UNCLEAR: Final = "cannot be said"


def statement_of(incident: Incident, organisation: Organisation) -> dict[str, Any]:
    """Return what would be published: province at the most, days, and `notified` by party.

    `notified` is `yes` where the party held a notice about the place throughout the claimed
    time, `no` where it held none at any instant of it, else `cannot be said`.
    """
    claims = own_claims(incident, organisation) or list(incident.claims.order_by("recorded_at"))
    contents = [claim.content for claim in claims]
    starts = [content["from"] for content in contents]
    end = max(datetime.fromisoformat(content["until"]) for content in contents)
    start = None if None in starts else min(map(datetime.fromisoformat, starts))
    return {
        **_place(claims),
        "day_from": None if start is None else start.date().isoformat(),
        "day_until": end.date().isoformat(),
        "notified": [list(pair) for pair in _notified(claims, organisation, start, end).items()],
    }


def _place(claims: Sequence[Claim]) -> dict[str, Any]:
    """Return country and province: a province by its name alone, never an address."""
    content = dict(claims[0].content)
    listing = _listing(claims)
    newest = listing.versions.order_by("-number").first() if listing else None
    known = newest.content if newest else {}
    place = {
        "country": content.get("country") or known.get("country") or _only_country(claims[0]),
        "admin1": content.get("admin1") or known.get("admin1"),
    }
    return {"country": place["country"] or None, "admin1": district_of(place, "site").name}


def _only_country(claim: Claim) -> str | None:
    covered = claim.incident.mechanism.countries
    return str(covered[0]) if len(covered) == 1 else None


def _listing(claims: Sequence[Claim]) -> Listing | None:
    reports = [claim.own_report for claim in claims if hasattr(claim, "own_report")]
    return next((report.listing for report in reports if report.listing is not None), None)


def _notified(
    claims: Sequence[Claim], organisation: Organisation, start: datetime | None, end: datetime
) -> dict[str, str]:
    parties = parties_of(organisation.mechanism)
    listing = _listing(claims)
    if listing is None:
        return _by_matching(claims, organisation, parties)
    held = holdings_of(organisation.mechanism, end, listing=listing)
    return {party.name: _of_listing(held, party.id, start, end) for party in parties}


def _of_listing(
    held: Sequence[Holding], party_id: UUID, start: datetime | None, end: datetime
) -> str:
    own = [item for item in held if item.party_id == party_id and item.overlaps(start, end)]
    if not own:
        return NO
    doubted = any(item.doubted_from is not None and item.doubted_from <= end for item in own)
    whole = start is not None and not doubted and _throughout(own, start, end)
    return YES if whole else UNCLEAR


def _throughout(held: Sequence[Holding], start: datetime, end: datetime) -> bool:
    """Whether one notice after the other, without a gap, was held from start to end."""
    reached = start
    for item in sorted(held, key=lambda item: item.start):
        if item.start > reached:
            return False
        if item.end is None or item.end > end:
            return True
        reached = max(reached, item.end)
    return False


def _by_matching(
    claims: Sequence[Claim], organisation: Organisation, parties: Sequence[Party]
) -> dict[str, str]:
    until = max(datetime.fromisoformat(claim.content["until"]) for claim in claims)
    matcher = Matcher(organisation.mechanism, until, organisation)
    outcomes = [matcher.outcome(claim.id, claim.content) for claim in claims]
    found = {}
    for party in parties:
        verdicts = {p.verdict for o in outcomes for p in o.pairs if p.party_id == party.id}
        somewhere = any(outcome.unplaced_of(party.id) for outcome in outcomes)
        unclear = UNCLEAR if verdicts or somewhere else NO
        found[party.name] = YES if "certain" in verdicts else unclear
    return found


def open_consent(incident: Incident, organisation: Organisation) -> PublicationConsent | None:
    own = incident.publication_consents.filter(organisation=organisation, withdrawn_at=None)
    return own.first()


def digest_of(statement: Mapping[str, Any]) -> str:
    """Return what tells one statement from the next, for the form that shows it."""
    return content_digest(dict(statement))


def do_consent_to_publish(
    incident: Incident,
    *,
    organisation: Organisation,
    acting_user: Person,
    shown: str | None = None,
) -> PublicationConsent:
    """Agree that the incident be listed in public; `shown` is the digest of what was shown.

    Raises PublicationStands, PublicationChanged, NotAllowed, NotFound.
    """
    with transaction.atomic():
        actor = require_member(acting_user, organisation)
        Incident.objects.select_for_update(no_key=True).get(id=incident.id)
        own = access_own_incident(acting_user, organisation, incident.id)
        if open_consent(own, organisation) is not None:
            raise PublicationStands("The organisation agreed to this before.")
        row = PublicationConsent(
            scope=own.scope, incident=own, organisation=organisation, given_at=timezone.now()
        )
        statement = statement_of(own, organisation)
        if shown is not None and shown != digest_of(statement):
            raise PublicationChanged("What would be published is not what was shown.")
        row.seal_content({"statement": statement})
        row.save(force_insert=True)
        _write(IncidentsEvent.PUBLICATION_AGREED, row, actor, acting_user)
    return row


def do_withdraw_consent_to_publish(
    incident: Incident, *, organisation: Organisation, acting_user: Person
) -> PublicationConsent:
    """Take the agreement back: later editions list the incident no more.

    Raises PublicationNotOpen, NotAllowed, NotFound.
    """
    with transaction.atomic():
        actor = require_member(acting_user, organisation)
        own = access_own_incident(acting_user, organisation, incident.id)
        locked = PublicationConsent.objects.select_for_update()
        row = locked.filter(incident=own, organisation=organisation, withdrawn_at=None).first()
        if row is None:
            raise PublicationNotOpen("There is no agreement to take back.")
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
        _write(IncidentsEvent.PUBLICATION_WITHDRAWN, row, actor, acting_user)
    return row


def _write(name: IncidentsEvent, row: PublicationConsent, actor: str, person: Person) -> None:
    body: Mapping[str, Any] = {
        "incident": str(row.incident_id),
        "organisation": str(row.organisation_id),
        "by": person.handle,
    }
    event = NewEvent(name, "publication", row.id, body, rows=[row], actor=actor)
    write_event(find_log(row.scope), event)
