"""What is registered near a version, whatever its name: for reviewers alone."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from openhns.geodesy.distance import distance_m
from openhns.mechanism.models import Mechanism
from openhns.mechanism.policy import policy_of
from openhns.mechanism.state import Remembered
from openhns.registry.checks.finding import Finding
from openhns.registry.checks.nearby import Grid, likeness, nearby_findings
from openhns.registry.models import Listing, Version
from openhns.registry.register import Entry, entries, is_large, sight_of

MOST_SHOWN: Final = 6
_registers: Remembered["Register"] = Remembered(most=2)


@dataclass(frozen=True, slots=True)
class Register:
    """Every open site of a mechanism, and where each stands."""

    entries: list[Entry]
    grid: Grid


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An open site near another; `likeness_percent` compares their names."""

    listing_id: UUID
    version_id: UUID
    distance_m: int
    likeness_percent: int


def register_of(mechanism: Mechanism) -> Register | None:
    """Return the register as it stands, a large one as it stood; None while it is read at first."""
    large = is_large(mechanism.id)
    kept = _registers.soon(mechanism.id, mechanism.id, lambda: _register(mechanism), large=large)
    return kept.value


def _register(mechanism: Mechanism) -> Register:
    found = entries(mechanism.id, Listing.Kind.SITE)
    return Register(found, Grid(found, policy_of(mechanism).nearby_m))


def neighbours_of(
    mechanism: Mechanism, version: Version, register: Register
) -> tuple[list[Neighbour], int]:
    """Return the nearest sites within the policy's distance, those of a like name first.

    The second figure counts them all. Distances are metres along the ellipsoid, rounded.
    """
    here, reach_m = sight_of(version.content), policy_of(mechanism).nearby_m
    found: dict[UUID, Neighbour] = {}
    for position in here.positions[:1]:
        for other in register.grid.near(position):
            if other.listing_id == version.listing_id or other.listing_id in found:
                continue
            metres = min(distance_m(position, there) for there in other.sight.positions)
            if metres <= reach_m:
                alike = round(100 * likeness(here.names, other.sight.names))
                found[other.listing_id] = Neighbour(
                    other.listing_id, other.version_id, round(metres), alike
                )
    ranked = sorted(found.values(), key=lambda item: (-item.likeness_percent, item.distance_m))
    return ranked[:MOST_SHOWN], len(ranked)


def findings_for_reviewers(
    mechanism: Mechanism, version: Version, register: Register
) -> list[Finding]:
    """Return what a decision on the version would be told now of like sites nearby."""
    if version.action == Version.Action.REMOVE:
        return []
    reach_m = policy_of(mechanism).nearby_m
    looked_at = [entry for entry in register.entries if entry.version_id == version.id]
    return nearby_findings(looked_at, register.grid, reach_m).get(version.id, [])
