"""`identifier-once` and `repeated-row`: one sheet says each thing once."""

from typing import Final

from openhns.registry.checks.case import Batch
from openhns.registry.checks.finding import Finding, Verdict, passed
from openhns.registry.drafts import Draft
from openhns.registry.texts import fold_identifier

IDENTIFIER: Final = "identifier-once"
ROW: Final = "repeated-row"


def identifier_once(draft: Draft, batch: Batch) -> Finding:
    """Fail where an earlier row of the same sheet bears the same identifier."""
    first = batch.identifiers.get(fold_identifier(draft.own_id)) if draft.own_id else None
    if first is None or first == draft.row:
        return passed(IDENTIFIER, "identifier")
    words = f"Row {first} bears the same identifier: one of the two cannot be right."
    return Finding(IDENTIFIER, Verdict.FAIL, "identifier", words, {"row": first})


def repeated_row(draft: Draft, batch: Batch) -> Finding:
    """Warn where an earlier row of the same sheet has the same name at the same position."""
    reading = draft.spots[0].reading
    if reading is None:
        return passed(ROW, "name")
    first = batch.seen.get((name_key(draft), reading.position))
    if first is None or first == draft.row:
        return passed(ROW, "name")
    words = f"Row {first} has the same name at the same position: is this one site or two?"
    return Finding(ROW, Verdict.WARN, "name", words, {"row": first})


def name_key(draft: Draft) -> str:
    return str(draft.content.get("name", "")).casefold()
