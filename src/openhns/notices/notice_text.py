"""The payload of a notice, as it is signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from openhns.mechanism.models import Mechanism
from openhns.notices.grades import Validity
from openhns.notices.legal import legal_text
from openhns.notices.numbering import Place
from openhns.notices.situation import Change
from openhns.parties.models import Party
from openhns.record.models import Log
from openhns.record.rows import timestamp
from openhns.registry.models.consent import Grade

NOTICE_TYPE: Final = "openhns-notice"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all notices of one batch share."""

    log: str
    mechanism: str
    party: Mapping[str, str]
    issued: str
    legal: Mapping[str, str]

    @classmethod
    def of(cls, log: Log, mechanism: Mechanism, party: Party, moment: datetime) -> "Letterhead":
        return cls(
            log.origin,
            mechanism.slug,
            {"id": str(party.id), "name": party.name},
            timestamp(moment),
            legal_text(mechanism.languages),
        )


def notice_payload(
    head: Letterhead, notice_id: UUID, place: Place, change: Change
) -> dict[str, Any]:
    """Return what is signed; a district's notice names no reference."""
    reference = None if change.grade == Grade.PRESENCE else str(change.reference)
    return {
        "v": _VERSION,
        "id": str(notice_id),
        "log": head.log,
        "mechanism": head.mechanism,
        "party": head.party,
        "number": place.number,
        "previous": place.previous,
        "kind": str(change.kind),
        "issued": head.issued,
        "urgent": change.urgent,
        "grade": str(change.grade),
        "subject": {"kind": str(change.subject), "reference": reference},
        "content": change.content,
        "valid": _as_json(change.validity),
        "verification": change.verification,
        "legal": head.legal,
    }


def _as_json(validity: Validity) -> dict[str, str | None]:
    end = None if validity.end is None else timestamp(validity.end)
    return {"from": timestamp(validity.start), "until": end}
