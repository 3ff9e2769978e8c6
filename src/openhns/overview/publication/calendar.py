"""On which days editions are published, and which moment each of them counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from openhns.mechanism.models import Mechanism
from openhns.mechanism.policy import policy_of


@dataclass(frozen=True, slots=True)
class Planned:
    """An edition to be published on a day (UTC), and the moment whose state it counts."""

    day: date
    counted_at: datetime


def planned_editions(mechanism: Mechanism, after: date | None = None) -> Iterator[Planned]:
    """Yield the editions on the first of each month that count a moment of the mechanism's time.

    `after` is the day of the newest edition there is; without it all are yielded. Endless.
    """
    began = mechanism.created_at.astimezone(UTC)
    lag = timedelta(days=policy_of(mechanism).publication_lag_days)
    day = _next_month(after or began.date())
    while True:
        counted_at = datetime.combine(day, time(), UTC) - lag
        if counted_at > began:
            yield Planned(day, counted_at)
        day = _next_month(day)


def next_edition(mechanism: Mechanism, after: date | None) -> Planned:
    return next(planned_editions(mechanism, after))


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
