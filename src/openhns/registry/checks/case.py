"""What a check looks at: one draft or one of its positions, and what surrounds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_noop as _

from openhns.geodesy.position import Position
from openhns.registry.checks.finding import Finding, not_checked
from openhns.registry.drafts import Draft, wanted_of
from openhns.registry.spots import Spot


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the reference data say of one position.

    `countries` gives the metres to each country in which it lies (0) or might have been
    expected. `land_m` is the way to the nearest land, where that was measured without a country
    to look for. `place_m` is the way from a position at sea to a place that GeoNames knows in a
    country wanted, where that was looked for and lies near.
    """

    countries: Mapping[str, int]
    at_sea: bool
    land_m: int | None = None
    place_m: int | None = None

    @property
    def to_land_m(self) -> int | None:
        """Metres to land, 0 on it; None where it is further than anybody measured."""
        if not self.at_sea:
            return 0
        return min(self.countries.values(), default=self.land_m)


@dataclass(frozen=True, slots=True)
class Batch:
    """What the checks of one batch share.

    `covered` are the mechanism's countries. `points` counts the listings, in the organisation's
    own register or in the batch, that stand at one position. `unknown` are countries without an
    outline. `why_not` tells why there are no reference data.
    """

    covered: frozenset[str] = frozenset()
    repeated_point: int = 3
    lead_time_hours: int = 48
    emergency_lead_time_hours: int = 24
    points: Mapping[Position, int] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    surroundings: Mapping[Position, Surroundings] = field(default_factory=dict)
    reference: Mapping[str, Any] = field(default_factory=dict)
    why_not: str = ""


@dataclass(frozen=True)
class SpotCase:
    """One position that was read, seen by the checks of positions."""

    draft: Draft
    spot: Spot
    position: Position
    batch: Batch

    @cached_property
    def here(self) -> Surroundings | None:
        return self.batch.surroundings.get(self.position)

    @cached_property
    def there(self) -> Surroundings | None:
        """What surrounds the position with its axes exchanged."""
        exchanged = self.spot.exchanged
        return None if exchanged is None else self.batch.surroundings.get(exchanged)

    @cached_property
    def wanted(self) -> frozenset[str]:
        """The countries in which the position may lie: the row's own, else the mechanism's."""
        return wanted_of(self.draft, self.batch.covered)

    def without_reference(self, name: str) -> Finding:
        return not_checked(
            name, self.spot.field, self.batch.why_not or _("no reference data are at hand")
        )
