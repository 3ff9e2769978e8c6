"""Sent notices, for the operator's people: by party, in lists, and one as it was sent."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header

from openhns.mechanism.visits import OPERATOR, Visit, page
from openhns.notices.errors import NoticeNotFound
from openhns.notices.evidence import open_document
from openhns.notices.models import Receipt
from openhns.notices.pages.notice import legal_texts
from openhns.notices.sent import Opened, opened, sent_to, silences, with_standing
from openhns.notices.shown import told_facts, told_features
from openhns.notices.words import (
    ANSWERS,
    KINDS,
    OBJECTION_PROOFS,
    PROOFS,
    STATUS_TONES,
    STATUSES,
    SUBJECTS,
    VERIFICATIONS,
)
from openhns.parties.access import find_party
from openhns.parties.models import Party
from openhns.parties.words import PARTICIPATION, PARTICIPATION_TONES
from openhns.registry.words import GRADES
from openhns.ui.maps import Map
from openhns.ui.paging import page_of


def words() -> dict[str, Any]:
    return {
        "answers": ANSWERS,
        "grades": GRADES,
        "kinds": KINDS,
        "proofs": PROOFS,
        "unsigned_proofs": OBJECTION_PROOFS,
        "statuses": STATUSES,
        "status_tones": STATUS_TONES,
        "subjects": SUBJECTS,
        "verifications": VERIFICATIONS,
    }


@page(*OPERATOR)
def sent(visit: Visit) -> HttpResponse:
    """List the parties: what was sent to each, and how long it has been silent."""
    now = timezone.now()
    rows = [(row, row.days(now)) for row in silences(visit.mechanism)]
    shown = {"rows": rows, "participation": PARTICIPATION, "tones": PARTICIPATION_TONES}
    return render(visit.request, "notices/sent.html", shown)


@page(*OPERATOR)
def sent_to_party(visit: Visit, party: UUID) -> HttpResponse:
    """List what was sent to a party, or of it only what waits for an answer."""
    found = find_party(visit.mechanism, str(party))
    waiting = visit.request.GET.get("show") == "waiting"
    rows = sent_to(found, waiting=waiting).select_related("transmission", "listing")
    paged = page_of(visit.request, rows)
    shown = {
        "party": found,
        "waiting": waiting,
        "paged": paged.of(with_standing(found, paged.rows)),
        **words(),
    }
    return render(visit.request, "notices/sent_to.html", shown)


@page(*OPERATOR)
def sent_notice(visit: Visit, party: UUID, number: int) -> HttpResponse:
    """Show one notice as it was sent, and all that came back."""
    found = find_party(visit.mechanism, str(party))
    read = opened(visit.person, found, number)
    shown = {
        "party": found,
        "read": read,
        "facts": told_facts(read.payload["content"]),
        "map": _map(read, found),
        "legal": legal_texts(read.payload["legal"]),
        **words(),
    }
    return render(visit.request, "notices/sent_notice.html", shown)


def _map(read: Opened, party: Party) -> Map | None:
    features = told_features(read.payload["content"], str(read.about))
    if not features:
        return None
    return Map("sent-notice", read.about, features, countries=party.mechanism.countries)


@page(*OPERATOR)
def letter_on_file(visit: Visit, receipt: UUID) -> HttpResponse:
    """Hand out a letter as it was put on file; a browser never shows it as a page of ours."""
    found = Receipt.objects.filter(id=receipt, scope=visit.mechanism.id, grade="C").first()
    document = found.content.get("document") if found else None
    if document is None:
        raise NoticeNotFound("No letter of that identifier is on file.")
    data = open_document(visit.mechanism.id, UUID(document["id"]))
    name = content_disposition_header(as_attachment=True, filename=document["name"])
    headers = {"Content-Disposition": name or "attachment"}
    return HttpResponse(data, content_type="application/octet-stream", headers=headers)
