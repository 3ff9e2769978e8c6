"""Sites and movements, for programs: submit, amend, remove, consent, sign, decide."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from openhns.mechanism.access import NotFound
from openhns.mechanism.calls import (
    PROBLEMS,
    Caller,
    PageIn,
    caller_of,
    idempotency_key,
    open_to,
    rows_after,
)
from openhns.mechanism.models import Role
from openhns.mechanism.visits import MEMBERS
from openhns.parties.access import find_party
from openhns.registry.access import (
    access_listing,
    findings_shown_to,
    listings_visible_to,
    read_contents,
)
from openhns.registry.actions import (
    do_amend,
    do_decide,
    do_give_consent,
    do_remove,
    do_revoke_consent,
    do_sign,
    do_submit,
)
from openhns.registry.actions.consenting import read_grade
from openhns.registry.actions.keyed import Submitted
from openhns.registry.checks.finding import Finding
from openhns.registry.models import Decision, Listing, Version

router = Router(tags=["registry"])
READERS: Final = (*MEMBERS, Role.Name.REVIEWER, Role.Name.AUDITOR)
_LONGEST: Final = 2_000

Facts = dict[str, Any]
Text = Field(max_length=_LONGEST)


class FindingOut(Schema):
    """One check's verdict, as the caller may know it."""

    name: str
    verdict: str
    words: str


class VersionOut(Schema):
    """A version; `findings` are left out of lists."""

    id: UUID
    listing: UUID
    number: int
    action: str
    status: str
    submitted_at: datetime
    findings: list[FindingOut] = []
    repeated: bool = False


class ListingOut(Schema):
    """A site or movement; `facts` are left out of lists."""

    id: UUID
    kind: str
    status: str
    registered_at: datetime
    versions: list[VersionOut] = []
    facts: Facts | None = None


class Listings(Schema):
    """One page of a list, oldest first; `next` is the cursor of the page after, if there is one."""

    items: list[ListingOut]
    next: str | None


class SubmissionIn(Schema):
    """Facts, named as the columns of a sheet are, and for each party what it may be told."""

    kind: Listing.Kind = Listing.Kind.SITE
    facts: Facts
    consents: dict[str, str] = {}


class AmendmentIn(Schema):
    """The facts that replace the former ones."""

    facts: Facts


class RemovalIn(Schema):
    """Why the listing is removed."""

    reason: str = Text
    urgent: bool = False


class ConsentIn(Schema):
    """What one party may be told: exact, vicinity or presence."""

    party: str = Text
    grade: str = Text
    document: str = Field("", max_length=_LONGEST)


class DecisionIn(Schema):
    """One reviewer's word; a return, a refusal and a warning cleared have a reason."""

    word: Decision.Word
    reason: str = Field("", max_length=_LONGEST)


class Settled(Schema):
    """The version after the decision, and whether the decision settled it."""

    version: VersionOut
    settled: bool


def _listing(caller: Caller, listing_id: UUID) -> Listing:
    return access_listing(caller.person, caller.mechanism, listing_id)


def _version(caller: Caller, version_id: UUID) -> Version:
    found = Version.objects.filter(id=version_id, listing__mechanism=caller.mechanism).first()
    if found is None:
        raise NotFound
    _listing(caller, found.listing_id)
    return found


def _findings(found: Iterable[Finding]) -> list[FindingOut]:
    return [FindingOut(name=f.name, verdict=f.verdict, words=f.words) for f in found]


def _out(version: Version, found: Iterable[Finding] = (), *, repeated: bool = False) -> VersionOut:
    return VersionOut(
        id=version.id,
        listing=version.listing_id,
        number=version.number,
        action=version.action,
        status=version.status,
        submitted_at=version.submitted_at,
        findings=_findings(found),
        repeated=repeated,
    )


def _submitted(done: Submitted) -> VersionOut:
    shown = [finding for finding in done.findings if not finding.reviewers_only]
    return _out(done.version, shown, repeated=done.repeated)


def _listing_out(row: Listing) -> ListingOut:
    return ListingOut(id=row.id, kind=row.kind, status=row.status, registered_at=row.registered_at)


@router.get("/listings", response={200: Listings, **PROBLEMS}, summary="List sites or movements")
@open_to(*READERS)
def list_listings(
    request: HttpRequest, page: Query[PageIn], kind: Listing.Kind = Listing.Kind.SITE
) -> Listings:
    caller = caller_of(request)
    rows = listings_visible_to(caller.person, caller.mechanism, kind)
    shown, following = rows_after(rows, "registered_at", page.cursor, page.limit)
    return Listings(items=[_listing_out(row) for row in shown], next=following)


@router.get("/listings/{listing_id}", response={200: ListingOut, **PROBLEMS}, summary="One of them")
@open_to(*MEMBERS, Role.Name.REVIEWER)
def read_listing(request: HttpRequest, listing_id: UUID) -> ListingOut:
    """Give the facts of the newest version; the reading is journalled."""
    caller = caller_of(request)
    row = _listing(caller, listing_id)
    versions = list(row.versions.order_by("-number"))
    newest = versions[:1]
    facts = read_contents(caller.person, caller.mechanism, newest, "read by the HTTP API")
    found = findings_shown_to(caller.person, caller.mechanism, newest)
    shown = _listing_out(row)
    shown.versions = [_out(each, found.get(each.id, ())) for each in versions]
    shown.facts = next(iter(facts.values()), None)
    return shown


@router.post("/listings", response={201: VersionOut, **PROBLEMS}, summary="Submit a new one")
@open_to(Role.Name.REPORTER)
def submit(request: HttpRequest, given: SubmissionIn) -> Status[VersionOut]:
    caller = caller_of(request)
    consents = {
        find_party(caller.mechanism, name): read_grade(grade)
        for name, grade in given.consents.items()
    }
    done = do_submit(
        given.facts,
        consents,
        organisation=caller.organisation,
        kind=given.kind,
        idempotency_key=idempotency_key(request),
        acting_user=caller.person,
    )
    return Status(201, _submitted(done))


@router.post(
    "/listings/{listing_id}/amendments",
    response={201: VersionOut, **PROBLEMS},
    summary="Amend it",
)
@open_to(Role.Name.REPORTER)
def amend(request: HttpRequest, listing_id: UUID, given: AmendmentIn) -> Status[VersionOut]:
    caller = caller_of(request)
    done = do_amend(
        _listing(caller, listing_id),
        given.facts,
        idempotency_key=idempotency_key(request),
        acting_user=caller.person,
    )
    return Status(201, _submitted(done))


@router.post(
    "/listings/{listing_id}/removal", response={201: VersionOut, **PROBLEMS}, summary="Remove it"
)
@open_to(Role.Name.REPORTER)
def remove(request: HttpRequest, listing_id: UUID, given: RemovalIn) -> Status[VersionOut]:
    caller = caller_of(request)
    done = do_remove(
        _listing(caller, listing_id),
        given.reason,
        urgent=given.urgent,
        idempotency_key=idempotency_key(request),
        acting_user=caller.person,
    )
    return Status(201, _submitted(done))


@router.post(
    "/listings/{listing_id}/consents",
    response={204: None, **PROBLEMS},
    summary="Say what a party may be told of it",
)
@open_to(Role.Name.REPORTER)
def give_consent(request: HttpRequest, listing_id: UUID, given: ConsentIn) -> Status[None]:
    caller = caller_of(request)
    do_give_consent(
        [_listing(caller, listing_id)],
        {find_party(caller.mechanism, given.party): read_grade(given.grade)},
        given.document,
        organisation=caller.organisation,
        acting_user=caller.person,
    )
    return Status(204, None)


@router.delete(
    "/listings/{listing_id}/consents/{party}",
    response={204: None, **PROBLEMS},
    summary="Revoke a consent; what was told cannot be recalled",
)
@open_to(Role.Name.REPORTER)
def revoke_consent(request: HttpRequest, listing_id: UUID, party: UUID) -> Status[None]:
    caller = caller_of(request)
    listing = _listing(caller, listing_id)
    do_revoke_consent(listing, find_party(caller.mechanism, str(party)), acting_user=caller.person)
    return Status(204, None)


@router.post(
    "/versions/{version_id}/signature",
    response={204: None, **PROBLEMS},
    summary="Sign a version for the organisation, a second time",
)
@open_to(Role.Name.APPROVER)
def sign(request: HttpRequest, version_id: UUID) -> Status[None]:
    caller = caller_of(request)
    do_sign(_version(caller, version_id), acting_user=caller.person)
    return Status(204, None)


@router.post(
    "/versions/{version_id}/decisions",
    response={200: Settled, **PROBLEMS},
    summary="Clear, return or refuse a version",
)
@open_to(Role.Name.REVIEWER)
def decide(request: HttpRequest, version_id: UUID, given: DecisionIn) -> Settled:
    caller = caller_of(request)
    done = do_decide(
        _version(caller, version_id), given.word, given.reason, acting_user=caller.person
    )
    return Settled(version=_out(done.version), settled=done.settled)
