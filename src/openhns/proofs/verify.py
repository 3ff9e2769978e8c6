"""Verify a proof file offline: the numbered steps, in their order.

 1. Form: the bytes are the canonical form of a proof file of a version that is known.
 2. Checkpoint: every entry rests on one checkpoint, signed by the log key that the file names,
    and cosigned by no key that it does not name.
 3. Inclusion: every opened event stands in the tree that the checkpoint states.
 4. Keys: the mechanism's and the parties' keys stand in the log, with proof of possession.
 5. Notices: each notice is signed by the mechanism and is the one whose hash the log holds.
 6. Transmission: the operator recorded, in the log, that the notice left for the party.
 7. Receipts: each answer is the one recorded; a signed one holds under the party's key.
 8. Subject: the file proves what it says it proves, and holds nothing beside it.
 9. Time: not before what the newest event says; an upper bound needs a time-stamp.
10. Anchor: the checkpoint is accepted by a policy that came from outside the file.

Steps 1 to 9 make a file `consistent`: it agrees with itself, and anybody could have made it.
Step 10 makes it `anchored`. The first step that fails is named, and later ones are not reached.
"""

from collections.abc import Callable

from openhns.proofs import steps, steps_receipts, steps_subject
from openhns.proofs.case import Case
from openhns.proofs.verdict import ANCHOR, Step, StepFailed, Verdict
from openhns.tlog.errors import TlogError
from openhns.tlog.policy import Policy

# A file may be built against its reader: whatever a step raises is that the step does not hold.
_FAILURES = (
    StepFailed,
    TlogError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RecursionError,
)
_STEPS: tuple[tuple[str, Callable[[Case], str]], ...] = (
    ("form", steps.check_form),
    ("checkpoint", steps.check_checkpoint),
    ("inclusion", steps.check_inclusion),
    ("keys", steps.check_keys),
    ("notices", steps.check_notices),
    ("transmission", steps.check_transmissions),
    ("receipts", steps_receipts.check_receipts),
    ("subject", steps_subject.check_subject),
    ("time", steps.check_time),
)


def verify(data: bytes, policy: Policy | None = None) -> Verdict:
    """Return the verdict on a proof file's bytes; nothing is raised for a bad file."""
    case = Case(data)
    verdict = Verdict(policy_given=policy is not None)
    for number, (name, check) in enumerate(_STEPS, start=1):
        verdict.steps.append(_run(number, name, check, case, verdict))
    verdict.steps.append(_anchor(len(_STEPS) + 1, case, verdict, policy))
    verdict.facts = case.facts if verdict.consistent else {}
    verdict.fingerprints = case.fingerprints
    return verdict


def _run(
    number: int, name: str, check: Callable[[Case], str], case: Case, verdict: Verdict
) -> Step:
    if verdict.failed:
        return Step(number, name, None, "Not reached: an earlier step does not hold.")
    try:
        return Step(number, name, holds=True, words=check(case))
    except _FAILURES as error:
        return Step(number, name, holds=False, words=_sentence(error))


def _anchor(number: int, case: Case, verdict: Verdict, policy: Policy | None) -> Step:
    if verdict.failed:
        return Step(number, ANCHOR, None, "Not reached: an earlier step does not hold.")
    if policy is None:
        words = "No policy was given: compare the fingerprints with a source that you trust."
        return Step(number, ANCHOR, None, words)
    try:
        return Step(number, ANCHOR, holds=True, words=steps.check_anchor(case, policy))
    except _FAILURES as error:
        return Step(number, ANCHOR, holds=False, words=_sentence(error))


def _sentence(error: Exception) -> str:
    if not isinstance(error, (StepFailed, TlogError, ValueError)):
        return "What the file holds has not the form that it must have."
    text = str(error)
    sentence = text[:1].upper() + text[1:]
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
