"""All that a reviewer looks at before a word on a version: gathered once, journalled once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from openhns.mechanism.models import Mechanism, Person
from openhns.mechanism.policy import policy_of
from openhns.notices.shown import told_facts, told_features, would_tell
from openhns.parties.models import Party
from openhns.registry.access import read_contents
from openhns.registry.actions.insiders import cleared_by, insiders_of
from openhns.registry.actions.signing import signed_versions
from openhns.registry.checks.finding import PASSING, Finding, Verdict
from openhns.registry.models import Consent, Decision, Signature, Version
from openhns.registry.neighbours import (
    Neighbour,
    Register,
    findings_for_reviewers,
    neighbours_of,
    register_of,
)
from openhns.registry.reviewing import stored_findings
from openhns.registry.shown import Difference, Fact, differences, features_of, shown_facts
from openhns.registry.words import evidence_shown
from openhns.ui.maps import Feature, Map

Contents = Mapping[UUID, dict[str, Any]]
_TWO = 2


@dataclass(frozen=True, slots=True)
class Past:
    """One version of the chain: what it changed, who signed it and what was decided on it."""

    version: Version
    submitter: str
    changes: list[Difference]
    signatures: list[Signature]
    decisions: list[Decision]


@dataclass(frozen=True, slots=True)
class Other:
    """Another entry nearby, to be compared side by side."""

    neighbour: Neighbour
    version: Version
    name: str
    organisation: str
    versions: int
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class ToldTo:
    """What one party would be told of the version, by the consent that is open to it."""

    party: Party
    consent: Consent
    facts: list[Fact]
    features: list[Feature]


@dataclass(frozen=True, slots=True)
class Found:
    """A check's answer beside its evidence in words."""

    finding: Finding
    evidence: list[tuple[str | Promise, str]]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether this person can say a word now, and how many have cleared the version so far."""

    open: bool
    own: bool
    said: bool
    unsigned: bool
    needed: int
    cleared: int

    @property
    def may_decide(self) -> bool:
        return self.open and not self.own and not self.said


@dataclass(frozen=True, slots=True)
class Review:
    """What the page of one version shows."""

    version: Version
    content: dict[str, Any]
    name: str
    organisation: str
    facts: list[Fact]
    told: list[Found]
    passed: list[Finding]
    others: list[Other]
    others_in_all: int
    others_awaited: bool
    history: list[Past]
    consents: list[ToldTo]
    standing: Standing
    map: Map | None

    @property
    def needs_reason(self) -> bool:
        return any(item.finding.verdict not in PASSING for item in self.told)


def review_of(person: Person, mechanism: Mechanism, version: Version) -> Review:
    """Gather a review for somebody who may see the version; its places are journalled."""
    chain = _chain(version)
    register = register_of(mechanism)
    near, in_all = _near(mechanism, version, register)
    beside = _versions_of(near)
    contents = read_contents(person, mechanism, [*chain, *beside.values()], "review of a version")
    content = contents[version.id]
    others = _others(near, beside, contents)
    findings = [
        *(findings_for_reviewers(mechanism, version, register) if register else ()),
        *stored_findings([version]).get(version.id, []),
    ]
    told = [
        Found(item, evidence_shown(item.evidence))
        for item in findings
        if item.verdict != Verdict.PASS
    ]
    name = str(content.get("name", ""))
    consents = _consents(version, content, name)
    return Review(
        version=version,
        content=content,
        name=name,
        organisation=str(version.listing.organisation.content["name"]),
        facts=shown_facts(content),
        told=told,
        passed=[item for item in findings if item.verdict == Verdict.PASS],
        others=others,
        others_in_all=in_all,
        others_awaited=register is None and _has_neighbours(version),
        history=_history(chain, contents),
        consents=consents,
        standing=_standing(person, mechanism, version),
        map=_map(mechanism, name, content, others, consents),
    )


def _chain(version: Version) -> list[Version]:
    chain = Version.objects.filter(listing_id=version.listing_id).order_by("-number")
    related = ("signatures__person", "decisions__person")
    with_people = chain.select_related("submitted_by", "listing__organisation")
    return list(with_people.prefetch_related(*related))


def _near(
    mechanism: Mechanism, version: Version, register: Register | None
) -> tuple[list[Neighbour], int]:
    if register is None or not _has_neighbours(version):
        return [], 0
    return neighbours_of(mechanism, version, register)


def _has_neighbours(version: Version) -> bool:
    return version.listing.kind == "site" and version.action != Version.Action.REMOVE


def _versions_of(near: Sequence[Neighbour]) -> dict[UUID, Version]:
    rows = Version.objects.filter(id__in=[item.version_id for item in near])
    return {row.id: row for row in rows.select_related("listing__organisation")}


def _others(
    near: Sequence[Neighbour], beside: Mapping[UUID, Version], contents: Contents
) -> list[Other]:
    return [
        Other(
            neighbour=item,
            version=beside[item.version_id],
            name=str(contents[item.version_id].get("name", "")),
            organisation=str(beside[item.version_id].listing.organisation.content["name"]),
            versions=beside[item.version_id].number,
            facts=shown_facts(contents[item.version_id]),
        )
        for item in near
        if item.version_id in beside
    ]


def _history(chain: Sequence[Version], contents: Contents) -> list[Past]:
    """Return the chain, newest first; each version against the one before it."""
    before: dict[UUID, list[Fact]] = {
        newer.id: shown_facts(contents[older.id]) for newer, older in pairwise(chain)
    }
    return [
        Past(
            version=item,
            submitter=item.submitted_by.shown_name,
            changes=differences(before[item.id], shown_facts(contents[item.id]))
            if item.id in before
            else [],
            signatures=sorted(item.signatures.all(), key=lambda row: row.signed_at),
            decisions=sorted(item.decisions.all(), key=lambda row: row.decided_at),
        )
        for item in chain
    ]


def _consents(version: Version, content: dict[str, Any], name: str) -> list[ToldTo]:
    kind = str(version.listing.kind)
    rows = Consent.objects.filter(listing_id=version.listing_id, revoked_at=None)
    found = []
    for consent in rows.select_related("party").order_by("party__name"):
        told = would_tell(content, kind, consent.grade)
        title = f"{consent.party.name}: {name}"
        found.append(ToldTo(consent.party, consent, told_facts(told), told_features(told, title)))
    return found


def _standing(person: Person, mechanism: Mechanism, version: Version) -> Standing:
    policy = policy_of(mechanism)
    insiders = insiders_of([version]) if policy.persons_to_clear >= _TWO else {}
    return Standing(
        open=version.status == Version.Status.SUBMITTED,
        own=person.pk in insiders.get(version.id, ()),
        said=version.decisions.filter(person=person).exists(),
        unsigned=policy.second_signature and not signed_versions([version.id]),
        needed=policy.persons_to_clear,
        cleared=len(cleared_by([version.id], insiders)[version.id]),
    )


def _map(
    mechanism: Mechanism,
    name: str,
    content: dict[str, Any],
    others: Sequence[Other],
    consents: Sequence[ToldTo],
) -> Map | None:
    """Return the map: this entry, those nearby, and the areas that parties would be told."""
    own = features_of(content, name, tone="good")
    if not own:
        return None
    areas = [
        feature
        for item in consents
        if item.consent.grade == "vicinity"
        for feature in item.features
    ]
    beside = [
        feature
        for item in others
        for feature in features_of(item.version.content, item.name, tone="warn")
    ]
    return Map("review-map", name, [*own, *beside, *areas], countries=mechanism.countries)
