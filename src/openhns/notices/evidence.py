"""Letters and e-mails on file: sealed under $OPENHNS_DATA/evidence, found by identifier."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings

from openhns.notices.errors import EvidenceUnusable
from openhns.tlog.durable import write_file
from openhns.vault.rings import ring_of

LARGEST_LETTER: Final = 50 * 2**20
_FIELD: Final = "notices.evidence"
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was given: its own name and hash stand in sealed content and events alone."""

    id: UUID
    sha256: str
    name: str

    def as_json(self) -> dict[str, Any]:
        return {"id": str(self.id), "sha256": self.sha256, "name": self.name}


def evidence_path(document_id: UUID) -> Path:
    return Path(settings.OPENHNS_DATA) / "evidence" / f"{document_id}.sealed"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came through a page: its name and bytes, which never lay on disk."""

    name: str
    data: bytes = field(repr=False)


def keep_document(scope: UUID, source: Path | Upload) -> Document:
    """Seal a copy of a file; raise EvidenceUnusable. It is on disk before this returns."""
    data = _checked(source.data) if isinstance(source, Upload) else _read(source)
    document = Document(uuid4(), hashlib.sha256(data).hexdigest(), source.name[:_LONGEST_NAME])
    path = evidence_path(document.id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        write_file(path, ring_of(scope).seal(_FIELD, document.id, data))
    except OSError as error:
        raise EvidenceUnusable(
            f"The letter could not be put on file ({error.strerror}); nothing was recorded."
        ) from None
    return document


def open_document(scope: UUID, document_id: UUID) -> bytes:
    """Return a letter's bytes as they were given."""
    return ring_of(scope).open(_FIELD, document_id, evidence_path(document_id).read_bytes())


def _read(source: Path) -> bytes:
    try:
        with source.open("rb") as file:
            data = file.read(LARGEST_LETTER + 1)
    except OSError as error:
        raise EvidenceUnusable(f"The letter cannot be read: {error.strerror}.") from None
    return _checked(data)


def _checked(data: bytes) -> bytes:
    if not data or len(data) > LARGEST_LETTER:
        raise EvidenceUnusable(
            f"A letter's file holds 1 to {LARGEST_LETTER >> 20} MiB; this one holds "
            f"{'more' if data else 'nothing'}. Nothing was recorded."
        )
    return data
