"""What the public needs of a log to check proofs: checkpoint, key, policy, the tiles' address."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from openhns.mechanism.models import Mechanism
from openhns.record.actions import FIRST_FOLDER
from openhns.record.guard import folder_of
from openhns.record.models import Log, Tick
from openhns.record.writing import find_log
from openhns.tlog import policy
from openhns.tlog.checkpoint import read_checkpoint
from openhns.tlog.note import VerifierKey


@dataclass(frozen=True, slots=True)
class LogShown:
    """A published log. `text` and what follows from it are None before the first checkpoint."""

    origin: str
    verifier_key: str
    fingerprint: str
    url: str
    text: str | None
    size: int
    root: str
    made_at: datetime | None


def log_shown(mechanism: Mechanism) -> LogShown:
    log = find_log(mechanism.id)
    text = folder_of(log).read_checkpoint()
    checkpoint = None if text is None else read_checkpoint(text)
    size = checkpoint.size if checkpoint else 0
    made = Tick.objects.filter(log=log, size=size).values_list("made_at", flat=True).first()
    return LogShown(
        origin=log.origin,
        verifier_key=log.verifier_key,
        fingerprint=key_fingerprint(log),
        url=log_url(log),
        text=text,
        size=size,
        root=checkpoint.root.hex() if checkpoint else "",
        made_at=made,
    )


def key_fingerprint(log: Log) -> str:
    """Return the SHA-256 of the log's public key, as `openhns verify` prints it."""
    return hashlib.sha256(VerifierKey.parse(log.verifier_key).public_key).hexdigest()


def log_url(log: Log) -> str:
    """Return the address below which the log's files are, to the last slash."""
    named = {} if log.folder == FIRST_FOLDER else {"log": log.name}
    view = "overview-named-log" if named else "overview-log"
    return reverse(view, kwargs={**named, "name": "checkpoint"}).removesuffix("checkpoint")


def policy_text(mechanism: Mechanism) -> str:
    """Return the C2SP policy that trusts this log, as `openhns log policy` prints it."""
    log = find_log(mechanism.id)
    return str(policy.Policy(logs=(policy.Log(VerifierKey.parse(log.verifier_key)),)))
