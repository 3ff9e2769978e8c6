"""What verifying a proof file comes to: numbered steps in plain words, and two verdicts."""

from dataclasses import dataclass, field
from typing import Any


class StepFailed(Exception):
    """A step of the verification does not hold; the text says why in plain words."""

    code = "proof_step_failed"


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step: what was asked, whether it holds, and what was found.

    `holds` is None where the step was not reached or could not be asked.
    """

    number: int
    name: str
    holds: bool | None
    words: str

    def as_json(self) -> dict[str, Any]:
        return {"holds": self.holds, "name": self.name, "step": self.number, "words": self.words}


@dataclass(slots=True)
class Verdict:
    """`consistent`: the file agrees with itself. `anchored`: under a policy from outside it."""

    steps: list[Step] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    policy_given: bool = False

    @property
    def consistent(self) -> bool:
        return all(step.holds for step in self.steps if step.name != ANCHOR)

    @property
    def anchored(self) -> bool:
        return self.consistent and any(s.holds for s in self.steps if s.name == ANCHOR)

    @property
    def failed(self) -> Step | None:
        return next((step for step in self.steps if step.holds is False), None)

    @property
    def word(self) -> str:
        if not self.consistent:
            return "refused"
        return "anchored" if self.anchored else "consistent"

    @property
    def answer_is_yes(self) -> bool:
        return self.anchored if self.policy_given else self.consistent

    def as_json(self) -> dict[str, Any]:
        failed = self.failed
        return {
            "anchored": self.anchored,
            "consistent": self.consistent,
            "facts": self.facts,
            "failed_step": failed.as_json() if failed else None,
            "fingerprints": self.fingerprints,
            "steps": [step.as_json() for step in self.steps],
            "verdict": self.word,
        }


ANCHOR = "anchored by the policy"
