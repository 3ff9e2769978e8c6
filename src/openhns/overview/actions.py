"""The one thing that this room writes: editions, on their days."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from openhns.incidents.access import published_incidents
from openhns.jobs.actions import enqueue
from openhns.jobs.models import DueWork
from openhns.mechanism.models import Mechanism
from openhns.overview.due import PUBLISH
from openhns.overview.events import OverviewEvent
from openhns.overview.models import Edition
from openhns.overview.publication.bands import Draw
from openhns.overview.publication.calendar import Planned, next_edition
from openhns.overview.publication.counting import counts_at
from openhns.overview.publication.edition_text import edition_facts
from openhns.overview.publication.tables import make_tables
from openhns.parties.access import parties_of
from openhns.record.fixed_sql import row_by_sql
from openhns.record.snapshot import one_view
from openhns.record.writing import NewEvent, find_log, write_event
from openhns.vault.rings import ring_of

_PURPOSE: Final = "publication-margin"
_DRAW_BYTES: Final = 8
_NEWEST: Final = """
    SELECT * FROM overview_edition WHERE mechanism_id = %s ORDER BY number DESC LIMIT 1
"""


def do_publish_editions(mechanism: Mechanism) -> list[Edition]:
    """Publish, one after the other, the editions whose day has come; done by the system itself."""
    made = []
    while (edition := _publish_next(mechanism)) is not None:
        made.append(edition)
    return made


def _publish_next(mechanism: Mechanism) -> Edition | None:
    planned = due_editions(mechanism, most=1)
    if not planned:
        return None
    # Counting takes seconds, and whoever writes does not wait for it.
    with one_view():
        edition = draft_edition(mechanism, planned[0])
    with transaction.atomic():
        # Two that publish at once would state two tables for one day.
        current = Mechanism.objects.select_for_update(no_key=True).get(id=mechanism.id)
        if due_editions(current, most=1) != planned:
            return None  # Another process did, and goes on.
        _keep(edition)
    return edition


def _keep(edition: Edition) -> None:
    edition.save(force_insert=True)
    event = NewEvent(
        OverviewEvent.EDITION_PUBLISHED,
        "edition",
        edition.id,
        edition_facts(edition),
        public=True,
        rows=[edition],
        actor="system",
    )
    write_event(find_log(edition.mechanism_id), event)


def do_order_editions(mechanism: Mechanism) -> None:
    """Let due work publish the editions whose day has come; ordered before, it is not again."""
    if not due_editions(mechanism, most=1):
        return
    waits = DueWork.objects.filter(
        handler=PUBLISH, subject_id=mechanism.id, state=DueWork.State.WAITING
    )
    if not waits.exists():
        enqueue(PUBLISH, mechanism.id)


def do_publish_work(mechanism_id: UUID) -> None:
    do_publish_editions(Mechanism.objects.get(id=mechanism_id))


def newest_edition(mechanism: Mechanism) -> Edition | None:
    return row_by_sql(Edition, _NEWEST, mechanism.id)


def due_editions(mechanism: Mechanism, *, most: int = 1_000) -> list[Planned]:
    """Return the editions whose day has come and that were not published yet, oldest first."""
    newest = Edition.objects.filter(mechanism=mechanism).order_by("-number")
    after = newest.values_list("day", flat=True).first()
    return _due(mechanism, after, timezone.now(), most)


def _due(mechanism: Mechanism, after: date | None, now: datetime, most: int) -> list[Planned]:
    found: list[Planned] = []
    planned = next_edition(mechanism, after)
    while planned.day <= now.date() and len(found) < most:
        found.append(planned)
        planned = next_edition(mechanism, planned.day)
    return found


def draft_edition(mechanism: Mechanism, planned: Planned) -> Edition:
    """Return an edition as it would be published next; nothing is saved."""
    before = newest_edition(mechanism)
    number = before.number + 1 if before else 1
    counts = counts_at(mechanism, planned.counted_at)
    margins = Margins(mechanism)
    tables = make_tables(counts, before.tables if before else {}, number, margins.draw_for)
    return Edition(
        mechanism=mechanism,
        number=number,
        day=planned.day,
        counted_at=planned.counted_at,
        made_at=timezone.now(),
        parties=[
            {"id": str(party.id), "name": party.name}
            for party in parties_of(mechanism)
            if party.id in counts.parties
        ],
        tables=tables,
        incidents=_incidents(mechanism, planned.day),
    )


@dataclass(frozen=True, slots=True)
class Margins:
    """The secret draws of a mechanism: a keyed hash of table, row and what is drawn."""

    mechanism: Mechanism

    def draw_for(self, table: str, row: str) -> Draw:
        ring = ring_of(self.mechanism.id)

        def draw(label: str) -> Fraction:
            hashed = ring.keyed_hash(_PURPOSE, f"{table}|{row}|{label}")
            return Fraction(int.from_bytes(hashed[:_DRAW_BYTES]), 2 ** (8 * _DRAW_BYTES))

        return draw


def _incidents(mechanism: Mechanism, day: date) -> list[dict[str, Any]]:
    """Return what organisations agreed to before the edition's day: exact, and by consent."""
    return [
        {
            "incident": str(item.incident_id),
            "country": item.country,
            "admin1": item.admin1,
            "day_from": None if item.day_from is None else item.day_from.isoformat(),
            "day_until": item.day_until.isoformat(),
            "notified": [{"party": name, "word": word} for name, word in item.notified.items()],
        }
        for item in published_incidents(mechanism)
        if item.agreed_at.date() < day
    ]
