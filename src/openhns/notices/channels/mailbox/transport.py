"""Files in mailboxes: written whole or not at all, once, and read back.

`$OPENHNS_DATA/mailbox/<party>/<transmission>.envelopes`, and `.proofs` where a proof followed.
A file that is in place is never replaced: who runs again after a crash finds it and reads it.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from openhns.notices.channels.mailbox.form import Addressed, frames, read_frames
from openhns.notices.errors import MailboxAhead, MailboxDamaged, MailboxUnwritable
from openhns.notices.models import Transmission
from openhns.parties.models import Party
from openhns.vault.rings import ring_of

ENVELOPES: Final = "envelopes"
PROOFS: Final = "proofs"
_FOLDER: Final = "mailbox"
_TEMPORARY: Final = ".tmp"
_PRIVATE_FOLDER: Final = 0o700
_PRIVATE_FILE: Final = 0o600


def folder_of(party_id: UUID) -> Path:
    return Path(settings.OPENHNS_DATA) / _FOLDER / str(party_id)


def file_of(transmission: Transmission, kind: str = ENVELOPES) -> Path:
    return folder_of(transmission.party_id) / f"{transmission.id}.{kind}"


def put(transmission: Transmission, envelopes: Iterable[Addressed], kind: str = ENVELOPES) -> str:
    """Put a transmission's envelopes in place; return the SHA-256 of the file that lies there.

    If another process was first, its file stays. Raises MailboxUnwritable, and then nothing
    lies there that did not before.
    """
    path = file_of(transmission, kind)
    try:
        _make_folder(path.parent)
        _write_once(path, frames(ring_of(transmission.mechanism_id), envelopes))
        _clear_leftovers(path)
    except OSError as error:
        raise MailboxUnwritable(
            f"The mailbox file {path.name} could not be written ({type(error).__name__}: "
            f"{error.strerror}). Nothing was sent; run the same command again."
        ) from None
    return sha256_of(path)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(transmission: Transmission, kind: str = ENVELOPES) -> Iterator[Addressed]:
    """Yield the envelopes as they lie in the mailbox; raise MailboxDamaged."""
    path = file_of(transmission, kind)
    try:
        file = path.open("rb")
    except OSError as error:
        raise MailboxDamaged(
            f"The mailbox file {path.name} cannot be read ({type(error).__name__}): the folder "
            "mailbox/ belongs to the data folder and must be restored with it."
        ) from None
    with file:
        yield from read_frames(ring_of(transmission.mechanism_id), file)


def require_in_step(party: Party) -> None:
    """Raise MailboxAhead if a transmission lies here that the database knows nothing of."""
    known = set(Transmission.objects.filter(party=party).values_list("id", flat=True))
    for identifier in _lying_in(folder_of(party.id)):
        if identifier not in known:
            raise MailboxAhead(
                f"The mailbox of {party.name} holds transmission {identifier}, which this "
                "database never made: it was restored to an earlier state. Nothing was numbered. "
                "Restore the newest backup; its numbers must not be used twice."
            )


def _lying_in(folder: Path) -> Iterator[UUID]:
    for path in folder.glob(f"*.{ENVELOPES}"):
        with suppress(ValueError):
            yield UUID(path.stem)


def _make_folder(folder: Path) -> None:
    for path in (folder.parent, folder):
        if not path.is_dir():
            path.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
            _sync_folder(path.parent)


def _clear_leftovers(path: Path) -> None:
    """Remove what a writer of this file left behind when it was killed."""
    for leftover in path.parent.glob(f".{path.name}.*{_TEMPORARY}"):
        leftover.unlink(missing_ok=True)


def _write_once(path: Path, pieces: Iterable[bytes]) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}{_TEMPORARY}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        # A link fails where the name is taken; a rename would replace what was sent already.
        try:
            path.hardlink_to(draft)
        except (FileExistsError, FileNotFoundError):  # Another process was first, and tidied up.
            if not path.exists():
                raise
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
