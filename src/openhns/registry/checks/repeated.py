"""`identifier-once` and `repeated-row`: one sheet says each thing once."""

from dataclasses import dataclass, field
from typing import Final

from openhns.geodesy.position import Position
from openhns.registry.checks.finding import Finding, Verdict, passed
from openhns.registry.drafts import Draft
from openhns.registry.texts import fold_identifier

IDENTIFIER: Final = "identifier-once"
ROW: Final = "repeated-row"


@dataclass(slots=True)
class Rows:
    """The rows of a sheet that were not refused so far: by identifier, and by name and position.

    A refused row takes no identifier, so that a good row after it is not lost with it.
    """

    by_identifier: dict[str, int] = field(default_factory=dict)
    by_place: dict[tuple[str, Position], int] = field(default_factory=dict)

    def take(self, draft: Draft) -> None:
        reading = draft.spots[0].reading
        if draft.row is None or reading is None:
            return
        self.by_place.setdefault((_name_key(draft), reading.position), draft.row)
        if draft.own_id:
            self.by_identifier.setdefault(fold_identifier(draft.own_id), draft.row)


def identifier_once(draft: Draft, rows: Rows) -> Finding:
    """Fail where an earlier row of the same sheet bears the same identifier."""
    first = rows.by_identifier.get(fold_identifier(draft.own_id)) if draft.own_id else None
    if first is None:
        return passed(IDENTIFIER, "identifier")
    words = f"Row {first} bears the same identifier and was taken: one of the two must go."
    return Finding(IDENTIFIER, Verdict.FAIL, "identifier", words, {"row": first})


def repeated_row(draft: Draft, rows: Rows) -> Finding:
    """Warn where an earlier row of the same sheet has the same name at the same position."""
    reading = draft.spots[0].reading
    first = rows.by_place.get((_name_key(draft), reading.position)) if reading else None
    if first is None:
        return passed(ROW, "name")
    words = f"Row {first} has the same name at the same position: is this one site or two?"
    return Finding(ROW, Verdict.WARN, "name", words, {"row": first})


def _name_key(draft: Draft) -> str:
    return str(draft.content.get("name", "")).casefold()
