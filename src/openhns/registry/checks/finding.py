"""What a check says."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 - a verdict, not a password.
    NOT_CHECKED = "not checked"
    WARN = "warn"
    FAIL = "fail"


_RANK: Final = {verdict: rank for rank, verdict in enumerate(Verdict)}
PASSING: Final = (Verdict.PASS, Verdict.NOT_CHECKED)
_READING: Final = ("required-fields", "position-parses")


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's answer about one field, in words that a field officer understands.

    `field` is "" where the whole submission is meant. `evidence` holds texts and integers:
    distances in metres, positions in 1e-7 degree. With `reviewers_only` it is never shown to
    an organisation.
    """

    name: str
    verdict: Verdict
    field: str = ""
    words: str = ""
    evidence: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    reviewers_only: bool = False

    @property
    def sentence(self) -> str:
        """Return the check's name and its words; a check that did not run says that first."""
        said = f"{self.verdict}: " if self.verdict == Verdict.NOT_CHECKED else ""
        return f"{self.name}: {said}{self.words}"

    def to_json(self) -> dict[str, Any]:
        """Return the finding as it is kept and shown; absent facts are absent members."""
        found = {"name": self.name, "verdict": str(self.verdict)}
        more = {
            "field": self.field,
            "words": self.words,
            "evidence": dict(self.evidence),
            "reviewers_only": self.reviewers_only,
        }
        return found | {name: value for name, value in more.items() if value}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Finding":
        return cls(**{**value, "verdict": Verdict(value["verdict"])})


@lru_cache(maxsize=256)
def passed(name: str, field: str) -> Finding:
    return Finding(name, Verdict.PASS, field)


@lru_cache(maxsize=256)
def not_checked(name: str, field: str, why: str) -> Finding:
    return Finding(name, Verdict.NOT_CHECKED, field, why)


def worth_telling(findings: Iterable[Finding]) -> list[Finding]:
    """Leave out what passed, and "not checked" where a field was not read at all: that is told."""
    found = list(findings)
    unread = {f.field for f in found if f.verdict == Verdict.FAIL and f.name in _READING}
    return [
        item
        for item in found
        if item.verdict not in PASSING
        or (item.verdict == Verdict.NOT_CHECKED and item.field not in unread)
    ]


def worst(findings: Iterable[Finding]) -> Verdict:
    """Return the gravest verdict that a submitter may know of."""
    shown = (finding.verdict for finding in findings if not finding.reviewers_only)
    return max(shown, key=_RANK.__getitem__, default=Verdict.PASS)
