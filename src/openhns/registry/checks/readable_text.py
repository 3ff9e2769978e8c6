"""`readable-text`: no cell that is kept was damaged, computed, or holds what cannot be seen."""

from typing import Final

from openhns.registry.checks.finding import Finding, Verdict, passed
from openhns.registry.drafts import Draft

NAME: Final = "readable-text"


def readable_text(draft: Draft) -> list[Finding]:
    """Warn once for each fault of each cell; the text is kept without what cannot be seen."""
    if not draft.faults:
        return [passed(NAME, "")]
    return [
        Finding(NAME, Verdict.WARN, fault.field, f"This cell {fault.words}.", {"code": fault.code})
        for fault in draft.faults
    ]
