"""What many commands do alike: for whom they act, in which mechanism, and the tick at the end."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from openhns.jobs.actions import drain
from openhns.mechanism.access import find_mechanism
from openhns.mechanism.models import Mechanism, Person
from openhns.mechanism.people import find_person, local_administrator
from openhns.record.actions import do_tick
from openhns.record.models import Event
from openhns.record.writing import find_log


class TimeNotRead(Exception):
    """A time was not written as RFC 3339."""

    code = "time_not_read"


@dataclass(frozen=True, slots=True)
class Action:
    """A command as an object, where one module holds several."""

    configure: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def mechanism_of(args: argparse.Namespace) -> Mechanism:
    """Return the mechanism that --mechanism names, or the only one."""
    return find_mechanism(args.mechanism)


def acting_user(args: argparse.Namespace) -> Person:
    """Return the person of --as or OPENHNS_AS, or else the recorded local administrator."""
    name = args.acting_as or settings.OPENHNS_AS
    return find_person(name) if name else local_administrator()


def settle(mechanism: Mechanism) -> None:
    """Do due work and tick, as a command must where no server does it."""
    drain()
    do_tick(mechanism.id)


def settle_what_is_left(mechanism: Mechanism) -> None:
    """Finish what this command, cut off an earlier time, may have left; else change nothing."""
    drain()
    log = find_log(mechanism.id)
    waits = Event.objects.filter(log=log, leaf_index=None).exists()
    if waits or log.published_size != log.size:
        do_tick(mechanism.id)


def read_time(text: str) -> datetime:
    """Read RFC 3339; a time without a zone is refused, for it could be any of many."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise TimeNotRead(
            "A time is written such as 2026-01-01T00:00Z or 2026-01-01T03:00+03:00."
        ) from None
    if moment.tzinfo is None:
        raise TimeNotRead("A time names its zone: 2026-01-01T00:00Z is midnight in UTC.")
    return moment.astimezone(UTC)
