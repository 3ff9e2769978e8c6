"""The time of a test, which the test may put forward."""

from datetime import datetime, timedelta
from typing import Self

import pytest
from django.utils import timezone


class Clock:
    """Stands still until it is put forward."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    @classmethod
    def put_into(cls, monkeypatch: pytest.MonkeyPatch) -> Self:
        found = cls(timezone.now())
        monkeypatch.setattr(timezone, "now", lambda: found.now)
        return found

    def forward(self, days: int) -> None:
        self.now += timedelta(days=days)
