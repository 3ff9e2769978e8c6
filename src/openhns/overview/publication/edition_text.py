"""An edition as bytes: canonical JSON, the same for everybody and for ever."""

from typing import Any

from openhns.overview.models import Edition
from openhns.proofs.canonical import canonical
from openhns.proofs.commitment import content_digest
from openhns.record.rows import timestamp


def edition_facts(edition: Edition) -> dict[str, Any]:
    """Return what the log's event says of an edition: all of it, but the incidents by digest.

    An entry of the log has 64 kB, and the list of incidents may be longer.
    """
    return {
        "edition": edition.number,
        "day": edition.day.isoformat(),
        "counted_at": timestamp(edition.counted_at),
        "parties": edition.parties,
        "tables": edition.tables,
        "incidents": {
            "count": len(edition.incidents),
            "sha256": content_digest(edition.incidents),
        },
    }


def edition_json(edition: Edition) -> bytes:
    """Return the whole edition as canonical JSON, its incidents listed."""
    listed = {"incidents": edition.incidents, "mechanism": edition.mechanism.slug}
    return canonical(edition_facts(edition) | listed)
