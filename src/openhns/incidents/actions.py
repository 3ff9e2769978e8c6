"""Report one incident by hand, and certify what had been sent when it happened."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from openhns.geodesy.notation import read_position
from openhns.geodesy.position import Position
from openhns.incidents import certificate as certifying
from openhns.incidents.access import access_incident, require_keeper
from openhns.incidents.drafts import position_value
from openhns.incidents.errors import (
    CountryUnknown,
    ReportInvalid,
    ReportKeyReused,
    ReportRepeated,
)
from openhns.incidents.events import IncidentsEvent
from openhns.incidents.importing import do_import_incidents
from openhns.incidents.matching import Matcher, Outcome
from openhns.incidents.models import Certificate, Claim, Incident, OwnReport
from openhns.incidents.own import access_own_incident, require_member
from openhns.incidents.placing import iso3_of
from openhns.incidents.reading import CLOCK_SLACK
from openhns.incidents.recording import (
    Recorded,
    by_hand_hash,
    claim_hash,
    new_claim,
    new_incident,
    save,
)
from openhns.mechanism.access import NotFound, record_exact_read
from openhns.mechanism.models import Mechanism, Organisation, Person
from openhns.mechanism.signing import notice_key
from openhns.proofs import jws
from openhns.proofs.commitment import content_digest
from openhns.record.rows import timestamp
from openhns.record.writing import NewEvent, find_log, write_event
from openhns.registry.models import Listing
from openhns.vault.rings import ring_of

__all__ = ["Own", "Report", "Reported", "do_certify", "do_import_incidents", "do_report"]

BY_HAND: Final = "reported by hand"
_MOST_WORDS: Final = 20_000
_FARTHEST_M: Final = 20_000_000
_LONGEST_KEY: Final = 200


@dataclass(frozen=True, slots=True)
class Report:
    """One source's claim as somebody enters it.

    `position` is a text in any notation, or None; `precision_m` is how far from it the attack
    may have been, None where nothing bounds it. `start` and `end` bound the time; `start` None
    says that nobody knows how long before. `facts` are reported ones: `perpetrator`, `weapon`.
    `admin1` is the province, where it is known.
    """

    words: str
    source: str
    start: datetime | None
    end: datetime
    position: str | None = None
    precision_m: int | None = None
    country: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    admin1: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """For which organisation something is reported, about which of its own places, if one.

    The same `key` from the same organisation is the same report, sent twice.
    """

    organisation: Organisation
    listing: Listing | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """A claim as it stands now; `new_claim` is false where the same claim was known."""

    incident: Incident
    claim: Claim
    outcome: Outcome
    new_claim: bool = True


def do_report(
    report: Report,
    *,
    mechanism: Mechanism,
    acting_user: Person,
    incident: Incident | None = None,
    own: Own | None = None,
    idempotency_key: str | None = None,
) -> Reported:
    """Report an attack, or a further claim on a reported one; match it; write both as events.

    The operator's people report; with `own`, people of that organisation, under the key that it
    holds. The same report again is known again and writes nothing, so that a report that was cut
    off can be repeated. Without a key the operator's same report is one of the same content; a
    key of its own tells two attacks apart that are reported in the same words.

    Raises ReportInvalid, ReportRepeated, ReportKeyReused, CountryUnknown, PositionError,
    NotAllowed, NotFound.
    """
    actor = _reporter(acting_user, mechanism, own)
    now = timezone.now()
    content = _content(report, now)
    _check_key(idempotency_key, incident)
    # Every notice is opened for it: nobody else waits for the lock meanwhile.
    matcher = Matcher(mechanism, report.end)
    with transaction.atomic():
        Mechanism.objects.select_for_update().get(id=mechanism.id)
        before = None if own is None else _reported_before(own, mechanism, content)
        if before is not None:
            return _known(before, matcher)
        if incident is not None:
            incident = _accessible(incident, acting_user, mechanism, own)
        recorded = _recorded(mechanism, incident, content, now, own=own, key=idempotency_key)
        known = recorded.incident.claims.filter(claim_hash=recorded.claim.claim_hash).first()
        if known is not None:
            return _known(known, matcher)
        if incident is None and not recorded.new_incident:
            raise ReportKeyReused(
                "This idempotency key was used before for another report, and nothing was "
                "recorded: take a new one, or name the incident to which this is a further claim."
            )
        outcome = matcher.outcome(recorded.claim.id, content)
        save(mechanism, [recorded], {recorded.claim.id: outcome}, now, actor)
    return Reported(recorded.incident, recorded.claim, outcome)


def _reporter(person: Person, mechanism: Mechanism, own: Own | None) -> str:
    """Return the actor; raise NotAllowed. What is about a place is about one's own."""
    if own is None:
        return require_keeper(person, mechanism)
    strange = own.listing is not None and own.listing.organisation_id != own.organisation.id
    if strange or own.organisation.mechanism_id != mechanism.id:
        raise NotFound
    return require_member(person, own.organisation)


def _accessible(
    incident: Incident, person: Person, mechanism: Mechanism, own: Own | None
) -> Incident:
    if own is None:
        return access_incident(person, mechanism, incident.id)
    return access_own_incident(person, own.organisation, incident.id)


def _key_hash(own: Own) -> bytes | None:
    if own.key is None:
        return None
    ring = ring_of(own.organisation.mechanism_id)
    return ring.keyed_hash("incident-report-key", f"{own.organisation.id}:{own.key}")


def _reported_before(own: Own, mechanism: Mechanism, content: dict[str, Any]) -> Claim | None:
    """Return the claim that was made under this key; raise ReportRepeated if it was another."""
    key = _key_hash(own)
    found = OwnReport.objects.filter(idempotency_key=key).first() if key else None
    if found is None:
        return None
    if bytes(found.claim.claim_hash) != claim_hash(mechanism, content_digest(content)):
        raise ReportRepeated("That key came before with another report, which stands.")
    return found.claim


def _known(claim: Claim, matcher: Matcher) -> Reported:
    return Reported(claim.incident, claim, matcher.outcome(claim.id, claim.content), False)  # noqa: FBT003 - a field.


def _recorded(
    mechanism: Mechanism,
    incident: Incident | None,
    content: dict[str, Any],
    now: datetime,
    *,
    own: Own | None,
    key: str | None,
) -> Recorded:
    """Return the claim, unsaved, and its incident: the one given, a known one or a new one."""
    digest = content_digest(content)
    row, identity = incident, None
    if incident is None and own is None:
        identity = by_hand_hash(mechanism, f"content:{digest}" if key is None else f"key:{key}")
        row = Incident.objects.filter(mechanism=mechanism, source_hash=identity).first()
    new = row is None
    row = row or new_incident(mechanism, identity, content, now)
    claim = new_claim(row, claim_hash(mechanism, digest), content, now)
    return Recorded(row, claim, new, None if own is None else _own_report(claim, own))


def _own_report(claim: Claim, own: Own) -> OwnReport:
    return OwnReport(
        claim=claim,
        organisation=own.organisation,
        listing=own.listing,
        idempotency_key=_key_hash(own),
    )


def _check_key(key: str | None, incident: Incident | None) -> None:
    if key is None:
        return
    if incident is not None:
        raise ReportInvalid("A further claim on an incident is known by its content: no key.")
    if not key.strip() or len(key) > _LONGEST_KEY:
        raise ReportInvalid(f"An idempotency key has 1 to {_LONGEST_KEY} characters.")


def _content(report: Report, now: datetime) -> dict[str, Any]:
    _check(report, now)
    position = None if report.position is None else read_position(report.position).position
    country = None if report.country is None else iso3_of(report.country)
    if report.country is not None and country is None:
        raise CountryUnknown("The country is none that is known: give its three letters.")
    facts = {f"reported_{name}": text for name, text in sorted(report.facts.items()) if text}
    return {
        "source": report.source,
        "source_id": None,
        "verbatim": [],
        "words": report.words,
        "facts": facts,
        "country": country,
        **({"admin1": report.admin1} if report.admin1 else {}),
        "position": position_value(position),
        "precision_m": report.precision_m if position else None,
        "precision_words": _precision_words(report, position),
        "from": None if report.start is None else timestamp(report.start),
        "until": timestamp(report.end),
        "time_form": "stated" if report.start else "before",
        "findings": [],
        "origin": {"how": BY_HAND, "position_words": report.position},
    }


def _precision_words(report: Report, position: Position | None) -> str:
    if position is None:
        return "no position stated"
    return f"{report.precision_m} m" if report.precision_m else "no precision stated"


def _check(report: Report, now: datetime) -> None:
    """Raise ReportInvalid for a report that nobody could compare with anything."""
    for text, name in ((report.words, "words"), (report.source, "a source")):
        if not text.strip() or len(text) > _MOST_WORDS:
            raise ReportInvalid(f"A report has {name}, of at most {_MOST_WORDS} characters.")
    moments = [moment for moment in (report.start, report.end) if moment is not None]
    if any(moment.tzinfo is None for moment in moments):
        raise ReportInvalid("A time names its zone, as in 2026-01-01T00:00Z.")
    if report.start is not None and report.start > report.end:
        raise ReportInvalid("The time from which the attack may have been lies after its end.")
    if (report.start or report.end) > now + CLOCK_SLACK:
        raise ReportInvalid("The attack lies in the future; an attack is reported afterwards.")
    if report.precision_m is not None and not 0 < report.precision_m < _FARTHEST_M:
        raise ReportInvalid("The uncertainty of the place is 1 metre or more.")


def do_certify(
    incident: Incident, *, acting_user: Person, organisation: Organisation | None = None
) -> Certificate:
    """Issue a status-at-strike certificate, signed, and recorded as an event.

    With an organisation it is about that one's places only, and that one may see it. What is
    read of exact places goes into the access journal. Raises NotAllowed, NotFound.
    """
    mechanism = incident.mechanism
    require_keeper(acting_user, mechanism)
    now = timezone.now()
    with transaction.atomic():
        case = certifying.open_case(incident, organisation, now)
        row = Certificate(
            scope=mechanism.id, incident=incident, organisation=organisation, issued_at=now
        )
        log = find_log(mechanism.id)
        key, kid = notice_key(mechanism)
        document = certifying.document(case, row.id, log.origin, now)
        text = jws.sign_as(key, kid, certifying.TYP, document)
        row.jws_sha256 = hashlib.sha256(text.encode("ascii")).hexdigest()
        row.seal_content({"jws": text})
        row.save(force_insert=True)
        body = {"certificate": str(row.id), "jws_sha256": row.jws_sha256}
        event = NewEvent(IncidentsEvent.CERTIFIED, "incident", incident.id, body, rows=[row])
        write_event(log, event)
        record_exact_read(acting_user, mechanism, "certificate", case.listing_ids())
    return row
