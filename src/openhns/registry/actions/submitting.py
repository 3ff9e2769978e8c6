"""Submit, amend and remove sites and movements; checks run, and refused ones are not kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction

from openhns.mechanism.access import require_role, vetted_organisation
from openhns.mechanism.models import Organisation, Person, Role
from openhns.registry.actions.amending import amended_draft
from openhns.registry.actions.consenting import Consents, give
from openhns.registry.actions.kept import Addition, Submitter, keep
from openhns.registry.actions.keyed import Key, Submitted, key_of, submitted_with
from openhns.registry.actions.known import (
    known_listings,
    own_id_hash,
    standing_version,
    without_origin,
)
from openhns.registry.checks.finding import PASSING, Finding, Verdict, worst
from openhns.registry.checks.running import Progress, run_checks, silent
from openhns.registry.drafts import DRAFT_OF, Draft, Facts
from openhns.registry.errors import (
    ListingClosed,
    ReasonMissing,
    SubmissionRefused,
)
from openhns.registry.facts import require_known_facts
from openhns.registry.models import Listing, Version


class Result(StrEnum):
    """What became of a row. The three add up to all rows."""

    ACCEPTED = "accepted"
    WARNED = "warned"
    REFUSED = "refused"


class Change(StrEnum):
    """What a row changed in the register."""

    ADDED = "added"
    AMENDED = "amended"
    REOPENED = "reopened"
    UNCHANGED = "unchanged"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Judged:
    """A draft and what the checks said of it; `reference` names the data they used."""

    draft: Draft
    findings: tuple[Finding, ...]
    reference: Mapping[str, Any]

    @property
    def result(self) -> Result:
        verdict = worst(self.findings)
        if verdict == Verdict.FAIL:
            return Result.REFUSED
        return Result.ACCEPTED if verdict in PASSING else Result.WARNED


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row's result, what it changed, and the version that now stands for it."""

    judged: Judged
    change: Change
    version: Version | None

    @property
    def result(self) -> Result:
        return self.judged.result


def judge(
    drafts: Sequence[Draft],
    mechanism: Any,
    organisation: Organisation | None,
    tell: Progress = silent,
) -> list[Judged]:
    """Run the checks; write nothing."""
    batch, findings = run_checks(drafts, mechanism, organisation, tell)
    return [Judged(*pair, batch.reference) for pair in zip(drafts, findings, strict=True)]


def submitter(organisation: Organisation, acting_user: Person) -> Submitter:
    """Return who submits; raise NotAllowed, or OrganisationNotVetted."""
    actor = require_role(acting_user, organisation.mechanism, Role.Name.REPORTER, organisation)
    return Submitter(vetted_organisation(organisation), acting_user, actor)


def do_many_submit(
    drafts: Sequence[Draft],
    consents: Consents | None = None,
    *,
    organisation: Organisation,
    acting_user: Person,
    tell: Progress = silent,
) -> list[Outcome]:
    """Submit many drafts of one kind in one transaction; return their outcomes in order.

    A draft whose identifier is registered amends that listing, or leaves it as it is where
    nothing changed. Refused drafts are not kept.
    """
    submitter(organisation, acting_user)
    judged = judge(drafts, organisation.mechanism, organisation, tell)
    with transaction.atomic():
        by = submitter(organisation, acting_user)
        return write(judged, consents or {}, by)


def write(
    judged: Sequence[Judged],
    consents: Consents,
    by: Submitter,
    origin: Callable[[Draft], Mapping[str, Any]] = lambda _draft: {},
) -> list[Outcome]:
    """Keep what was not refused, with its consents, in the caller's transaction."""
    Organisation.objects.select_for_update(no_key=True).get(id=by.organisation.id)
    outcomes = _planned(judged, by, origin)
    additions = [plan for _, _, plan in outcomes if isinstance(plan, Addition)]
    kept = iter(keep(additions, by))
    done = [
        Outcome(item, change, next(kept) if isinstance(plan, Addition) else plan)
        for item, change, plan in outcomes
    ]
    if consents:
        ids = dict.fromkeys(item.version.listing_id for item in done if item.version)
        give(list(ids), consents, by)
    return done


_Plan = tuple[Judged, Change, Addition | Version | None]


def _planned(
    judged: Sequence[Judged], by: Submitter, origin: Callable[[Draft], Mapping[str, Any]]
) -> list[_Plan]:
    kept = [item for item in judged if item.result != Result.REFUSED]
    if not kept:
        return [(item, Change.NOTHING, None) for item in judged]
    known = known_listings(by.organisation, kept[0].draft.kind)
    plans: list[_Plan] = []
    for item in judged:
        if item.result == Result.REFUSED:
            plans.append((item, Change.NOTHING, None))
            continue
        draft = item.draft
        own_hash = own_id_hash(by.organisation, draft.kind, draft.own_id)
        found = known.find(own_hash, draft.content)
        if found is not None and found.says(draft.content):
            plans.append((item, Change.UNCHANGED, found.version))
            continue
        listing = found.listing if found else None
        action = Version.Action.AMEND if found else Version.Action.ADD
        addition = Addition(
            draft,
            item.findings,
            item.reference,
            action,
            listing,
            own_hash,
            origin=origin(draft),
        )
        plans.append((item, _change_of(listing), addition))
    return plans


def _change_of(listing: Listing | None) -> Change:
    if listing is None:
        return Change.ADDED
    closed = listing.status == Listing.Status.CLOSED
    return Change.REOPENED if closed else Change.AMENDED


def do_submit(
    facts: Facts,
    consents: Consents | None = None,
    *,
    organisation: Organisation,
    kind: Listing.Kind = Listing.Kind.SITE,
    idempotency_key: str | None = None,
    acting_user: Person,
) -> Submitted:
    """Submit one site or movement from its facts, named as the columns of a sheet are.

    The same idempotency key returns the first result and registers nothing, also when two
    arrive at once. Raises FactsInvalid, SubmissionRefused with its findings, NotAllowed, and
    KeyReused where the key came before with other facts or consents.
    """
    require_known_facts(facts, kind)
    submitter(organisation, acting_user)
    given = {str(party.id): str(grade) for party, grade in (consents or {}).items()}
    key = key_of(organisation, idempotency_key, ["submit", kind, dict(facts), given])
    with_key = submitted_with(key)
    if with_key is not None:
        return with_key
    (judged,) = judge([DRAFT_OF[kind](facts)], organisation.mechanism, organisation)

    def kept() -> Version:
        by = submitter(organisation, acting_user)
        own_hash = own_id_hash(organisation, kind, judged.draft.own_id)
        found = known_listing(organisation, own_hash)
        action = Version.Action.AMEND if found else Version.Action.ADD
        addition = Addition(
            judged.draft,
            judged.findings,
            judged.reference,
            action,
            found,
            own_hash,
            key.hashed,
            asked=key.asked,
        )
        (version,) = keep([addition], by)
        give([version.listing_id], consents or {}, by)
        return version

    return _kept_once(judged, key, kept)


def known_listing(organisation: Organisation, own_hash: bytes | None) -> Listing | None:
    """Lock and return the organisation's listing of that identifier, if there is one."""
    if own_hash is None:
        return None
    own = Listing.objects.select_for_update(no_key=True).filter(organisation=organisation)
    return own.filter(own_id_hash=own_hash).first()


def _kept_once(judged: Judged, key: Key, kept: Callable[[], Version]) -> Submitted:
    """Keep a version in a transaction of its own; of two with one key the first one counts.

    Of two that arrive at once with one identifier and no key, the second amends the first.
    """
    if judged.result == Result.REFUSED:
        raise SubmissionRefused([f for f in judged.findings if f.verdict == Verdict.FAIL])
    try:
        with transaction.atomic():
            return Submitted(kept(), judged.findings)
    except IntegrityError:
        first = submitted_with(key)
        if first is not None:
            return first
    with transaction.atomic():
        return Submitted(kept(), judged.findings)


def do_amend(
    listing: Listing,
    changes: Facts,
    *,
    idempotency_key: str | None = None,
    acting_user: Person,
) -> Submitted:
    """Submit a new version in which the given facts replace the former ones.

    Raises ListingClosed, FactsInvalid, SubmissionRefused, KeyReused, NotAllowed.
    """
    kind = Listing.Kind(listing.kind)
    require_known_facts(changes, kind)
    organisation = listing.organisation
    submitter(organisation, acting_user)
    key = key_of(organisation, idempotency_key, ["amend", str(listing.id), dict(changes)])
    first = submitted_with(key)
    if first is not None:
        return first
    standing = _standing(listing)
    draft = _with_validity(amended_draft(kind, standing.content, changes), standing, changes)
    (judged,) = judge([draft], organisation.mechanism, organisation)

    def kept() -> Version:
        by = submitter(organisation, acting_user)
        current = _open_listing(listing)
        addition = Addition(
            judged.draft,
            judged.findings,
            judged.reference,
            Version.Action.AMEND,
            current,
            idempotency_key=key.hashed,
            asked=key.asked,
        )
        return keep([addition], by)[0]

    return _kept_once(judged, key, kept)


def _with_validity(draft: Draft, standing: Version, changes: Facts) -> Draft:
    """Keep the validity that an amendment does not speak of; a movement's is its own times."""
    if draft.kind != Listing.Kind.SITE:
        return draft
    start = draft.valid_from if "valid_from" in changes else standing.valid_from
    end = draft.valid_until if "valid_until" in changes else standing.valid_until
    return replace(draft, valid_from=start, valid_until=end)


def do_remove(
    listing: Listing,
    reason: str,
    *,
    urgent: bool = False,
    idempotency_key: str | None = None,
    acting_user: Person,
) -> Submitted:
    """Submit the removal of a listing, which an operator clears like any version.

    Raises ListingClosed, ReasonMissing, KeyReused, NotAllowed.
    """
    if not reason.strip():
        raise ReasonMissing("Say why the listing is removed: closed, moved, entered by mistake.")
    organisation = listing.organisation
    submitter(organisation, acting_user)
    asked = ["remove", str(listing.id), reason.strip(), urgent]
    key = key_of(organisation, idempotency_key, asked)
    first = submitted_with(key)
    if first is not None:
        return first
    content = without_origin(_standing(listing).content) | {"removal_reason": reason.strip()}
    draft = Draft(Listing.Kind(listing.kind), content, (), urgent=urgent)

    def kept() -> Version:
        by = submitter(organisation, acting_user)
        addition = Addition(
            draft,
            (),
            {},
            Version.Action.REMOVE,
            _open_listing(listing),
            idempotency_key=key.hashed,
            asked=key.asked,
        )
        return keep([addition], by)[0]

    return _kept_once(Judged(draft, (), {}), key, kept)


def _standing(listing: Listing) -> Version:
    version = standing_version(listing)
    if version is None or listing.status in (Listing.Status.CLOSED, Listing.Status.ENDED):
        raise _closed()
    return version


def _open_listing(listing: Listing) -> Listing:
    current = Listing.objects.select_for_update(no_key=True).get(id=listing.id)
    if current.status in (Listing.Status.CLOSED, Listing.Status.ENDED):
        raise _closed()
    return current


def _closed() -> ListingClosed:
    return ListingClosed("The listing was removed or has ended: submit it as a new one.")
