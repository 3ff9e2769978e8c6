"""The key that signs a log's checkpoints: a file of its own, for the owner alone."""

import base64
import binascii
from pathlib import Path

from django.conf import settings

from openhns.record.errors import LogKeyUnusable
from openhns.record.models import Log
from openhns.sealing.keys import write_key_file
from openhns.tlog import ed25519
from openhns.tlog.note import Signer


def key_path(name: str) -> Path:
    return Path(settings.OPENHNS_DATA) / "keys" / f"log-{name}.key"


def make_signer(name: str, origin: str) -> Signer:
    """Make the log's key; an existing file is an error, for two logs never share a key."""
    seed = ed25519.generate_seed()
    try:
        write_key_file(key_path(name), seed)
    except FileExistsError:
        raise LogKeyUnusable(
            f"{key_path(name).name} exists already in the keys folder: a log of this name was "
            "begun before. Choose another name, or move the old key away if it is of no use."
        ) from None
    return Signer(origin, seed)


def signer_of(log: Log) -> Signer:
    """Return the log's signer; raise LogKeyUnusable unless its key is the log's own."""
    path = key_path(log.name)
    try:
        seed = base64.b64decode(path.read_text("ascii").strip(), validate=True)
        signer = Signer(log.origin, seed)
    except (OSError, ValueError, binascii.Error) as error:
        raise LogKeyUnusable(
            f"The log's key {path.name} cannot be read ({type(error).__name__}): put the file "
            "back into the keys folder. Nothing was signed; events wait and are not lost."
        ) from None
    if str(signer.key) != log.verifier_key:
        raise LogKeyUnusable(
            f"The key in {path.name} is not the one this log was begun with. Nothing was signed."
        )
    return signer
