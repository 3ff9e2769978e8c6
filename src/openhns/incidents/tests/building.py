"""A party that was told of places at a stated time, and reports of attacks, for these tests."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from openhns.incidents.actions import Report, Reported, do_report
from openhns.incidents.models import Incident
from openhns.notices.models import Notice, Transmission
from openhns.notices.tests.building import add_listing, site_facts, transmit
from openhns.parties.models import Party
from openhns.registry.models import Listing
from openhns.testing_world import World

GAO = (162_716_000, -446_000)
GAO_TEXT = "16.2716, -0.0446"
TOLD = datetime(2026, 3, 1, 12, tzinfo=UTC)
STRUCK = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)


def told(
    world: World,
    grades: Mapping[Party, str],
    at: datetime = TOLD,
    **facts: Any,
) -> Listing:
    """Register a hospital at Gao and tell parties of it, as if it had been sent at that time."""
    listing = add_listing(world, site_facts("Hôpital de Gao", **facts), grades)
    send(world, at)
    return listing


def send(world: World, at: datetime) -> None:
    """Transmit what is due; then date it back, which only a test can do."""
    before = set(Transmission.objects.values_list("id", flat=True))
    transmit(world)
    made = Transmission.objects.exclude(id__in=before)
    assert made.exists()
    made.update(transmitted_at=at, prepared_at=at)
    # In the vicinity an alert begins on the day on which it is made.
    told = Notice.objects.filter(transmission__in=made, grade="vicinity", valid_from__gt=at)
    told.filter(valid_from__lte=timezone.now()).update(valid_from=at)


def report(
    world: World,
    position: str | None = GAO_TEXT,
    precision_m: int | None = 20,
    *,
    start: datetime | None = STRUCK,
    end: datetime = STRUCK + timedelta(minutes=2),
    incident: Incident | None = None,
    key: str | None = None,
    **facts: Any,
) -> Reported:
    """Report an attack on the hospital at Gao by hand."""
    given = {"words": "The emergency ward was hit.", "source": "A nurse", **facts}
    said = Report(start=start, end=end, position=position, precision_m=precision_m, **given)
    return do_report(
        said,
        mechanism=world.mechanism,
        acting_user=world.bob,
        incident=incident,
        idempotency_key=key,
    )
