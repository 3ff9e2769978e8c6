"""Reports of attacks, for programs: report one's own, read, and fetch certificates."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from openhns.incidents.access import (
    access_incident,
    best_verdicts,
    claim_counts,
    newest_certificate,
    read_certificate,
    visible_incidents,
)
from openhns.incidents.actions import Own, Report, do_certify, do_report
from openhns.incidents.models import Certificate, Incident
from openhns.incidents.own import access_own_incident, own_certificates, own_incidents
from openhns.mechanism.access import NotFound
from openhns.mechanism.calls import (
    PROBLEMS,
    Caller,
    KeyReused,
    PageIn,
    caller_of,
    idempotency_key,
    open_to,
    rows_after,
    sending_key,
)
from openhns.mechanism.models import Role
from openhns.mechanism.once import once
from openhns.mechanism.visits import MEMBERS, OPERATOR
from openhns.registry.access import access_listing

router = Router(tags=["incidents"])
KEEPERS: Final = (*OPERATOR, Role.Name.AUDITOR)
_LONGEST: Final = 20_000


class IncidentOut(Schema):
    """An incident; the best match and the claims are counted for the operator alone."""

    id: UUID
    reported_at: datetime
    match: str | None = None
    claims: int | None = None


class Incidents(Schema):
    """One page of a list, oldest first; `next` is the cursor of the page after, if there is one."""

    items: list[IncidentOut]
    next: str | None


class ReportIn(Schema):
    """One source's claim. A position is a text in any notation; a time names its zone."""

    words: str = Field(min_length=1, max_length=_LONGEST)
    source: str = Field(min_length=1, max_length=_LONGEST)
    start: AwareDatetime | None = None
    end: AwareDatetime
    position: str | None = Field(None, max_length=200)
    precision_m: int | None = Field(None, ge=1, le=20_000_000)
    country: str | None = Field(None, max_length=60)
    listing: UUID | None = None


class ReportedOut(Schema):
    """The incident, and whether the claim is a new one."""

    incident: UUID
    new_claim: bool


class CertificateOut(Schema):
    """The newest certificate, signed (JWS, typ openhns-certificate)."""

    incident: UUID
    issued_at: datetime
    jws: str


def _own(caller: Caller) -> bool:
    return caller.role.name in MEMBERS


def _incident(caller: Caller, wanted: UUID) -> Incident:
    if _own(caller):
        return access_own_incident(caller.person, caller.organisation, wanted)
    return access_incident(caller.person, caller.mechanism, wanted)


def _certificate(caller: Caller, row: Certificate) -> CertificateOut:
    """Hand out a certificate; the exact places in it are journalled as read."""
    read_certificate(caller.person, row)
    return CertificateOut(incident=row.incident_id, issued_at=row.issued_at, jws=row.jws)


@router.get("/incidents", response={200: Incidents, **PROBLEMS}, summary="List incidents")
@open_to(*KEEPERS, *MEMBERS)
def list_incidents(request: HttpRequest, page: Query[PageIn]) -> Incidents:
    caller = caller_of(request)
    own = _own(caller)
    rows = (
        own_incidents(caller.person, caller.organisation)
        if own
        else visible_incidents(caller.person, caller.mechanism)
    )
    shown, following = rows_after(rows, "reported_at", page.cursor, page.limit)
    verdicts, counts = ({}, {}) if own else (best_verdicts(shown), claim_counts(shown))
    items = [
        IncidentOut(
            id=row.id,
            reported_at=row.reported_at,
            match=None if own else verdicts.get(row.id, "none"),
            claims=None if own else counts[row.id],
        )
        for row in shown
    ]
    return Incidents(items=items, next=following)


@router.post("/incidents", response={201: ReportedOut, **PROBLEMS}, summary="Report an attack")
@open_to(*MEMBERS)
def report(request: HttpRequest, given: ReportIn) -> Status[ReportedOut]:
    caller = caller_of(request)
    listing = None
    if given.listing is not None:
        listing = access_listing(caller.person, caller.mechanism, given.listing)
    done = do_report(
        Report(
            words=given.words,
            source=given.source,
            start=given.start,
            end=given.end,
            position=given.position,
            precision_m=given.precision_m,
            country=given.country,
        ),
        mechanism=caller.mechanism,
        acting_user=caller.person,
        own=Own(caller.organisation, listing, idempotency_key(request)),
    )
    return Status(201, ReportedOut(incident=done.incident.id, new_claim=done.new_claim))


@router.post(
    "/incidents/{incident_id}/certificate",
    response={201: CertificateOut, **PROBLEMS},
    summary="Certify what had been sent when it happened",
)
@open_to(*OPERATOR)
def certify(request: HttpRequest, incident_id: UUID) -> Status[CertificateOut]:
    caller = caller_of(request)
    incident = _incident(caller, incident_id)
    key = sending_key(caller, "certify", idempotency_key(request))
    row = once(
        key, caller.person, Certificate, lambda: do_certify(incident, acting_user=caller.person)
    )
    if row.incident_id != incident.id:
        raise KeyReused(
            "This idempotency key was used before for another incident, and nothing was certified "
            "now: give each certificate a key of its own, and the same one only to repeat it."
        )
    return Status(201, _certificate(caller, row))


@router.get(
    "/incidents/{incident_id}/certificate",
    response={200: CertificateOut, **PROBLEMS},
    summary="The newest certificate",
)
@open_to(*OPERATOR, *MEMBERS)
def hand_out_certificate(request: HttpRequest, incident_id: UUID) -> CertificateOut:
    """Give an organisation one that was made for it; the reading is journalled."""
    caller = caller_of(request)
    incident = _incident(caller, incident_id)
    own = own_certificates(incident, caller.organisation) if _own(caller) else []
    row = next(iter(own), None) if _own(caller) else newest_certificate(incident)
    if row is None:
        raise NotFound
    return _certificate(caller, row)
