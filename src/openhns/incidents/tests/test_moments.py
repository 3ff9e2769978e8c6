"""When an attack was: every date is widened by what it leaves open, and never narrowed."""

from datetime import UTC, date, datetime, time

import pytest

from openhns.incidents import moments, openings
from openhns.incidents.errors import MomentUnreadable


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


DAY = (utc(2023, 4, 29, 10), utc(2023, 5, 1, 12))
MONTH = (utc(2023, 11, 30, 10), utc(2024, 1, 1, 12))


@pytest.mark.parametrize(
    ("cell", "span", "form"),
    [
        (date(2023, 4, 30), DAY, "day"),
        (datetime(2023, 4, 30), DAY, "day"),  # noqa: DTZ001 - as a sheet gives it.
        ("2023-04-30", DAY, "day"),
        ("2023-04-30T00:00:00.000Z", DAY, "day"),
        ("30 April 2023", DAY, "day"),
        ("30th April, 2023", DAY, "day"),
        ("April 30, 2023", DAY, "day"),
        ("30 avril 2023", DAY, "day"),
        ("30/04/2023", DAY, "day"),
        ("04/30/2023", DAY, "day"),
        ("December 2023", MONTH, "month"),
        ("décembre 2023", MONTH, "month"),
        ("2023 December", MONTH, "month"),
        ("2023-12", MONTH, "month"),
        ("2023", (utc(2022, 12, 31, 10), utc(2024, 1, 1, 12)), "year"),
        ("2023-04-30T17:30+03:00", (utc(2023, 4, 30, 14, 30),) * 2, "instant"),
        ("2023-04-30 17:30", (utc(2023, 4, 30, 3, 30), utc(2023, 5, 1, 5, 31)), "minute"),
        ("03/04/2023", (utc(2023, 3, 3, 10), utc(2023, 4, 4, 12)), "days"),
    ],
)
def test_a_date_becomes_the_interval_that_it_leaves_open(
    cell: object, span: tuple[datetime, datetime], form: str
) -> None:
    found = moments.read_moment(cell)

    assert (found.start, found.end) == span
    assert found.form == form


@pytest.mark.parametrize(
    "cell",
    ["", "soon", "30 Floréal 2023", "31/02/2023", "13/13/2023", "2023-13-01", "0004-01-01",
     "2023-04-30T25:00", 45_000.0, True, "9" * 400],
)  # fmt: skip
def test_what_is_no_date_is_refused_and_never_repeated(cell: object) -> None:
    with pytest.raises(MomentUnreadable) as refused:
        moments.read_moment(cell)
    assert str(cell) not in str(refused.value) or not str(cell)


@pytest.mark.parametrize(
    ("cell", "clock"),
    [("17:30", time(17, 30)), ("17h30", time(17, 30)), (time(5), time(5)), ("noon", None)],
)
def test_a_time_of_day_is_read_or_left_open(cell: object, clock: time | None) -> None:
    assert moments.read_clock(cell) == clock


@pytest.mark.parametrize(
    ("words", "noticed", "span"),
    [
        ("30 April 2023: A ward was hit.", "", DAY),
        ("April 2023: A ward was hit.", "", DAY),
        ("A ward was hit.", "", DAY),
        ("22 April 2023: A ward was hit.", "dates_differ", (utc(2023, 4, 21, 10), DAY[1])),
        ("May 2022: A ward was hit.", "dates_differ", (utc(2022, 4, 30, 10), DAY[1])),
        ("As reported on 30 April 2023: x", "reported_date", (None, DAY[1])),
        ("As reported on, 4 May 2023: x", "reported_date", (None, utc(2023, 5, 5, 12))),
        ("Around 30 April 2023: x", "rough_date", (utc(2023, 4, 22, 10), utc(2023, 5, 8, 12))),
        ("Between 28 and 30 April 2023: x", "rough_date", (utc(2023, 4, 27, 10), DAY[1])),
    ],
)
def test_the_description_widens_the_date_and_never_narrows_it(
    words: str, noticed: str, span: tuple[datetime | None, datetime]
) -> None:
    found = openings.reconcile(moments.of_day(date(2023, 4, 30)), words)

    assert found.noticed == noticed
    assert (found.moment.start, found.moment.end) == span
