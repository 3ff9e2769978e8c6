"""One incident for the operator's people: its claims side by side, each with its matches."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise

from openhns.incidents.actions import BY_HAND
from openhns.incidents.labels import FACTS, FINDINGS, REASONS
from openhns.incidents.models import Claim, Match
from openhns.parties.models import Party
from openhns.ui.maps import Feature, point

MOST_SHOWN: Final = 12
_MOST_OPENED: Final = 300


@dataclass(frozen=True, slots=True)
class Near:
    """One match: a notice that the party held, how far away its place is, and why it counts."""

    number: int
    verdict: str
    distance_m: int
    reasons: list[str | Promise]


@dataclass(frozen=True, slots=True)
class PartyHeld:
    """What one party held that a claim may be about; `shown` are the nearest of all."""

    party: Party
    verdict: str
    certain: int
    possible: int
    shown: list[Near]

    @property
    def total(self) -> int:
        return self.certain + self.possible


@dataclass(frozen=True, slots=True)
class Said:
    """One source's claim: verbatim, and read; with its matches by party."""

    number: int
    claim: Claim
    content: Mapping[str, Any]
    facts: list[tuple[str | Promise, str]]
    findings: list[str]
    parties: list[PartyHeld]

    @property
    def verdict(self) -> str:
        verdicts = {item.verdict for item in self.parties}
        if "certain" in verdicts:
            return "certain"
        return "possible" if verdicts or self.claim.possible_somewhere else "none"

    @property
    def precision_words(self) -> str:
        """What a source says of its precision; of a report by hand the figure stands alone."""
        by_hand = self.content["origin"].get("how") == BY_HAND
        return "" if by_hand else str(self.content["precision_words"])

    @property
    def bounded(self) -> bool:
        """Whether the claim says where it was well enough to compare."""
        return self.content["position"] is not None and self.content["precision_m"] is not None


def side_by_side(claims: Sequence[Claim], first_number: int = 1) -> list[Said]:
    """Return claims as they stand beside each other; none is preferred."""
    matches = _matches(claims)
    return [
        _said(number, claim, matches.get(claim.id, []))
        for number, claim in enumerate(claims, start=first_number)
    ]


def _matches(claims: Sequence[Claim]) -> dict[UUID, list[Match]]:
    """Return the matches of each claim, those that are certain first; some hundred are opened."""
    found: dict[UUID, list[Match]] = {}
    for claim in claims:
        rows = Match.objects.filter(claim=claim).select_related("party", "notice")
        found[claim.id] = list(rows.order_by("verdict", "party__name", "id")[:_MOST_OPENED])
    return found


def _said(number: int, claim: Claim, matches: Sequence[Match]) -> Said:
    content = claim.content
    facts = [(FACTS[key], str(text)) for key, text in content["facts"].items() if key in FACTS]
    return Said(
        number=number,
        claim=claim,
        content=content,
        facts=facts,
        findings=[FINDINGS.get(code, code) for code in content["findings"]],
        parties=_by_party(matches),
    )


def _by_party(matches: Sequence[Match]) -> list[PartyHeld]:
    parties = {match.party_id: match.party for match in matches}
    ordered = sorted(parties.values(), key=lambda party: party.name)
    return [_party(party, [m for m in matches if m.party_id == party.id]) for party in ordered]


def _party(party: Party, matches: Sequence[Match]) -> PartyHeld:
    counted = Counter(str(match.verdict) for match in matches)
    near = sorted(map(_near, matches), key=lambda item: (item.verdict, item.distance_m))
    return PartyHeld(
        party,
        "certain" if counted["certain"] else "possible",
        counted["certain"],
        counted["possible"],
        near[:MOST_SHOWN],
    )


def _near(match: Match) -> Near:
    content = match.content
    reasons = [REASONS.get(code, code) for code in content["reasons"]]
    return Near(match.notice.number, str(match.verdict), content["distance_m"], reasons)


def claimed_places(said: Sequence[Said]) -> list[Feature]:
    """Return where each claim places the attack, with its uncertainty around it."""
    return [
        point(
            item.content["position"],
            f"{item.number}: {item.content['source']}",
            accuracy_m=item.content["precision_m"],
            tone="bad",
        )
        for item in said
        if item.content["position"]
    ]
