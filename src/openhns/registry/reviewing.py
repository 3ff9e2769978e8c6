"""What reviewers see and submitters never do."""

from collections import Counter
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from openhns.mechanism.models import Mechanism
from openhns.mechanism.policy import policy_of
from openhns.registry.checks.finding import Finding, Verdict, worth_telling
from openhns.registry.checks.nearby import Grid, nearby_findings
from openhns.registry.models import Check, Listing, Version
from openhns.registry.register import batches, entries

_AT_ONCE: Final = 500


def reviewers_findings(
    mechanism: Mechanism, versions: Sequence[Version]
) -> dict[UUID, list[Finding]]:
    """Compare versions of sites with all that is registered now, by every organisation.

    Call it under the mechanism's lock where something is decided by it. Versions without such
    a finding are left out.
    """
    wanted = {version.id for version in versions if version.action != Version.Action.REMOVE}
    if not wanted:
        return {}
    register = entries(mechanism.id, Listing.Kind.SITE)
    looked_at = [entry for entry in register if entry.version_id in wanted]
    reach_m = policy_of(mechanism).nearby_m
    return nearby_findings(looked_at, Grid(register, reach_m), reach_m)


def stored_findings(versions: Sequence[Version]) -> dict[UUID, list[Finding]]:
    """Return the findings that were kept with each version when it was submitted."""
    found: dict[UUID, list[Finding]] = {}
    for batch in batches([version.id for version in versions], _AT_ONCE):
        for check in Check.objects.filter(version_id__in=batch):
            found[check.version_id] = list(map(Finding.from_json, check.content["findings"]))
    return found


def waiting_for_review(mechanism: Mechanism) -> QuerySet[Version]:
    """Return what waits for a decision: urgent versions first, then the oldest."""
    waiting = Version.objects.filter(scope=mechanism.id, status=Version.Status.SUBMITTED)
    return waiting.order_by("-urgent", "submitted_at", "id")


def waiting_unchecked(mechanism: Mechanism) -> list[UUID]:
    """Return the waiting versions that no check warns of and some check could not look at."""
    waiting = Version.objects.filter(
        listing__mechanism=mechanism,
        status=Version.Status.SUBMITTED,
        checks_worst=Verdict.NOT_CHECKED,
    )
    return list(waiting.values_list("id", flat=True))


def cleared_unchecked(version_ids: Sequence[UUID]) -> dict[str, int]:
    """Count those of the versions that are cleared, by the checks that could not look at them."""
    cleared = [
        version
        for batch in batches(version_ids, _AT_ONCE)
        for version in Version.objects.filter(id__in=batch, status=Version.Status.CLEARED)
    ]
    counted: Counter[str] = Counter()
    for findings in stored_findings(cleared).values():
        told = worth_telling(findings)
        counted.update({item.name for item in told if item.verdict == Verdict.NOT_CHECKED})
    return dict(counted.most_common())
