"""This is exactly what this party will be told: every notice that waits, in full."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render

from openhns.mechanism.models import Role
from openhns.mechanism.visits import Visit, page
from openhns.notices.implications import organisation_names
from openhns.notices.legal import legal_text
from openhns.notices.pages.transmission import SendForm
from openhns.notices.preview import (
    Line,
    Preview,
    as_told,
    begins_when_made,
    changes_shown,
    consented_to,
    exposure_to,
    letterhead_to,
    preview_soon,
    waiting_before,
)
from openhns.notices.shown import told_facts
from openhns.notices.situation import Change
from openhns.notices.words import KINDS, SUBJECTS, VERIFICATIONS
from openhns.parties.access import find_party, participations_now
from openhns.parties.models import Participation, Party
from openhns.parties.words import PARTICIPATION, PARTICIPATION_TONES
from openhns.registry.access import read_contents
from openhns.registry.models import Version
from openhns.registry.register import is_large
from openhns.registry.shown import Fact
from openhns.registry.words import GRADES
from openhns.ui.paging import page_of


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as it will be made. `name` and `organisation` are for the operator alone."""

    change: Change
    name: str
    organisation: str
    facts: list[Fact]
    text: str
    begins_when_made: bool


@page(Role.Name.TRANSMITTER)
def preview(visit: Visit, party: UUID) -> HttpResponse:
    """Show what a party would be told now; opening exact places is journalled."""
    found = find_party(visit.mechanism, str(party))
    status = participations_now(visit.mechanism).get(found.id, "")
    takes_part = status == Participation.Status.PARTICIPATING
    large = is_large(visit.mechanism.id)
    foreseen = preview_soon(found, large=large) if takes_part else None
    paged = page_of(visit.request, foreseen.lines if foreseen else [])
    shown = {
        "party": found,
        "status": status,
        "takes_part": takes_part,
        "foreseen": foreseen,
        "awaited": takes_part and foreseen is None,
        "counts": _counts(foreseen),
        "before": waiting_before([found]).get(found.id, 0),
        "consented": _consented(found),
        "exposure": exposure_to(visit.mechanism, found, large=large),
        "legal": legal_text(visit.mechanism.languages),
        "paged": paged.of(_told(visit, found, foreseen, paged.rows) if foreseen else []),
        "form": SendForm(initial={"key": uuid4(), "party": found.id}),
        "kinds": KINDS,
        "subjects": SUBJECTS,
        "grades": GRADES,
        "verifications": VERIFICATIONS,
        "participation": PARTICIPATION,
        "tones": PARTICIPATION_TONES,
    }
    return render(visit.request, "notices/preview.html", shown)


def _counts(foreseen: Preview | None) -> list[tuple[str, str, int]]:
    counts = foreseen.counts() if foreseen else {}
    return [
        (grade, kind, count) for grade, kinds in counts.items() for kind, count in kinds.items()
    ]


def _consented(party: Party) -> dict[str, Any]:
    found = consented_to([party])[party.id]
    return {"by_grade": found.by_grade.items(), "resting": found.resting}


def _told(visit: Visit, party: Party, foreseen: Preview, lines: Sequence[Line]) -> list[Told]:
    changes, head = changes_shown(foreseen, lines), letterhead_to(party)
    versions = _versions(lines)
    contents = read_contents(
        visit.person, visit.mechanism, list(versions.values()), "preview of what a party is told"
    )
    names = organisation_names({item.listing.organisation_id for item in versions.values()})
    return [
        Told(
            change=change,
            name=str(contents[version.id].get("name", "")) if version else "",
            organisation=names.get(str(version.listing.organisation_id), "") if version else "",
            facts=told_facts(change.content),
            text=_text(as_told(head, change)),
            begins_when_made=begins_when_made(change),
        )
        for change in changes
        for version in [versions.get(change.version_id) if change.version_id else None]
    ]


def _versions(lines: Sequence[Line]) -> dict[UUID, Version]:
    ids = {line.version_id for line in lines if line.version_id}
    rows = Version.objects.filter(id__in=ids).select_related("listing")
    return {row.id: row for row in rows}


def _text(payload: dict[str, Any]) -> str:
    """Return the members as they are signed; the filler and the legal text stand elsewhere."""
    content = {k: v for k, v in payload["content"].items() if k != "filler"}
    told = {**payload, "content": content}
    del told["legal"]
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True)
