"""Write incidents, claims and matches with their events: one event per claim, in bulk.

A claim is found again by the keyed hash of its cells under its incident, an incident by the
keyed hash of its source and the source's identifier. What is found is left as it stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from openhns.incidents.events import IncidentsEvent
from openhns.incidents.matching import Outcome, Pair
from openhns.incidents.models import Claim, Incident, Match, OwnReport
from openhns.mechanism.models import Mechanism
from openhns.record.writing import NewEvent, find_log, write_events
from openhns.vault.rings import ring_of

_AT_ONCE: Final = 500
_TITLE_CHARS: Final = 120


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim to be recorded. `identity` finds its incident, `digest` the claim itself."""

    identity: str
    digest: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A claim as it stands in the database now, and whether this act put it there.

    `own` says which organisation made it, where it was one.
    """

    incident: Incident
    claim: Claim
    new_incident: bool
    own: OwnReport | None = None


def identity_hash(mechanism: Mechanism, identity: str) -> bytes:
    return ring_of(mechanism.id).keyed_hash("incident-source", identity)


def by_hand_hash(mechanism: Mechanism, identity: str) -> bytes:
    """Return the hash under which an incident reported by hand is known again."""
    return ring_of(mechanism.id).keyed_hash("incident-by-hand", identity)


def claim_hash(mechanism: Mechanism, digest: str) -> bytes:
    return ring_of(mechanism.id).keyed_hash("incident-claim", digest)


class Recorder:
    """Finds what is known and makes what is new, for the claims of one act.

    It remembers what it made: two rows of one file may speak of one incident.
    """

    def __init__(self, mechanism: Mechanism, claims: Sequence[NewClaim], now: datetime) -> None:
        self._mechanism, self._now = mechanism, now
        self._hashes = {item.identity: identity_hash(mechanism, item.identity) for item in claims}
        self._incidents = _known_incidents(mechanism, self._hashes.values())
        self._claims = _known_claims(self._incidents.values())

    def add(self, item: NewClaim) -> Recorded | None:
        """Return the rows of a new claim, unsaved; nothing where the same claim is known."""
        source_hash = self._hashes[item.identity]
        incident = self._incidents.get(source_hash)
        new = incident is None
        if incident is None:
            incident = new_incident(self._mechanism, source_hash, item.content, self._now)
            self._incidents[source_hash] = incident
        hashed = claim_hash(self._mechanism, item.digest)
        if (incident.id, hashed) in self._claims:
            return None
        self._claims.add((incident.id, hashed))
        return Recorded(incident, new_claim(incident, hashed, item.content, self._now), new)

    def knows(self, item: NewClaim) -> bool:
        return self._hashes[item.identity] in self._incidents


def new_incident(
    mechanism: Mechanism, source_hash: bytes | None, content: Mapping[str, Any], now: datetime
) -> Incident:
    row = Incident(
        scope=mechanism.id, mechanism=mechanism, source_hash=source_hash, reported_at=now
    )
    title = str(content["words"])[:_TITLE_CHARS]
    row.seal_content(
        {"title": title, "source": content["source"], "source_id": content["source_id"]}
    )
    return row


def new_claim(
    incident: Incident, hashed: bytes, content: Mapping[str, Any], now: datetime
) -> Claim:
    row = Claim(scope=incident.scope, incident=incident, claim_hash=hashed, recorded_at=now)
    row.seal_content(dict(content))
    return row


def _known_incidents(mechanism: Mechanism, hashes: Iterable[bytes]) -> dict[bytes, Incident]:
    wanted, found = list(hashes), {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Incident.objects.filter(
            mechanism=mechanism, source_hash__in=wanted[start : start + _AT_ONCE]
        )
        found.update({bytes(row.source_hash or b""): row for row in rows})
    return found


def _known_claims(incidents: Iterable[Incident]) -> set[tuple[UUID, bytes]]:
    wanted: list[UUID] = [incident.id for incident in incidents]
    found: set[tuple[UUID, bytes]] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Claim.objects.filter(incident_id__in=wanted[start : start + _AT_ONCE])
        pairs = rows.values_list("incident_id", "claim_hash")
        found.update((incident_id, bytes(hashed)) for incident_id, hashed in pairs)
    return found


def save(
    mechanism: Mechanism, recorded: Sequence[Recorded], outcomes: Mapping[UUID, Outcome],
    now: datetime, actor: str = "operator",
) -> None:  # fmt: skip
    """Save new rows and write their events; the caller's transaction holds it all."""
    new_incidents = [item.incident for item in recorded if item.new_incident]
    Incident.objects.bulk_create(new_incidents, batch_size=_AT_ONCE)
    for item in recorded:
        item.claim.possible_somewhere = outcomes[item.claim.id].somewhere
    Claim.objects.bulk_create([item.claim for item in recorded], batch_size=_AT_ONCE)
    OwnReport.objects.bulk_create([item.own for item in recorded if item.own is not None])
    matches = {item.claim.id: _matches(item.claim, outcomes, now) for item in recorded}
    every = [match for rows in matches.values() for match in rows]
    Match.objects.bulk_create(every, batch_size=_AT_ONCE)
    events = [
        event
        for item in recorded
        for event in _events(item, outcomes[item.claim.id], matches[item.claim.id], actor)
    ]
    write_events(find_log(mechanism.id), events)


def _matches(claim: Claim, outcomes: Mapping[UUID, Outcome], now: datetime) -> list[Match]:
    return [_match(claim, pair, now) for pair in outcomes[claim.id].pairs]


def _match(claim: Claim, pair: Pair, now: datetime) -> Match:
    row = Match(
        scope=claim.scope,
        claim=claim,
        party_id=pair.party_id,
        notice_id=pair.notice_id,
        verdict=pair.verdict,
        matched_at=now,
    )
    row.seal_content({"distance_m": pair.distance_m, "reasons": list(pair.reasons)})
    return row


def _events(
    item: Recorded, outcome: Outcome, matches: Sequence[Match], actor: str
) -> list[NewEvent]:
    """Return the claim's event, and one of its matches where there are any."""
    incident, claim, own = item.incident, item.claim, item.own
    name = IncidentsEvent.REPORTED if item.new_incident else IncidentsEvent.CLAIM_RECORDED
    body: dict[str, Any] = {"claim": str(claim.id), "held": outcome.summary()}
    if own is not None:
        body["organisation"] = str(own.organisation_id)
    made = (incident if item.new_incident else None, claim, own)
    rows = [row for row in made if row is not None]
    events = [NewEvent(name, "incident", incident.id, body, rows=rows, actor=actor)]
    if matches:
        listed = [
            {"notice": str(match.notice_id), "party": str(match.party_id), "verdict": match.verdict}
            for match in matches
        ]
        body = {"claim": str(claim.id), "matches": listed}
        events.append(NewEvent(IncidentsEvent.MATCHED, "incident", incident.id, body, rows=matches))
    return events
