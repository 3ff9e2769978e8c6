"""One writer of events, or of the same rows without a log; waits for a line, then writes."""

import argparse
import os
import secrets
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import django
from django.db import transaction
from django.utils import timezone

if TYPE_CHECKING:
    from openhns.record.models import Log
    from openhns.record.writing import NewEvent

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
    _warm_up(args.mode, args.log)
    print("ready", flush=True)
    sys.stdin.readline()
    work()
    print("done", flush=True)


def _warm_up(mode: str, log_id: UUID) -> None:
    """Import, connect and unwrap keys, as a server has done long before it writes."""
    with transaction.atomic():
        _work(mode.removeprefix("bulk-"), 1, log_id)()
        transaction.set_rollback(True)


def _work(mode: str, count: int, log_id: UUID) -> Callable[[], None]:
    if mode == "logged":
        return lambda: _one_by_one(count, lambda: _logged(log_id))
    if mode == "bare":
        return lambda: _one_by_one(count, lambda: _bare(log_id))
    if mode == "bulk-logged":
        return lambda: _one_by_one(1, lambda: _logged_in_bulk(log_id, count))
    return lambda: _one_by_one(1, lambda: _bare_in_bulk(log_id, count))


def _one_by_one(count: int, write: Callable[[], None]) -> None:
    for _ in range(count):
        with transaction.atomic():
            write()


def _logged(log_id: UUID) -> None:
    from openhns.record.writing import write_event  # noqa: PLC0415 - Django is set up first.

    write_event(_log(log_id), _new_event())


def _logged_in_bulk(log_id: UUID, count: int) -> None:
    from openhns.record.writing import write_events  # noqa: PLC0415 - Django is set up first.

    write_events(_log(log_id), (_new_event() for _ in range(count)))


def _log(log_id: UUID) -> "Log":
    from openhns.record.models import Log  # noqa: PLC0415 - Django is set up first.

    return Log(id=log_id, origin="openhns.localhost/bench")


def _new_event() -> "NewEvent":
    from openhns.record.names import LogEvent  # noqa: PLC0415 - Django is set up first.
    from openhns.record.writing import NewEvent  # noqa: PLC0415

    return NewEvent(LogEvent.STARTED, "benchmark", uuid4(), {"words": WORDS})


def _bare(log_id: UUID) -> None:
    from openhns.record.models import Event  # noqa: PLC0415 - Django is set up first.

    Event(**_columns(log_id)).save(force_insert=True)


def _bare_in_bulk(log_id: UUID, count: int) -> None:
    from openhns.record.inserting import insert_values  # noqa: PLC0415 - Django is set up first.
    from openhns.record.models import Event  # noqa: PLC0415

    names = tuple(_columns(log_id))
    insert_values(Event, names, (tuple(_columns(log_id).values()) for _ in range(count)))


def _columns(log_id: UUID) -> dict[str, Any]:
    """Return an event's row as it is written, of the same size, without an event inside."""
    return {
        "id": uuid4(),
        "scope": log_id,
        "log_id": log_id,
        "name": "log:started",
        "subject_type": "benchmark",
        "subject_id": uuid4(),
        "audience": None,
        "public": False,
        "happened_at": timezone.now(),
        "entry": secrets.token_bytes(54),
        "sealed": secrets.token_bytes(1025),
    }


if __name__ == "__main__":
    main()
