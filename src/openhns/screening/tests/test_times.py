from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhns.screening.times import Interval, IntervalError, interval_of

MIDNIGHT = datetime(2019, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2019-05-05T14:30:00Z", timedelta(hours=14.5), timedelta(hours=14.5)),
        ("2019-05-05T14:30+03:00", timedelta(hours=11.5), timedelta(hours=11.5)),
        ("2019-05-05T14:30", timedelta(hours=0.5), timedelta(hours=26.5)),
        ("2019-05-05", timedelta(hours=-14), timedelta(hours=36)),
        ("2019-05-05/2019-05-06", timedelta(hours=-14), timedelta(hours=60)),
        ("2019-05-05T12:00Z/2019-05-05T13:00Z", timedelta(hours=12), timedelta(hours=13)),
    ],
)
def test_a_time_is_as_wide_as_what_it_leaves_open(
    text: str, start: timedelta, end: timedelta
) -> None:
    assert interval_of(text) == Interval(MIDNIGHT + start, MIDNIGHT + end)


@pytest.mark.parametrize("text", ["", "yesterday", "2019-13-01", "05/05/2019", "2019-05-05/", "/"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(IntervalError) as caught:
        interval_of(text)
    assert caught.value.code == "unreadable"


def test_an_interval_runs_forward_between_moments_with_a_zone() -> None:
    with pytest.raises(IntervalError, match="ends before"):
        Interval(MIDNIGHT, MIDNIGHT - timedelta(seconds=1))
    with pytest.raises(IntervalError, match="zone"):
        Interval(MIDNIGHT.replace(tzinfo=None), None)


@given(st.text())
def test_hostile_text_gives_an_interval_or_an_interval_error(text: str) -> None:
    try:
        found = interval_of(text)
    except IntervalError:
        return
    assert isinstance(found, Interval)
