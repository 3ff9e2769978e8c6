"""A party answers: receipts signed in its browser, and objections, signed or not."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openhns.mechanism.models import Role
from openhns.mechanism.visits import Visit, page
from openhns.notices.access import Read, read_notices
from openhns.notices.actions import do_object, do_object_signed, do_record_receipts
from openhns.notices.answers import (
    LONGEST_ECHELON,
    LONGEST_RECEIPT,
    Answer,
    receipt_payload,
    seen_head,
)
from openhns.notices.choosing import AT_ONCE, chosen_notices, numbers_in
from openhns.notices.errors import PageKeyNeeded, ReceiptMismatch
from openhns.notices.headlines import headlines
from openhns.notices.models import Objection, Receipt
from openhns.notices.pages.inbox import rows_of, words
from openhns.notices.pages.objection_form import ObjectForm
from openhns.parties.access import keys_of
from openhns.parties.models import Party
from openhns.parties.pages.calls import BodyMalformed, Json, json_call, text_in
from openhns.parties.pages.keys import key_states
from openhns.parties.pages.liaison import lead_to, party_of, show
from openhns.proofs import jws
from openhns.record.rows import timestamp
from openhns.record.writing import find_log
from openhns.ui.refusals import refusals_in

_SHOWN: Final = 25
_WORDS: Final = frozenset({Receipt.Answer.RECEIVED, Receipt.Answer.ACKNOWLEDGED})


@page(Role.Name.LIAISON)
def answer(visit: Visit, party: UUID) -> HttpResponse:
    """Show what is about to be answered, and the answers that there are; records nothing."""
    found = party_of(visit, party)
    asked = visit.request.GET
    chosen = chosen_notices(found, asked.getlist("number"), asked.get("up_to", ""))
    if not chosen.numbers:
        messages.warning(visit.request, _("Select at least one notice that waits for an answer."))
        return lead_to(visit, found, "notices-inbox")
    names = {"mechanism": visit.mechanism.slug, "party": found.id}
    data = shared_data(visit, found) | {
        "ranges": chosen.ranges,
        "count": len(chosen.numbers),
        "at_once": AT_ONCE,
        "to_sign": reverse("notices-to-sign", kwargs=names),
        "receipts": reverse("notices-receipts", kwargs=names),
    }
    return show(
        visit,
        "notices/answer.html",
        found,
        chosen=chosen,
        rows=rows_of(found, list(chosen.numbers[:_SHOWN])),
        rest=max(0, len(chosen.numbers) - _SHOWN),
        longest_echelon=LONGEST_ECHELON,
        data=data,
        **words(),
    )


def shared_data(visit: Visit, party: Party) -> Json:
    return {
        "party": {"id": str(party.id), "name": party.name},
        "log": find_log(party.mechanism_id).origin,
        "mechanism": visit.mechanism.slug,
        "keys": key_states(party),
        "csrf": get_token(visit.request),
        "words": _words(),
    }


def _words() -> dict[str, str]:
    """Return what the script says, in the language of the page."""
    return {
        "signing": _("Signing: %(done)s of %(all)s."),
        "recorded": _("Answers recorded: %(count)s. A key in this page signed them (grade B)."),
        "already": _("Recorded before: %(count)s."),
        "altered": _(
            "What the server gave to sign is not what this page says. Nothing was signed. Tell "
            "the operator by telephone."
        ),
        "clock": _(
            "The clock of this computer and that of the server differ by more than ten minutes. "
            "Set the clock; nothing was signed."
        ),
        "offline": _("The server could not be reached. Send again: nothing is recorded twice."),
        "failed": _("It did not work. Send again: nothing is recorded twice."),
    }


@page(Role.Name.LIAISON)
@json_call
def to_sign(visit: Visit, party: Party, body: Json) -> Json:
    """Hand out what is to be signed for some notices, each with the text that the party got."""
    numbers = numbers_in(body)
    said = _answer_in(body)
    if numbers is None or said is None:
        raise BodyMalformed
    read = read_notices(visit.person, party, numbers, "answer")
    head, now = seen_head(party), timezone.now()
    whole = Answer(word=said.word, echelon=said.echelon, bulk=said.bulk, head=head)
    items = [
        {
            "number": each.notice.number,
            "jws": each.notice.jws,
            "payload": receipt_payload(each.delivered, whole, now),
        }
        for each in read
    ]
    return {"items": items}


def _answer_in(body: Json) -> Answer | None:
    word, echelon, bulk = text_in(body, "answer"), text_in(body, "echelon"), body.get("bulk")
    fits = word in _WORDS and len(echelon) <= LONGEST_ECHELON
    return Answer(word, echelon, bulk) if fits and isinstance(bulk, bool) else None


@page(Role.Name.LIAISON)
@json_call
def receipts(visit: Visit, party: Party, body: Json) -> Json:
    """Record receipts that were signed in the page: all of them, or none."""
    texts = body.get("receipts")
    if not isinstance(texts, list) or not 0 < len(texts) <= AT_ONCE:
        raise BodyMalformed
    if not all(isinstance(text, str) and len(text) <= LONGEST_RECEIPT for text in texts):
        raise BodyMalformed
    require_page_keys(party, texts)
    recorded = do_record_receipts(party, texts, acting_user=visit.person)
    return {"recorded": len(recorded.receipts), "already": recorded.already}


def require_page_keys(party: Party, texts: list[str]) -> None:
    """Raise PageKeyNeeded for a key of grade A: used in a page, it would prove less than it says.

    What is no JWS, or of an unknown key, is for the action to refuse.
    """
    own_tools = {key.kid for key in keys_of(party) if key.grade == "A"}
    if any(_kid(text) in own_tools for text in texts):
        raise PageKeyNeeded("A key of grade A signs in the party's own tool, not in a page.")


def _kid(text: str) -> str | None:
    try:
        return jws.read(text).kid
    except jws.JwsError:
        return None


@page(Role.Name.LIAISON)
def objecting(visit: Visit, party: UUID, number: int) -> HttpResponse:
    """Take an objection: signed where the browser holds a key, else as what it is."""
    found = party_of(visit, party)
    (read,) = read_notices(visit.person, found, [number], "objection")
    form = ObjectForm(visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        with refusals_in(form):
            objection = _recorded(visit, found, read, form.cleaned_data)
            messages.success(visit.request, _done(objection))
            return lead_to(visit, found, "notices-notice", number=number)
    return show_form(visit, "notices/object.html", found, read, form)


def show_form(
    visit: Visit, template: str, party: Party, read: Read, form: forms.Form
) -> HttpResponse:
    """Show a form about one notice, and give its script what a key in the browser signs."""
    data = shared_data(visit, party) | {
        "jws": read.notice.jws,
        "number": read.notice.number,
        "head": seen_head(party),
    }
    title = headlines(party, [read.notice])[read.notice.id]
    context = {"form": form, "notice": read.notice, "title": title, "data": data}
    return show(visit, template, party, **context)


def _recorded(visit: Visit, party: Party, read: Read, said: dict[str, Any]) -> Objection:
    if said["signed"]:
        require_page_keys(party, [said["signed"]])
        require_same(said["signed"], _as_signed(said, read))
        return do_object_signed(party, said["signed"], acting_user=visit.person)
    return do_object(
        read.notice,
        said["grounds"],
        warning=said["warning"],
        time_limit=said["limit"],
        made_by=said["made_by"],
        idempotency=str(said["key"]),
        acting_user=visit.person,
    )


def _as_signed(said: dict[str, Any], read: Read) -> Json:
    limit = None if said["limit"] is None else timestamp(said["limit"])
    same = {name: said[name] for name in ("grounds", "warning", "made_by")}
    return {"notice": str(read.notice.id), "time_limit": limit, **same}


def require_same(signed: str, wanted: Json) -> None:
    """Raise ReceiptMismatch unless what was signed is what stands in the form."""
    try:
        payload = jws.read(signed).payload
        given = {name: payload[name] for name in wanted}
    except (jws.JwsError, KeyError, TypeError):
        raise ReceiptMismatch("What was signed cannot be read.") from None
    if given != wanted:
        raise ReceiptMismatch("What was signed says something else than the form.")


def _done(objection: Objection) -> str:
    if objection.grade == "B":
        return _("Your objection is recorded, signed with a key in this page (grade B).")
    return _("Your objection is recorded as typed here and not signed (grade D).")
