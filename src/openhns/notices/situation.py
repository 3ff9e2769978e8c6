"""What is compared when notices are prepared, and the change that comes of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from openhns.notices.grades import Facts, Validity
from openhns.notices.models import Notice
from openhns.notices.told import Told
from openhns.notices.wanted import OpenedVersions, Wants
from openhns.proofs import jws

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One notice that is to be made. `listing_id` and `version_id` are None for a district."""

    kind: str
    grade: str
    reference: UUID
    listing_id: UUID | None
    version_id: UUID | None
    subject: str
    content: Facts
    validity: Validity
    verification: Facts
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What was told, what is wanted, and the moment at which they are compared."""

    told: list[Told]
    wants: Wants
    versions: OpenedVersions
    moment: datetime


def payloads_of(notice_ids: Iterable[UUID]) -> dict[UUID, Any]:
    """Return the payload of each notice, from the bytes that were signed."""
    wanted = list(notice_ids)
    found: dict[UUID, Any] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Notice.objects.filter(id__in=wanted[start : start + _AT_ONCE])
        found.update({row.id: jws.read(row.jws).payload for row in rows})
    return found
