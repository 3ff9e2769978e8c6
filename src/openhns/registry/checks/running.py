"""Run every check over a batch of drafts, in one order, reference data looked up at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from django.utils.translation import gettext_noop as _

from openhns.geodesy.position import Position
from openhns.mechanism.models import Mechanism, Organisation
from openhns.mechanism.policy import policy_of
from openhns.registry.checks import default_coordinates as defaults
from openhns.registry.checks.axes_swapped import NAME as AXES
from openhns.registry.checks.axes_swapped import axes_swapped, axes_swapped_unread
from openhns.registry.checks.case import Batch, SpotCase
from openhns.registry.checks.finding import Finding, Verdict, not_checked, worst
from openhns.registry.checks.inside_country import NAME as COUNTRY
from openhns.registry.checks.inside_country import inside_country
from openhns.registry.checks.on_land import NAME as LAND
from openhns.registry.checks.on_land import on_land
from openhns.registry.checks.position_parses import position_parses
from openhns.registry.checks.readable_text import readable_text
from openhns.registry.checks.reference import look_up
from openhns.registry.checks.repeated import Rows, identifier_once, repeated_row
from openhns.registry.checks.required_fields import required_fields
from openhns.registry.checks.too_few_decimals import NAME as DECIMALS
from openhns.registry.checks.too_few_decimals import too_few_decimals
from openhns.registry.checks.valid_dates import lead_time, valid_dates
from openhns.registry.drafts import Draft
from openhns.registry.models import Listing
from openhns.registry.points import points_of
from openhns.registry.register import entries
from openhns.registry.spots import Spot

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

_SPOT_CHECKS: Final = (
    on_land,
    inside_country,
    axes_swapped,
    too_few_decimals,
    defaults.default_coordinates,
)
_NEED_A_POSITION: Final = (LAND, COUNTRY, AXES, DECIMALS, defaults.NAME)
_NO_POSITION: Final = _("there is no position to look at")
_TELL_EVERY: Final = 5_000


def silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def run_checks(
    drafts: Sequence[Draft],
    mechanism: Mechanism,
    organisation: Organisation | None,
    tell: Progress = silent,
) -> tuple[Batch, list[tuple[Finding, ...]]]:
    """Return what the batch was checked against, and the findings of each draft in order.

    `organisation` is None for one that is not registered yet. Nothing is read that belongs to
    another organisation.
    """
    batch = _batch(drafts, mechanism, organisation, tell)
    found, rows = [], Rows()
    for done, draft in enumerate(drafts, 1):
        findings = _findings(draft, batch, rows)
        if worst(findings) != Verdict.FAIL:
            rows.take(draft)
        found.append(findings)
        if done % _TELL_EVERY == 0:
            tell("checked", done, len(drafts))
    return batch, found


def _findings(draft: Draft, batch: Batch, rows: Rows) -> tuple[Finding, ...]:
    found = required_fields(draft)
    for spot in draft.spots:
        found.extend(_spot_findings(draft, spot, batch))
    found.extend(readable_text(draft))
    found.extend(valid_dates(draft))
    if draft.kind == Listing.Kind.MOVEMENT:
        found.append(lead_time(draft, batch))
    if draft.row is not None:
        found.extend((identifier_once(draft, rows), repeated_row(draft, rows)))
    return tuple(found)


def _spot_findings(draft: Draft, spot: Spot, batch: Batch) -> Iterable[Finding]:
    yield position_parses(spot)
    if spot.reading is not None:
        case = SpotCase(draft, spot, spot.reading.position, batch)
        yield from (check(case) for check in _SPOT_CHECKS)
        return
    swapped = axes_swapped_unread(draft, spot, batch)
    for name in _NEED_A_POSITION:
        told = swapped if name == AXES else None
        yield told or not_checked(name, spot.field, _NO_POSITION)


def _batch(
    drafts: Sequence[Draft],
    mechanism: Mechanism,
    organisation: Organisation | None,
    tell: Progress,
) -> Batch:
    policy = policy_of(mechanism)
    covered = frozenset(mechanism.countries)
    tell("looking up", 0, len(drafts))
    reference = look_up(drafts, covered)
    return Batch(
        covered,
        policy.repeated_point,
        policy.lead_time_hours,
        policy.emergency_lead_time_hours,
        _points(drafts, mechanism, organisation),
        reference.unknown,
        reference.surroundings,
        reference.facts,
        reference.why_not,
    )


def _points(
    drafts: Sequence[Draft], mechanism: Mechanism, organisation: Organisation | None
) -> Counter[Position]:
    """Count the sites of the organisation's register, or of the batch, at each point.

    A sheet may hold what is registered already, so the greater of the two counts is taken.
    """
    firsts = [draft.spots[0].reading for draft in drafts if draft.kind == Listing.Kind.SITE]
    batch = Counter(reading.position for reading in firsts if reading is not None)
    held: Counter[Position] = Counter()
    if organisation is not None and len(drafts) == 1:
        known = points_of(organisation)
        held.update({position: known[position] for position in batch if known[position]})
    elif organisation is not None and batch:
        for entry in entries(mechanism.id, Listing.Kind.SITE, organisation):
            held.update(batch.keys() & entry.sight.positions)
    return batch | held if len(drafts) > 1 else batch + held
