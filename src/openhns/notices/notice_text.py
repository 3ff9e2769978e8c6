"""The payload of a notice, as it is signed: canonical JSON of these members.

v, id, log, mechanism, party, number, previous, kind, issued, urgent, grade, subject, content,
valid, verification, legal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from openhns.mechanism.models import Mechanism
from openhns.notices.errors import GradeUnknown
from openhns.notices.grades import Validity, cell_facts
from openhns.notices.legal import legal_text
from openhns.notices.numbering import Place
from openhns.notices.situation import Change
from openhns.parties.models import Party
from openhns.proofs.canonical import canonical
from openhns.record.models import Log
from openhns.record.rows import timestamp
from openhns.registry.models.consent import Grade

NOTICE_TYPE: Final = "openhns-notice"
_VERSION: Final = 1
_CELL_MEMBERS: Final = {"category", "cell", "centre", "filler", "outline", "partition", "reach_m"}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all notices of one batch share."""

    log: str
    mechanism: str
    party: Mapping[str, str]
    issued: str
    legal: bytes

    @classmethod
    def of(cls, log: Log, mechanism: Mechanism, party: Party, moment: datetime) -> "Letterhead":
        return cls(
            log.origin,
            mechanism.slug,
            {"id": str(party.id), "name": party.name},
            timestamp(moment),
            canonical(legal_text(mechanism.languages)),
        )


def notice_text(head: Letterhead, notice_id: UUID, place: Place, change: Change) -> bytes:
    """Return the canonical payload that is signed; a district's notice names no reference.

    The members stand in their order. What many notices share, the legal text and the outline of
    a cell, is brought into canonical form once: it is most of a notice's bytes.
    """
    reference = None if change.grade == Grade.PRESENCE else str(change.reference)
    before = {
        "grade": str(change.grade),
        "id": str(notice_id),
        "issued": head.issued,
        "kind": str(change.kind),
    }
    after = {
        "log": head.log,
        "mechanism": head.mechanism,
        "number": place.number,
        "party": head.party,
        "previous": place.previous,
        "subject": {"kind": str(change.subject), "reference": reference},
        "urgent": change.urgent,
        "v": _VERSION,
        "valid": _as_json(change.validity),
        "verification": change.verification,
    }
    return b"".join(
        (
            b'{"content":',
            _content(change),
            b",",
            canonical(before)[1:-1],
            b',"legal":',
            head.legal,
            b",",
            canonical(after)[1:],
        )
    )


def _content(change: Change) -> bytes:
    cell = change.content.get("cell")
    if cell is None:
        return canonical(change.content)
    if change.content.keys() != _CELL_MEMBERS:
        raise GradeUnknown("A cell's notice holds more than the vicinity grade tells.")
    return _cell_content(cell, change.content["category"])


@lru_cache(maxsize=20_000)
def _cell_content(cell: str, category: str) -> bytes:
    return canonical(cell_facts(cell, category))


def _as_json(validity: Validity) -> dict[str, str | None]:
    end = None if validity.end is None else timestamp(validity.end)
    return {"from": timestamp(validity.start), "until": end}
