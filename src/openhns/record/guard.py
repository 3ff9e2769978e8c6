"""Compare this database with the published log before anything is signed or numbered."""

from pathlib import Path

from django.conf import settings

from openhns.record.errors import LogBehind, LogForked, LogNotPublished
from openhns.record.models import Log, Tick
from openhns.tlog.checkpoint import Checkpoint, open_checkpoint
from openhns.tlog.errors import TlogError
from openhns.tlog.folder import TileFolder
from openhns.tlog.note import Verifier

_RECOVER = (
    "Nothing was signed. Bring the database to the state of the published log, or see "
    "docs/recovery.md: never delete the published log to get past this."
)


def folder_of(log: Log) -> TileFolder:
    return TileFolder(Path(settings.OPENHNS_DATA) / log.folder)


def published_checkpoint(log: Log) -> Checkpoint | None:
    """Return the checkpoint in the published folder; raise LogForked if our key did not sign it."""
    text = folder_of(log).read_checkpoint()
    return None if text is None else _opened(log, text)


def _opened(log: Log, text: str) -> Checkpoint:
    try:
        return open_checkpoint(text, [Verifier.parse(log.verifier_key)]).checkpoint
    except TlogError as error:
        raise LogForked(f"The checkpoint is not this log's: {error}. {_RECOVER}") from None


def require_holds(log: Log, text: str) -> None:
    """Raise LogForked unless this log signed the checkpoint and the database contains it."""
    held = _opened(log, text)
    if held.root != _root_at(log, held.size):
        raise LogForked(f"This database does not contain that checkpoint. {_RECOVER}")


def require_in_step(log: Log) -> int:
    """Return the published size; raise LogBehind, LogForked or LogNotPublished if not in step."""
    # The folder is read first: whatever it shows was committed to the database before.
    published = published_checkpoint(log)
    log.refresh_from_db()
    if published is None:
        return _require_never_published(log)
    if published.size > log.size:
        raise LogBehind(
            f"The published log has {published.size} entries and this database {log.size}: the "
            f"database was restored to an earlier state. {_RECOVER}"
        )
    if published.root != _root_at(log, published.size):
        raise LogForked(
            f"At {published.size} entries the published log has another root than this "
            f"database: they tell two different stories. {_RECOVER}"
        )
    return published.size


def _require_never_published(log: Log) -> int:
    # A tick is published before the next one is made, so only the very first may be unpublished.
    if log.published_size or Tick.objects.filter(log=log).count() > 1:
        raise LogNotPublished(
            f"This database published up to {log.size} entries, and the log's folder holds "
            "no checkpoint: it was lost or points elsewhere. Put the folder back; if it is truly "
            "lost, `openhns log republish` writes the same bytes again."
        )
    return 0


def _root_at(log: Log, size: int) -> bytes | None:
    root = Tick.objects.filter(log=log, size=size).values_list("root", flat=True).first()
    return None if root is None else bytes(root)
