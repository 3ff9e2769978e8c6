"""One writer of events, or of the same rows without a log; waits for a line, then writes."""

import argparse
import os
import secrets
import sys
from collections.abc import Callable
from uuid import UUID, uuid4

import django
from django.db import transaction
from django.utils import timezone

WORDS = "the same length of words as a notice's event has, more or less; " * 8


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["logged", "bare", "bulk-logged", "bulk-bare"])
    parser.add_argument("count", type=int)
    parser.add_argument("log", type=UUID)
    args = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "openhns.project.settings"
    django.setup()
    work = _work(args.mode, args.count, args.log)
    print("ready", flush=True)
    sys.stdin.readline()
    work()
    print("done", flush=True)


def _work(mode: str, count: int, log_id: UUID) -> Callable[[], None]:
    if mode == "logged":
        return lambda: _one_by_one(count, lambda: _logged(log_id, 1))
    if mode == "bare":
        return lambda: _one_by_one(count, lambda: _bare(log_id, 1))
    if mode == "bulk-logged":
        return lambda: _one_by_one(1, lambda: _logged(log_id, count))
    return lambda: _one_by_one(1, lambda: _bare(log_id, count))


def _one_by_one(count: int, write: Callable[[], None]) -> None:
    for _ in range(count):
        with transaction.atomic():
            write()


def _logged(log_id: UUID, count: int) -> None:
    from openhns.record.models import Log  # noqa: PLC0415 - Django is set up first.
    from openhns.record.names import LogEvent  # noqa: PLC0415
    from openhns.record.writing import NewEvent, write_events  # noqa: PLC0415

    log = Log(id=log_id, origin="openhns.localhost/bench")
    events = (
        NewEvent(LogEvent.STARTED, "benchmark", uuid4(), {"words": WORDS}) for _ in range(count)
    )
    write_events(log, events)


def _bare(log_id: UUID, count: int) -> None:
    from openhns.record.models import Event  # noqa: PLC0415 - Django is set up first.

    now = timezone.now()
    rows = (
        Event(
            id=uuid4(),
            scope=log_id,
            log_id=log_id,
            name="log:started",
            subject_type="benchmark",
            subject_id=uuid4(),
            happened_at=now,
            entry=secrets.token_bytes(54),
            sealed=secrets.token_bytes(1025),
            leaf_index=-secrets.randbits(62),
        )
        for _ in range(count)
    )
    Event.objects.bulk_create(rows, batch_size=1_000)


if __name__ == "__main__":
    main()
