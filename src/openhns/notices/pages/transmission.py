"""Transmission: exactly what each party will be told, then the sending, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openhns.mechanism.errands import REFUSED, do_order, find_errand
from openhns.mechanism.models import Errand, Role
from openhns.mechanism.visits import Visit, page
from openhns.notices.actions import do_transmit_urgent
from openhns.notices.actions.preparing import due_urgent
from openhns.notices.due import TRANSMIT
from openhns.notices.errors import NoticesError
from openhns.notices.models import Transmission
from openhns.notices.preview import preview_of, waiting_before
from openhns.notices.wanted import OpenedVersions
from openhns.notices.words import TRANSMISSIONS
from openhns.parties.access import find_party, participations_now, parties_of
from openhns.parties.errors import PartiesError
from openhns.parties.models import Participation, Party
from openhns.parties.words import PARTICIPATION, PARTICIPATION_TONES
from openhns.record.errors import RecordError
from openhns.registry.register import is_large
from openhns.tlog.errors import TlogError
from openhns.ui.refusals import words_of_code

_RUNS_SHOWN: Final = 5
_ROOTS: Final = (NoticesError, PartiesError, RecordError, TlogError)


@dataclass(frozen=True, slots=True)
class Row:
    """One party as the list shows it; `due` is None where counting it would take long."""

    party: Party
    status: str
    due: int | None
    urgent: int
    before: int
    last: Transmission | None

    @property
    def takes_part(self) -> bool:
        return self.status == Participation.Status.PARTICIPATING


class SendForm(forms.Form):
    """An order to transmit: its key, and one party or all."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    party = forms.UUIDField(widget=forms.HiddenInput, required=False)


@page(Role.Name.TRANSMITTER)
def transmission(visit: Visit) -> HttpResponse:
    """Show per party what waits; urgent notices apart."""
    rows = _rows(visit)
    shown = {
        "rows": rows,
        "urgent": sum(row.urgent for row in rows),
        "form": SendForm(initial={"key": uuid4()}),
        "runs": _runs(visit),
        "participation": PARTICIPATION,
        "tones": PARTICIPATION_TONES,
    }
    return render(visit.request, "notices/transmission.html", shown)


def _rows(visit: Visit) -> list[Row]:
    parties = parties_of(visit.mechanism)
    status = participations_now(visit.mechanism)
    before, last = waiting_before(parties), _last(parties)
    large = is_large(visit.mechanism.id)
    versions, now = OpenedVersions(), timezone.now()
    found = []
    for party in parties:
        active = status.get(party.id) == Participation.Status.PARTICIPATING
        due = None if large or not active else len(preview_of(party).lines)
        urgent = len(due_urgent(party, versions, now)) if active else 0
        row = Row(
            party,
            status.get(party.id, ""),
            due,
            urgent,
            before.get(party.id, 0),
            last.get(party.id),
        )
        found.append(row)
    return found


def _last(parties: Sequence[Party]) -> dict[UUID, Transmission]:
    left = Transmission.objects.filter(party__in=parties, status=Transmission.Status.TRANSMITTED)
    return {item.party_id: item for item in left.order_by("transmitted_at")}


def _runs(visit: Visit) -> list[Errand]:
    own = Errand.objects.filter(mechanism=visit.mechanism, kind=TRANSMIT)
    return list(own.select_related("ordered_by").order_by("-ordered_at")[:_RUNS_SHOWN])


@page(Role.Name.TRANSMITTER)
def send(visit: Visit) -> HttpResponse:
    """Order that one party or all be told what they are due; due work does it."""
    if visit.request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = SendForm(visit.request.POST)
    if not form.is_valid():
        messages.error(visit.request, _("The form was not complete. Nothing was sent."))
        return redirect("notices-transmission", visit.mechanism.slug)
    wanted = form.cleaned_data["party"]
    party = find_party(visit.mechanism, str(wanted)) if wanted else None
    errand = do_order(
        TRANSMIT,
        form.cleaned_data["key"],
        {"party": None if party is None else str(party.id)},
        mechanism=visit.mechanism,
        acting_user=visit.person,
    )
    return redirect("notices-transmitting", visit.mechanism.slug, errand.id)


@page(Role.Name.TRANSMITTER)
def send_urgent(visit: Visit) -> HttpResponse:
    """Send the urgent notices at once, in this very request; what else waits goes on waiting."""
    if visit.request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        report = do_transmit_urgent(visit.mechanism, acting_user=visit.person)
    except Exception as error:
        if not isinstance(error, _ROOTS):
            raise
        messages.error(visit.request, words_of_code(error.code, *_ROOTS))
        return redirect("notices-transmission", visit.mechanism.slug)
    _tell(visit, len(report.notice_ids), [getattr(each, "code", "") for each in report.failures])
    return redirect("notices-transmission", visit.mechanism.slug)


def _tell(visit: Visit, sent: int, failures: Sequence[str]) -> None:
    for code in failures:
        messages.error(visit.request, words_of_code(code, *_ROOTS))
    if sent or not failures:
        words = ngettext(
            "%(count)d urgent notice has left. Its proof follows with the next tick of the log.",
            "%(count)d urgent notices have left. Their proofs follow with the next tick of the "
            "log.",
            sent,
        ) % {"count": sent}
        messages.success(visit.request, words if sent else _("No urgent notice waits any more."))


@page(Role.Name.TRANSMITTER)
def transmitting(visit: Visit, errand: UUID) -> HttpResponse:
    """Show how far an ordered transmission is."""
    found = find_errand(visit.mechanism, TRANSMIT, errand)
    party = found.options.get("party")
    made = Transmission.objects.filter(
        mechanism=visit.mechanism, prepared_at__gte=found.ordered_at
    ).select_related("party")
    if party:
        made = made.filter(party_id=party)
    if found.ended_at is not None:
        ids = found.outcome.get("transmissions", [])
        made = Transmission.objects.filter(id__in=ids).select_related("party")
    shown: dict[str, Any] = {
        "errand": found,
        "party": find_party(visit.mechanism, party) if party else None,
        "made": [_shown(item) for item in made.order_by("party__name", "first_number")],
        "refused": _words(found.outcome.get(REFUSED)),
        "failures": [_words(code) for code in found.outcome.get("failures", [])],
        "skipped": [
            item.name
            for item in parties_of(visit.mechanism)
            if str(item.id) in found.outcome.get("skipped", [])
        ],
        "statuses": TRANSMISSIONS,
    }
    return render(visit.request, "notices/transmitting.html", shown)


def _words(code: str | None) -> str:
    return words_of_code(code, *_ROOTS) if code else ""


def _shown(item: Transmission) -> dict[str, Any]:
    return {"item": item, "count": item.last_number - item.first_number + 1, "proof": _proof(item)}


def _proof(item: Transmission) -> str:
    if not item.proof_follows:
        return _("enclosed")
    return _("follows") if item.proof_sent_at is None else _("has followed")
