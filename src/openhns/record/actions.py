"""What other rooms ask of the record beyond writing events: begin a log, tick, publish."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from openhns.record import guard, log_key, publishing, ticking
from openhns.record.errors import RaceLost
from openhns.record.models import Event, Log
from openhns.record.names import LogEvent
from openhns.record.writing import NewEvent, find_log, write_event
from openhns.tlog.folder import Removed
from openhns.tlog.merkle import EMPTY_ROOT, Frontier

FIRST_FOLDER = "tiles"


def do_start_log(log_id: UUID, name: str, origin: str, *, smallest_tick: int = 8) -> Log:
    """Begin a log: its key, its row, its first event. Call it in the mechanism's transaction."""
    signer = log_key.make_signer(name, origin)
    folder = f"logs/{name}" if Log.objects.exists() else FIRST_FOLDER
    with transaction.atomic():
        log = Log.objects.create(
            id=log_id,
            name=name,
            origin=origin,
            verifier_key=str(signer.key),
            root=EMPTY_ROOT,
            frontier=Frontier().to_bytes(),
            smallest_tick=smallest_tick,
            folder=folder,
            started_at=timezone.now(),
        )
        body = {"origin": origin, "verifier_key": str(signer.key)}
        write_event(log, NewEvent(LogEvent.STARTED, "log", log_id, body, public=True))
    return log


def do_tick(log_id: UUID) -> int:
    """Tick once, and again while events wait; publish; return the number of ticks made.

    The database is compared with the published log first: one that was restored to an earlier
    state stops here, before it signs, and its events wait.
    """
    log = find_log(log_id)
    if guard.require_in_step(log) < log.size:
        publishing.publish(log)  # What a crash left between a tick and its publication.
    made = 0
    while True:
        made += _tick_once(log_id)
        publishing.publish(log)
        if not Event.objects.filter(log=log, leaf_index=None).exists():
            break
    return made


def _tick_once(log_id: UUID) -> int:
    try:
        ticking.make_tick(log_id)
    except RaceLost:
        return 0
    return 1


def do_publish(log_id: UUID) -> int:
    """Finish publishing what a tick committed; return the published size."""
    return publishing.publish(find_log(log_id))


def do_republish(log_id: UUID, held: str) -> int:
    """Write a lost folder again from the database; `held` is the last checkpoint anybody has."""
    return publishing.republish(find_log(log_id), held)


def do_tidy(log_id: UUID) -> Removed:
    """Remove superseded files from the published folder; the log says the same after it."""
    return publishing.tidy(find_log(log_id))
