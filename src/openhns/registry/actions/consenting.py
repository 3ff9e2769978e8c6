"""Consent: given, taken back, suspended; one event for each listing and party."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from openhns.mechanism.access import OPERATOR, require_role, vetted_organisation
from openhns.mechanism.models import Mechanism, Organisation, Person, Role
from openhns.parties.access import find_party
from openhns.parties.models import Party
from openhns.record.names import EventName
from openhns.record.writing import NewEvent, find_log, write_events
from openhns.registry.actions.kept import BATCH, Submitter
from openhns.registry.errors import ConsentInvalid, ConsentNotOpen, GradeUnknown
from openhns.registry.events import RegistryEvent
from openhns.registry.models import Consent, Listing
from openhns.registry.models.consent import Grade
from openhns.registry.register import batches

Consents = Mapping[Party, Grade]
WORDS: Final = (
    "The party may be told of this at the grade stated. What a party is told may travel on and "
    "cannot be recalled. The consent can be taken back at any time for what is told later."
)


def read_grade(text: str) -> Grade:
    """Return the grade of that name; raise GradeUnknown."""
    try:
        return Grade(text.strip().lower())
    except ValueError:
        raise GradeUnknown(
            f"There is no such grade; the grades are {', '.join(Grade.values)}."
        ) from None


def do_give_consent(
    listings: Sequence[Listing],
    consents: Consents,
    document: str = "",
    *,
    organisation: Organisation,
    acting_user: Person,
) -> list[Consent]:
    """Record that the organisation lets each party be told of its listings at a grade.

    An open consent of the same grade stays as it is; one of another grade, or one that rests
    since its party left, is taken back and given anew. Returns the consents that are new. Raises
    OrganisationNotVetted for one that is suspended: it may take back, and give nothing.
    """
    with transaction.atomic():
        actor = require_role(acting_user, organisation.mechanism, Role.Name.REPORTER, organisation)
        vetted_organisation(organisation)
        by = Submitter(organisation, acting_user, actor)
        return give([item.id for item in _locked(listings, organisation)], consents, by, document)


def _locked(listings: Sequence[Listing], organisation: Organisation) -> list[Listing]:
    wanted = sorted({listing.id for listing in listings})
    own = (
        Listing.objects.select_for_update(no_key=True)
        .filter(organisation=organisation)
        .order_by("id")
    )
    found = [item for batch in batches(wanted, BATCH) for item in own.filter(id__in=batch)]
    if len(found) != len(wanted):
        raise ConsentInvalid("A consent is given for the organisation's own listings only.")
    return found


def give(
    listing_ids: Sequence[UUID], consents: Consents, by: Submitter, document: str = ""
) -> list[Consent]:
    """Write the consents that are not open yet, in the caller's transaction."""
    now = timezone.now()
    open_now = _open_consents(listing_ids, consents)
    replaced = [item for item in open_now.values() if not _stands(item, consents)]
    _stamp(replaced, "revoked_at", now)
    new = [
        _consent(listing_id, party, grade, scope=by.scope, document=document, given_at=now)
        for listing_id in listing_ids
        for party, grade in consents.items()
        if (held := open_now.get((listing_id, party.id))) is None or not _stands(held, consents)
    ]
    secrets.SystemRandom().shuffle(new)  # As the rows that they belong to: in no order.
    Consent.objects.bulk_create(new, batch_size=BATCH)
    events = [
        *(_event(RegistryEvent.CONSENT_REVOKED, item, by.actor, by.person) for item in replaced),
        *(_event(RegistryEvent.CONSENT_GIVEN, item, by.actor, by.person) for item in new),
    ]
    write_events(find_log(by.scope), events)
    return new


def _stands(held: Consent, consents: Consents) -> bool:
    wanted = {party.id: grade for party, grade in consents.items()}
    return held.suspended_at is None and held.grade == wanted[held.party_id]


def _open_consents(
    listing_ids: Sequence[UUID], consents: Consents
) -> dict[tuple[UUID, UUID], Consent]:
    open_ones = Consent.objects.select_for_update(no_key=True).filter(
        party__in=consents, revoked_at=None
    )
    found = (
        item
        for batch in batches(listing_ids, BATCH)
        for item in open_ones.filter(listing_id__in=batch)
    )
    return {(item.listing_id, item.party_id): item for item in found}


def _consent(
    listing_id: UUID, party: Party, grade: Grade, *, scope: UUID, document: str, given_at: datetime
) -> Consent:
    row = Consent(
        id=uuid4(),
        scope=scope,
        listing_id=listing_id,
        party=party,
        grade=grade,
        given_at=given_at,
    )
    row.seal_content({"words": WORDS, **({"document": document} if document else {})})
    return row


def _event(
    name: EventName,
    consent: Consent,
    actor: str,
    person: Person,
    more: Mapping[str, Any] | None = None,
) -> NewEvent:
    body = {
        "listing": str(consent.listing_id),
        "party": str(consent.party_id),
        "grade": str(consent.grade),
        "by": person.handle,
        **(more or {}),
    }
    return NewEvent(name, "consent", consent.id, body, rows=[consent], actor=actor)


def _stamp(consents: Iterable[Consent], column: str, now: datetime) -> None:
    rows = list(consents)
    for row in rows:
        setattr(row, column, now)
    for batch in batches([row.id for row in rows], BATCH):
        Consent.objects.filter(id__in=batch).update(**{column: now})


def do_revoke_consent(
    listing: Listing, party: Party, reason: str = "", *, acting_user: Person
) -> Consent:
    """Take a consent back, from now on; what the party was told stays told.

    Raises ConsentNotOpen where there is none to take back.
    """
    with transaction.atomic():
        current = Listing.objects.select_for_update(no_key=True).get(id=listing.id)
        actor = require_role(
            acting_user, current.mechanism, Role.Name.REPORTER, current.organisation
        )
        held = Consent.objects.filter(listing=current, party=party, revoked_at=None).first()
        if held is None:
            raise ConsentNotOpen("There is no open consent of this listing to that party.")
        _stamp([held], "revoked_at", timezone.now())
        more = {"reason": reason} if reason else {}
        event = _event(RegistryEvent.CONSENT_REVOKED, held, actor, acting_user, more)
        write_events(find_log(current.mechanism_id), [event])
    return held


def do_set_consents(
    listing: Listing,
    wanted: Mapping[Party, Grade | None],
    document: str = "",
    *,
    acting_user: Person,
) -> tuple[list[Consent], list[Consent]]:
    """Give, change and take back the consents of one listing to some parties, all or none.

    None takes back; what is wanted already stays as it is. Returns what is given anew, and what
    is taken back without anything in its place.
    """
    given = {party: grade for party, grade in wanted.items() if grade is not None}
    dropped = [party for party, grade in wanted.items() if grade is None]
    with transaction.atomic():
        organisation = listing.organisation
        new = do_give_consent(
            [listing], given, document, organisation=organisation, acting_user=acting_user
        )
        held = Consent.objects.filter(listing=listing, party__in=dropped, revoked_at=None)
        open_to = set(held.values_list("party_id", flat=True))
        taken = [
            do_revoke_consent(listing, party, acting_user=acting_user)
            for party in dropped
            if party.id in open_to
        ]
    return new, taken


def do_suspend_consents(party: Party, reason: str = "", *, acting_user: Person) -> int:
    """Let every open consent to a party rest, for it has left; return how many rest now."""
    with transaction.atomic():
        require_role(acting_user, party.mechanism, Role.Name.ADMINISTRATOR)
        resting = list(
            Consent.objects.select_for_update(no_key=True).filter(
                party=party, revoked_at=None, suspended_at=None
            )
        )
        _stamp(resting, "suspended_at", timezone.now())
        name, more = RegistryEvent.CONSENT_SUSPENDED, {"reason": reason} if reason else {}
        events = [_event(name, item, OPERATOR, acting_user, more) for item in resting]
        write_events(find_log(party.mechanism_id), events)
    return len(resting)


def read_consents(mechanism: Mechanism, texts: Iterable[str]) -> dict[Party, Grade]:
    """Read `PARTY=GRADE` texts; raise ConsentInvalid, PartyNotFound, GradeUnknown."""
    found: dict[Party, Grade] = {}
    for text in texts:
        name, equals, grade = text.rpartition("=")
        if not equals or not name.strip():
            raise ConsentInvalid('A consent is written as "PARTY=GRADE", such as "Party A=exact".')
        party = find_party(mechanism, name.strip())
        if party in found:
            raise ConsentInvalid(f"{party.name} stands in two consents: which grade is meant?")
        found[party] = read_grade(grade)
    return found
