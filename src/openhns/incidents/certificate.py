"""The status-at-strike certificate: what had been sent and what had come back, and no more.

    v, id, incident       version 1; the certificate's and the incident's identifiers
    says, readers         what it states and does not state; who may see it
    claims                each source's claim side by side, none preferred
    span                  the time in which the attack lies by all claims together
    parties               per party: participation, notices held at that time about a place
                          within the claimed uncertainty, notices that had ended before or left
                          after, and in plain words what had been sent

It is a canonical JSON value, signed as a JWS of typ `openhns-certificate` by the key of the
mechanism's notices. What had not been sent no log can show by inclusion: that is the operator's
statement and is called that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from openhns.incidents import words
from openhns.incidents.errors import NothingToCertify
from openhns.incidents.matching import Matcher, Outcome, Pair
from openhns.incidents.models import Claim, Incident
from openhns.incidents.status import (
    Answers,
    Span,
    answers_to,
    notice_status,
    open_notices,
    participation_of,
)
from openhns.mechanism.models import Organisation
from openhns.notices.models import Notice
from openhns.parties.access import parties_of
from openhns.parties.models import Party
from openhns.record.rows import timestamp

TYP: Final = "openhns-certificate"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Case:
    """All that a certificate is made of: the claims, and what was found for each."""

    incident: Incident
    organisation: Organisation | None
    claims: Sequence[Claim]
    outcomes: Mapping[UUID, Outcome]
    span: Span

    def pairs(self, party: Party, when: str) -> dict[UUID, list[Pair]]:
        """Return a party's pairs by notice, of those that were `held`, `ended` or `later`."""
        found: dict[UUID, list[Pair]] = {}
        for outcome in self.outcomes.values():
            for pair in outcome.all_pairs():
                if pair.party_id == party.id and pair.when == when:
                    found.setdefault(pair.notice_id, []).append(pair)
        return found

    def notice_ids(self) -> set[UUID]:
        return {
            pair.notice_id for outcome in self.outcomes.values() for pair in outcome.all_pairs()
        }

    def listing_ids(self) -> set[UUID]:
        every = (pair for outcome in self.outcomes.values() for pair in outcome.all_pairs())
        return {pair.listing_id for pair in every if pair.listing_id is not None}


def open_case(incident: Incident, organisation: Organisation | None, now: datetime) -> Case:
    """Gather the claims and compare each with all that was sent, before and after.

    With an organisation what another one reported is left out: it is that one's to show. Raises
    NothingToCertify where no claim remains.
    """
    shown = Q() if organisation is None else _shown_to(organisation)
    claims = list(incident.claims.filter(shown).order_by("recorded_at", "id"))
    if not claims:
        raise NothingToCertify("What is known of this attack was reported by others alone.")
    contents = {claim.id: claim.content for claim in claims}
    matcher = Matcher(incident.mechanism, now, organisation)
    outcomes = {key: matcher.outcome(key, content, every=True) for key, content in contents.items()}
    return Case(incident, organisation, claims, outcomes, _span(contents.values()))


def _shown_to(organisation: Organisation) -> Q:
    return Q(own_report=None) | Q(own_report__organisation=organisation)


def _span(contents: Iterable[Mapping[str, Any]]) -> Span:
    listed = list(contents)
    starts = [content["from"] for content in listed]
    start = None if None in starts else datetime.fromisoformat(min(starts))
    return Span(start, datetime.fromisoformat(max(content["until"] for content in listed)))


def document(case: Case, certificate_id: UUID, log_origin: str, now: datetime) -> dict[str, Any]:
    """Return the certificate as a canonical JSON value, times as RFC 3339."""
    mechanism = case.incident.mechanism
    ids = case.notice_ids()
    notices, answers = open_notices(ids), answers_to(ids)
    return {
        "v": VERSION,
        "id": str(certificate_id),
        "incident": str(case.incident.id),
        "mechanism": mechanism.slug,
        "log": log_origin,
        "issued_at": timestamp(now),
        "says": words.says(),
        "readers": _readers(case),
        "span": {"from": timestamp(case.span.start) if case.span.start else None,
                 "until": timestamp(case.span.end)},
        "claims": [_claim(claim, case.outcomes[claim.id]) for claim in case.claims],
        "parties": [
            _party(case, party, notices, answers) for party in parties_of(mechanism)
        ],
    }  # fmt: skip


def _readers(case: Case) -> dict[str, Any]:
    """Say who may see the certificate: it shows what was told to several parties."""
    own = case.organisation
    shown = [] if own is None else [{"id": str(own.id), "name": own.content["name"]}]
    return {
        "operator": True,
        "organisations": shown,
        "parties": False,
        "words": words.readers(for_organisation=own is not None),
    }


def _claim(claim: Claim, outcome: Outcome) -> dict[str, Any]:
    content = claim.content
    kept = ("source", "source_id", "words", "country", "position", "precision_m",
            "precision_words", "from", "until", "time_form", "findings", "verbatim")  # fmt: skip
    return {
        "id": str(claim.id),
        "recorded_at": timestamp(claim.recorded_at),
        **{name: content[name] for name in kept},
        "as_reported_by_the_source": content["facts"],
        "place_is_bounded": outcome.bounded,
    }


def _party(
    case: Case, party: Party, notices: Mapping[UUID, Notice], answers: Answers
) -> dict[str, Any]:
    groups = {when: case.pairs(party, when) for when in ("held", "ended", "later")}
    listed = {
        when: [
            notice_status(notices[key], pairs, answers, case.span)
            for key, pairs in sorted(group.items(), key=lambda item: notices[item[0]].number)
        ]
        for when, group in groups.items()
    }
    counted = {
        str(claim_id): outcome.unplaced_of(party.id) for claim_id, outcome in case.outcomes.items()
    }
    return {
        "id": str(party.id),
        "name": party.name,
        "participation": participation_of(party, case.span),
        "verdict": _verdict(groups["held"], counted),
        "held": listed["held"],
        "ended_before": listed["ended"],
        "sent_later": listed["later"],
        "held_somewhere": counted,
        "statement": words.statement(party.name, groups, counted, case.outcomes),
    }


def _verdict(held: Mapping[UUID, Sequence[Pair]], counted: Mapping[str, Mapping[str, int]]) -> str:
    verdicts = {pair.verdict for pairs in held.values() for pair in pairs}
    if "certain" in verdicts:
        return "certain"
    return "possible" if verdicts or any(counted.values()) else "none"
