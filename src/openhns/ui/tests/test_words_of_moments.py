"""A moment and a day read in the page's language and zone, however often they were shown."""

from datetime import UTC, datetime, timedelta, timezone

from django.utils import timezone as zones
from django.utils import translation

from openhns.ui.templatetags.ui import day, moment

NOON = datetime(2026, 1, 31, 12, 5, 59, tzinfo=UTC)
EAST = timezone(timedelta(hours=14), "East")


def test_a_moment_is_shown_in_the_language_of_the_page() -> None:
    for _ in range(2):
        with translation.override("en"):
            assert "31 January 2026, 12:05" in moment(NOON)
            assert "31 January 2026" in day(NOON)
        with translation.override("ar"):
            assert "January" not in moment(NOON)
            assert "January" not in day(NOON)


def test_a_moment_is_shown_in_the_zone_of_the_page() -> None:
    for _ in range(2):
        with translation.override("en"):
            assert "12:05 UTC" in moment(NOON)
            with zones.override(EAST):
                assert "1 February 2026, 02:05 East" in moment(NOON)
                assert "1 February 2026" in day(NOON)
