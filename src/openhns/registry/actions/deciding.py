"""The operator's word on a version: clear it for relay, return it, or refuse it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from openhns.mechanism.access import require_role
from openhns.mechanism.models import Mechanism, Person, Role
from openhns.mechanism.policy import Policy, policy_of
from openhns.mechanism.uniqueness import unique_or
from openhns.record.inserting import insert
from openhns.record.writing import NewEvent, find_log, write_events
from openhns.registry.actions.insiders import People, cleared_by, insiders_of
from openhns.registry.actions.kept import BATCH
from openhns.registry.actions.signing import signed_versions
from openhns.registry.checks.finding import PASSING, Finding
from openhns.registry.errors import (
    AlreadyDecided,
    OwnOrganisation,
    OwnSubmission,
    ReasonMissing,
    SignatureMissing,
    VersionNotWaiting,
)
from openhns.registry.events import RegistryEvent
from openhns.registry.models import Decision, Listing, Version
from openhns.registry.register import batches
from openhns.registry.reviewing import (
    reviewers_findings,
    stored_findings,
    waiting_for_review,
)

_STATUS_AFTER: Final = {
    Decision.Word.CLEAR: Version.Status.CLEARED,
    Decision.Word.RETURN: Version.Status.RETURNED,
    Decision.Word.REFUSE: Version.Status.REFUSED,
}
_TWO: Final = 2


@dataclass(slots=True)
class Settled:
    """A version, one person's decision on it, and whether that settled it."""

    version: Version
    decision: Decision
    settled: bool


def do_decide(
    version: Version, word: Decision.Word | str, reason: str = "", *, acting_user: Person
) -> Settled:
    """Clear, return or refuse one version.

    Where the policy asks for two persons, two different ones clear it, and neither is its
    submitter, its signer or of its organisation; a return or refusal needs one. Of two that
    arrive at once exactly one settles it. A warning needs a reason to be cleared, and so does
    every return and refusal. Raises VersionNotWaiting, AlreadyDecided, OwnSubmission,
    OwnOrganisation, SignatureMissing, ReasonMissing, NotAllowed.
    """
    word = Decision.Word(word)
    mechanism = version.listing.mechanism
    require_role(acting_user, mechanism, Role.Name.REVIEWER)
    with transaction.atomic():
        policy = policy_of(lock_mechanism(mechanism))
        require_role(acting_user, mechanism, Role.Name.REVIEWER)
        current = _locked(version)
        _require_open(current)
        insiders = _insiders([current], policy)
        _require_another(current, insiders, acting_user)
        if word == Decision.Word.CLEAR:
            _require_signature(current, policy)
        found = reviewers_findings(mechanism, [current]).get(current.id, [])
        _require_reason(current, word, reason, found)
        agreed = len(cleared_by([current.id], insiders)[current.id])
        settles = word != Decision.Word.CLEAR or agreed + 1 >= policy.persons_to_clear
        (done,) = decide([current], word, reason, {current.id: found}, acting_user, settles=settles)
    return done


def lock_mechanism(mechanism: Mechanism) -> Mechanism:
    """Hold the mechanism until the transaction ends: decisions follow one another."""
    return Mechanism.objects.select_for_update(no_key=True).get(id=mechanism.id)


def _locked(version: Version) -> Version:
    # Listings are locked before versions everywhere, so that nobody waits in a circle.
    Listing.objects.select_for_update(no_key=True).get(id=version.listing_id)
    return Version.objects.select_for_update(no_key=True).get(id=version.id)


def _require_open(version: Version) -> None:
    if version.status != Version.Status.SUBMITTED:
        raise VersionNotWaiting(
            f"The version is {version.status}: it was decided on, or a newer one replaced it."
        )


def _insiders(versions: Sequence[Version], policy: Policy) -> People:
    """Return whom the policy keeps from deciding on each version; none where one suffices."""
    return insiders_of(versions) if policy.persons_to_clear >= _TWO else {}


def _require_another(version: Version, insiders: People, person: Person) -> None:
    if person.pk in insiders.get(version.id, ()):
        if version.submitted_by_id == person.pk:
            raise OwnSubmission(
                "Under this policy nobody decides on what they submitted themselves."
            )
        raise OwnOrganisation(
            "Under this policy nobody decides on what they signed, or what an organisation "
            "submitted that they belong to."
        )
    if version.decisions.filter(person=person).exists():
        raise AlreadyDecided(
            "That person has decided on this version already; the policy wants a second person "
            "(--as USER)."
        )


def _require_signature(version: Version, policy: Policy) -> None:
    if policy.second_signature and not signed_versions([version.id]):
        raise SignatureMissing(
            "The organisation's second signature is missing: one of its approvers gives it with "
            "`openhns sign`."
        )


def _require_reason(
    version: Version, word: Decision.Word, reason: str, found: Sequence[Finding]
) -> None:
    if reason.strip():
        return
    if word != Decision.Word.CLEAR:
        raise ReasonMissing(f"Say why it is to be {_STATUS_AFTER[word]}: --reason TEXT.")
    if found or version.checks_worst not in PASSING:
        raise ReasonMissing("A check warns of this version: say why it is cleared: --reason TEXT.")


def decide(
    versions: Sequence[Version],
    word: Decision.Word,
    reason: str,
    findings: Mapping[UUID, Sequence[Finding]],
    person: Person,
    *,
    settles: bool,
) -> list[Settled]:
    """Write one person's decision on many versions, in the caller's transaction, which locked them.

    `findings` are what reviewers were shown; they are kept with the decision.
    """
    if not versions:
        return []
    now = timezone.now()
    done = [
        Settled(version, _decision(version, person, word, now), settles) for version in versions
    ]
    for item in done:
        shown = [finding.to_json() for finding in findings.get(item.version.id, ())]
        more = {"findings": shown} if shown else {}
        item.decision.seal_content({"reason": reason.strip(), **more})
    with unique_or(AlreadyDecided("That person decided on one of these versions just now.")):
        insert([item.decision for item in done])
    listings = _settle(done, word) if settles else {}
    events = [_event(item, listings.get(item.version.listing_id), person) for item in done]
    write_events(find_log(versions[0].scope), events)
    return done


def _decision(version: Version, person: Person, word: Decision.Word, now: datetime) -> Decision:
    return Decision(
        id=uuid4(),
        scope=version.scope,
        version=version,
        person=person,
        word=str(word),
        decided_at=now,
    )


def _settle(done: Sequence[Settled], word: Decision.Word) -> dict[UUID, Listing]:
    """Set the status of the versions, and of the listings that it changes; return the latter."""
    status = _STATUS_AFTER[word]
    for item in done:
        item.version.status = status
    for batch in batches([item.version.id for item in done], BATCH):
        Version.objects.filter(id__in=batch).update(status=status)
    if word != Decision.Word.CLEAR:
        return {}
    changed = {}
    actions = {item.version.listing_id: item.version.action for item in done}
    for batch in batches(list(actions), BATCH):
        for listing in Listing.objects.filter(id__in=batch):
            wanted = _listing_status(listing, actions[listing.id])
            if listing.status != wanted:
                listing.status = wanted
                changed[listing.id] = listing
    _save_statuses(changed)
    return changed


def _listing_status(listing: Listing, action: str) -> str:
    if action == Version.Action.REMOVE:
        return Listing.Status.CLOSED
    if listing.kind == Listing.Kind.SITE:
        return Listing.Status.ACTIVE
    started = listing.status == Listing.Status.UNDER_WAY
    return listing.status if started else Listing.Status.CLEARED


def _save_statuses(listings: Mapping[UUID, Listing]) -> None:
    by_status: dict[str, list[UUID]] = {}
    for listing in listings.values():
        by_status.setdefault(listing.status, []).append(listing.id)
    for status, ids in by_status.items():
        for batch in batches(ids, BATCH):
            Listing.objects.filter(id__in=batch).update(status=status)


def _event(item: Settled, listing: Listing | None, person: Person) -> NewEvent:
    version = item.version
    body: dict[str, Any] = {
        "listing": str(version.listing_id),
        "number": version.number,
        "word": str(item.decision.word),
        "status": str(version.status),
        "by": person.handle,
    }
    rows = [item.decision, version, *([listing] if listing else [])]
    return NewEvent(RegistryEvent.VERSION_DECIDED, "version", version.id, body, rows=rows)


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many versions were cleared, held and why, and how many await a second person."""

    cleared: int
    held: Mapping[str, int]
    waiting_for_second_person: int


def do_clear_passing(mechanism: Mechanism, *, acting_user: Person) -> Cleared:
    """Clear every submitted version that no check holds, in one transaction.

    Held are versions with a warning, those that resemble another registered nearby, those
    without the second signature the policy wants and, under a policy of two persons, what
    the acting person or an organisation of theirs submitted, and what they signed. Each counts
    under its first reason.
    """
    require_role(acting_user, mechanism, Role.Name.REVIEWER)
    with transaction.atomic():
        policy = policy_of(lock_mechanism(mechanism))
        require_role(acting_user, mechanism, Role.Name.REVIEWER)
        waiting = _lock_waiting(mechanism)
        insiders = _insiders(waiting, policy)
        holds = held_because(mechanism, waiting, policy, acting_user, insiders)
        free = [version for version in waiting if version.id not in holds]
        first, second = _by_earlier_words(free, policy, acting_user, insiders)
        reason = "No check holds it."
        decide(first, Decision.Word.CLEAR, reason, {}, acting_user, settles=False)
        decide(second, Decision.Word.CLEAR, reason, {}, acting_user, settles=True)
    still = len(free) - len(second)
    return Cleared(len(second), dict(Counter(holds.values()).most_common()), still)


def foresee_clearing(mechanism: Mechanism, *, acting_user: Person) -> Cleared:
    """Return what `do_clear_passing` would do now; write nothing."""
    require_role(acting_user, mechanism, Role.Name.REVIEWER)
    policy = policy_of(mechanism)
    waiting = list(waiting_for_review(mechanism).defer("sealed"))
    insiders = _insiders(waiting, policy)
    holds = held_because(mechanism, waiting, policy, acting_user, insiders)
    free = [version for version in waiting if version.id not in holds]
    _, settled = _by_earlier_words(free, policy, acting_user, insiders)
    held = dict(Counter(holds.values()).most_common())
    return Cleared(len(settled), held, len(free) - len(settled))


def _lock_waiting(mechanism: Mechanism) -> list[Version]:
    waiting = Version.objects.filter(listing__mechanism=mechanism, status=Version.Status.SUBMITTED)
    ids = sorted(waiting.values_list("listing_id", flat=True))
    for batch in batches(ids, BATCH):
        list(
            Listing.objects.select_for_update(no_key=True)
            .filter(id__in=batch)
            .order_by("id")
            .values("id")
        )
    found = (
        waiting.select_for_update(no_key=True, of=("self",)).filter(listing_id__in=b)
        for b in batches(ids, BATCH)
    )
    return [version for rows in found for version in rows]


def held_because(
    mechanism: Mechanism,
    waiting: Sequence[Version],
    policy: Policy,
    person: Person,
    insiders: People,
) -> dict[UUID, str]:
    """Return the first reason for which each version is held, if it is."""
    held: dict[UUID, str] = {}
    for version in waiting:
        if person.pk in insiders.get(version.id, ()):
            own = version.submitted_by_id == person.pk
            held[version.id] = "own-submission" if own else "own-organisation"
    if policy.second_signature:
        signed = signed_versions([version.id for version in waiting])
        unsigned = (version.id for version in waiting if version.id not in signed)
        held = dict.fromkeys(unsigned, "waiting-for-signature") | held
    warned = [version for version in waiting if version.checks_worst not in PASSING]
    for version_id, findings in stored_findings(warned).items():
        grave = (item.name for item in findings if item.verdict not in PASSING)
        held.setdefault(version_id, next(grave))
    free = [version for version in waiting if version.id not in held]
    for version_id, findings in reviewers_findings(mechanism, free).items():
        held[version_id] = findings[0].name
    return held


def _by_earlier_words(
    versions: Sequence[Version], policy: Policy, person: Person, insiders: People
) -> tuple[list[Version], list[Version]]:
    """Part the versions in those that then await a second person, and those settled now.

    What this person has cleared before is in neither.
    """
    if policy.persons_to_clear < _TWO:
        return [], list(versions)
    ids = [version.id for version in versions]
    said = cleared_by(ids, {})
    counted = cleared_by(ids, insiders)
    new = [v for v in versions if person.pk not in said[v.id]]
    settled = [v for v in new if len(counted[v.id]) + 1 >= policy.persons_to_clear]
    chosen = {version.id for version in settled}
    return [version for version in new if version.id not in chosen], settled


def waiting_versions(mechanism: Mechanism, *, acting_user: Person) -> list[Version]:
    """Return what waits for a decision, the urgent first; for reviewers."""
    require_role(acting_user, mechanism, Role.Name.REVIEWER)
    waiting = waiting_for_review(mechanism).select_related("listing")
    return list(waiting.prefetch_related("decisions"))
