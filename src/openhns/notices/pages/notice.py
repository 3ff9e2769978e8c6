"""One notice in full, as its party was told it; its envelope and its proof as files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from openhns.mechanism.models import Role
from openhns.mechanism.visits import Visit, page
from openhns.notices.access import Read, answers_to, read_notices, status_of, told_under
from openhns.notices.envelope import Envelope
from openhns.notices.errors import ProofNotReady
from openhns.notices.events import NoticesEvent
from openhns.notices.headlines import headlines
from openhns.notices.models import Notice
from openhns.notices.pages.inbox import words
from openhns.notices.proving import is_proof_ready, prove_notice
from openhns.notices.shown import told_facts, told_features
from openhns.notices.words import ANSWERS, OBJECTION_PROOFS, PROOFS, VERIFICATIONS
from openhns.parties.models import Party
from openhns.parties.pages.liaison import lead_to, party_of, show
from openhns.record.openings import openings_about
from openhns.record.writing import find_log
from openhns.registry.models.consent import Grade
from openhns.ui.maps import Map

_MOST_BEFORE: Final = 20


@dataclass(frozen=True, slots=True)
class LegalText:
    """The legal text in one language, with what a browser must know of it."""

    code: str
    direction: str
    name: str
    words: str


@page(Role.Name.LIAISON)
def notice(visit: Visit, party: UUID, number: int) -> HttpResponse:
    """Show a notice; that an exact place was opened stands in the access journal."""
    found = party_of(visit, party)
    (read,) = read_notices(visit.person, found, [number], "notice")
    told = read.notice
    title = str(headlines(found, [told])[told.id])
    return show(
        visit,
        "notices/notice.html",
        found,
        notice=told,
        title=title,
        payload=read.payload,
        sha256=read.delivered.sha256,
        subject=_subject(read),
        facts=told_facts(read.payload["content"]),
        map=_map(read, title, found),
        legal=legal_texts(read.payload["legal"]),
        status=status_of(told),
        receipts=answers_to(told),
        objections=list(told.objections.order_by("recorded_at")),
        related=_related(found, told),
        proof_ready=is_proof_ready(told),
        proofs=PROOFS,
        unsigned_proofs=OBJECTION_PROOFS,
        answers=ANSWERS,
        verifications=VERIFICATIONS,
        **words(),
    )


def _subject(read: Read) -> str:
    grade, kind = read.payload["grade"], read.payload["subject"]["kind"]
    return "district" if grade == Grade.PRESENCE else str(kind)


def _map(read: Read, title: str, party: Party) -> Map | None:
    features = told_features(read.payload["content"], title)
    if not features:
        return None
    return Map("notice", title, features, countries=party.mechanism.countries)


def legal_texts(legal: Mapping[str, str]) -> list[LegalText]:
    """Return the texts of a notice, each with the language's own name and direction."""
    return [_legal(code, text) for code, text in legal.items()]


def _legal(code: str, text: str) -> LegalText:
    language: Mapping[str, Any] = get_language_info(code)
    direction = "rtl" if language["bidi"] else "ltr"
    return LegalText(code, direction, str(language["name_local"]), text)


def _related(party: Party, told: Notice) -> list[Notice]:
    """Return the other notices under one reference; a district's count is told under none."""
    if told.grade == Grade.PRESENCE:
        return []
    others = [row for row in told_under(party, [told.reference]) if row.id != told.id]
    return others[::-1][:_MOST_BEFORE]


@page(Role.Name.LIAISON)
def envelope(visit: Visit, party: UUID, number: int) -> HttpResponse:
    """Hand out the envelope: the signed notice and, once the log holds it, its opening."""
    found = party_of(visit, party)
    (read,) = read_notices(visit.person, found, [number], "envelope")
    log = find_log(found.mechanism_id)
    opened = dict(openings_about(log, NoticesEvent.PREPARED, [read.notice.id]))
    data = Envelope(read.notice.jws, opened.get(read.notice.id)).to_bytes()
    return _file(data, f"openhns-notice-{number}.json")


@page(Role.Name.LIAISON)
def proof(visit: Visit, party: UUID, number: int) -> HttpResponse:
    """Hand out the proof file of a notice and of every answer to it, once the log holds them."""
    found = party_of(visit, party)
    (read,) = read_notices(visit.person, found, [number], "proof")
    try:
        data = prove_notice(read.notice).to_bytes()
    except ProofNotReady:
        messages.warning(
            visit.request, _("The proof follows: the log takes up new events within minutes.")
        )
        return lead_to(visit, found, "notices-notice", number=number)
    return _file(data, f"openhns-proof-{number}.json")


def _file(data: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type="application/json", headers=headers)
