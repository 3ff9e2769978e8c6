"""The demonstration's clock: acts of 2019 are entered as of 2019.

The record dates an event by the operator's clock, and a replay has no other way to set it. Nothing
but the demonstration imports this, and its log is named as a demonstration's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic

from django.utils import timezone


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Let the clock begin at a moment and run from there."""
    real, began = timezone.now, monotonic()
    timezone.now = lambda: moment + timedelta(seconds=monotonic() - began)
    try:
        yield
    finally:
        timezone.now = real
