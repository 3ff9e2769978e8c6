"""The presence grade: how many sites lie in a district, in bands, and never which.

A notice is made only when the band of what this party was told for a district changes.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from openhns.notices.grades import Validity, band_of, disclose_presence, told_verification
from openhns.notices.models import Notice
from openhns.notices.situation import Change, Situation, payloads_of
from openhns.proofs.marks import composed
from openhns.registry.models.consent import Grade

# A district's name is a free text of the organisation's sheet. One that holds digits or is long
# might be an address: then the country alone is told.
_LONGEST_NAME: Final = 40
_NAME: Final = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")  # noqa: RUF001 - French names.


@dataclass(frozen=True, slots=True)
class District:
    """What is counted together: sites or movements of one district; no name: of the country."""

    subject: str
    country: str
    name: str = ""

    def as_told(self) -> dict[str, str]:
        told = {"country": self.country, "admin1": self.name}
        return {key: value for key, value in told.items() if value}


def district_of(content: Mapping[str, Any], subject: str) -> District:
    """Return the district of a version's content; a movement is counted by its country."""
    name = composed(" ".join(str(content.get("admin1") or "").split()))
    fit = len(name) <= _LONGEST_NAME and _NAME.fullmatch(name)
    return District(subject, str(content.get("country") or ""), name.title() if fit else "")


def changes_of_districts(situation: Situation) -> Iterator[Change]:
    """Yield a change for each district of which the party is to be told another band."""
    if situation.wants.counts_rest:
        return
    told = _told_bands(situation)
    counts = _counts(situation)
    for district in told.keys() | counts.keys():
        reference, old = told.get(district, (uuid4(), None))
        new = band_of(counts[district])
        if old != new:
            yield _change(situation, district, reference, old, new)


def _told_bands(situation: Situation) -> dict[District, tuple[UUID, str | None]]:
    districts = {item.notice_id: item for item in situation.told if item.listing_id is None}
    bands: dict[District, tuple[UUID, str | None]] = {}
    for notice_id, payload in payloads_of(districts).items():
        told = payload["content"]["district"]
        district = District(
            payload["subject"]["kind"], told.get("country", ""), told.get("admin1", "")
        )
        bands[district] = districts[notice_id].reference, payload["content"]["band"]
    return bands


def _counts(situation: Situation) -> Counter[District]:
    counted = [w for w in situation.wants.told.values() if w.grade == Grade.PRESENCE]
    situation.versions.load({wanted.version_id for wanted in counted})
    return Counter(
        district_of(situation.versions[wanted.version_id].content, wanted.kind)
        for wanted in counted
    )


def _change(
    situation: Situation, district: District, reference: UUID, old: str | None, new: str | None
) -> Change:
    kinds = {(True, False): Notice.Kind.ALERT, (False, True): Notice.Kind.CANCEL}
    return Change(
        kind=kinds.get((old is None, new is None), Notice.Kind.UPDATE),
        grade=Grade.PRESENCE,
        reference=reference,
        listing_id=None,
        version_id=None,
        subject=district.subject,
        content=disclose_presence(district.as_told(), new),
        validity=Validity(situation.moment, None),
        verification=told_verification({}, Grade.PRESENCE),
    )
