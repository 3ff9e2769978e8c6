"""What a row of a file of incidents becomes: a claim to be recorded, or a reasoned refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from openhns.geodesy.position import Position
from openhns.incidents.moments import Moment
from openhns.record.rows import timestamp

Verdict = Literal["accepted", "warned", "refused"]
Plain = str | bool | None
"""A cell as it is kept: a number is the text that a person would write."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was noticed in a row: a stable code, the field it is about, words for a person."""

    code: str
    field: str
    words: str
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """Where a source places an attack; `radius_m` None where nothing bounds it."""

    position: Position | None
    radius_m: int | None
    precision_words: str
    country: str | None


@dataclass(frozen=True, slots=True)
class Draft:
    """One row as it was read. `identifier` is the source's own, or "" where it gives none.

    `digest` is of all cells, by which the same row is known again.
    """

    row: int
    source: str
    identifier: str
    verbatim: Sequence[tuple[str, Plain]]
    digest: str
    words: str
    facts: Mapping[str, str]
    where: Where
    when: Moment | None
    findings: Sequence[Finding] = field(default=())

    @property
    def verdict(self) -> Verdict:
        if any(finding.refuses for finding in self.findings):
            return "refused"
        return "warned" if self.findings else "accepted"


def claim_content(draft: Draft, origin: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sealed content of a claim; `origin` says how it came to us.

    The reported perpetrator stands under a name that says that a source reported it.
    """
    when, where = draft.when, draft.where
    return {
        "source": draft.source,
        "source_id": draft.identifier or None,
        "verbatim": [list(pair) for pair in draft.verbatim],
        "words": draft.words,
        "facts": {name: text for name, text in draft.facts.items() if text},
        "country": where.country,
        "position": position_value(where.position),
        "precision_m": where.radius_m,
        "precision_words": where.precision_words,
        "from": timestamp(when.start) if when and when.start else None,
        "until": timestamp(when.end) if when else None,
        "time_form": when.form if when else None,
        "findings": [finding.code for finding in draft.findings],
        "origin": dict(origin),
    }


def position_value(position: Position | None) -> dict[str, int] | None:
    if position is None:
        return None
    return {"lat_e7": position.lat_e7, "lon_e7": position.lon_e7}
