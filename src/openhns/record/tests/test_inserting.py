"""Rows that are inserted in bulk stand in the table as the ORM would have written them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, models, transaction

from openhns.record.inserting import MANY, insert
from openhns.record.models import Log

pytestmark = pytest.mark.django_db
# An hour that this zone has twice: the two moments are equal to Python, and are not the same.
_FIRST = datetime(2025, 10, 26, 2, 30, tzinfo=ZoneInfo("Europe/Vienna"))


class _Word(models.TextChoices):
    ONE = "one", "first"


def _log(number: int, started_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> Log:
    return Log(
        id=uuid4(),
        name=f"log {number}",
        origin=f"openhns.localhost/{number}",
        verifier_key="",
        root=bytes([number % 256]) * 32,
        size=number,
        folder=f"logs/{number}",
        started_at=started_at,
    )


def test_many_rows_are_read_back_as_they_were_given() -> None:
    rows = [_log(number) for number in range(MANY * 25)]
    insert(rows)
    found = Log.objects.in_bulk()
    for row in rows:
        kept = found[row.id]
        assert (kept.name, kept.size, bytes(kept.root)) == (row.name, row.size, row.root)
        assert kept.started_at == row.started_at


def test_the_hour_that_a_zone_has_twice_is_two_hours() -> None:
    rows = [_log(number, _FIRST.replace(fold=number % 2)) for number in range(MANY)]
    insert(rows)
    kept = Log.objects.in_bulk()
    first, second = (kept[row.id].started_at for row in rows[:2])
    assert second - first == timedelta(hours=1)


def test_a_choice_is_written_by_its_value() -> None:
    rows = [_log(number) for number in range(MANY)]
    rows[0].name = _Word.ONE
    insert(rows)
    assert Log.objects.get(id=rows[0].id).name == "one"


def test_a_row_that_stands_already_is_refused_by_the_name_that_callers_know() -> None:
    rows = [_log(number) for number in range(MANY)]
    rows[-1].name = rows[0].name
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(rows)
    assert not Log.objects.exists()
