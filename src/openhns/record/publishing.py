"""From the database to the published folder: tiles first, then the signed checkpoint."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from openhns.record.guard import folder_of, require_holds, require_in_step
from openhns.record.log_key import signer_of
from openhns.record.models import Log, Tick
from openhns.tlog.checkpoint import Checkpoint, sign_checkpoint
from openhns.tlog.folder import Removed
from openhns.tlog.tiles import parse_bundle


def publish(log: Log) -> int:
    """Publish what the database holds beyond the folder; return the published size.

    A crash at any instant leaves the last checkpoint in place and readable; the next call
    finishes. Raises the errors of `guard.require_in_step`, and tlog's TilesNotWritten.
    """
    with _one_publisher(log):
        # 1. Never sign before the published log was compared with this database.
        published = require_in_step(log)
        if published == log.size:
            return published
        # 2. The key is looked at before tiles are written, so that nothing is half done.
        signer = signer_of(log)
        # 3. Tiles: a function of the entries, so that writing them again changes nothing.
        folder = folder_of(log)
        size, root = log.size, bytes(log.root)
        folder.write(lambda start, end: entries_of(log, start, end), published, size)
        # 4. The checkpoint makes them count.
        folder.write_checkpoint(sign_checkpoint(Checkpoint(log.origin, size, root), [signer]))
        Log.objects.filter(id=log.id, published_size__lt=size).update(published_size=size)
        return size


def republish(log: Log, held: str) -> int:
    """Write a lost folder again, given the last checkpoint that anybody holds.

    Raises LogForked unless this log signed `held` and the database contains it; a folder that
    has a checkpoint is left alone.
    """
    with _one_publisher(log):
        folder = folder_of(log)
        if folder.read_checkpoint() is None:
            require_holds(log, held)
            log.refresh_from_db()
            folder.write(lambda start, end: entries_of(log, start, end), 0, log.size)
            checkpoint = Checkpoint(log.origin, log.size, bytes(log.root))
            folder.write_checkpoint(sign_checkpoint(checkpoint, [signer_of(log)]))
    return publish(log)


def tidy(log: Log) -> Removed:
    """Remove from the published folder what full tiles have superseded and killed writers left."""
    with _one_publisher(log):
        folder = folder_of(log)
        return folder.remove_superseded() + folder.remove_leftovers()


def entries_of(log: Log, start: int, end: int) -> Iterator[bytes]:
    """Yield the entries [start, end) from the ticks that added them."""
    ticks = Tick.objects.filter(log=log, size__gt=start, old_size__lt=end).order_by("number")
    for old_size, entries in ticks.values_list("old_size", "entries").iterator(chunk_size=1):
        first, last = max(start - old_size, 0), end - old_size
        yield from parse_bundle(bytes(entries))[first:last]


@contextmanager
def _one_publisher(log: Log) -> Iterator[None]:
    """Let one process at a time publish: a file's lock on one machine, the row's on PostgreSQL."""
    lock = Path(settings.OPENHNS_DATA) / "tmp" / f"publish-{log.name}.lock"
    lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with transaction.atomic():
            Log.objects.select_for_update().get(id=log.id)
            yield
