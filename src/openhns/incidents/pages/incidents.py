"""Incidents, for the operator's people: listed, compared source by source, reported by hand."""

from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openhns.geodesy.notation import read_position
from openhns.geodesy.position import PositionError
from openhns.incidents.access import (
    access_incident,
    best_verdicts,
    claim_counts,
    journal_claims,
    visible_incidents,
)
from openhns.incidents.actions import Report, do_report
from openhns.incidents.comparing import claimed_places, side_by_side
from openhns.incidents.labels import MEANINGS, VERDICT_TONES, VERDICTS
from openhns.incidents.models import Incident
from openhns.incidents.pages.certificates import CertifyForm
from openhns.mechanism.models import Mechanism
from openhns.mechanism.once import once
from openhns.mechanism.visits import OPERATOR, Visit, page
from openhns.registry.checks.position_parses import words_of_fault
from openhns.ui.maps import Map
from openhns.ui.moments import MomentField
from openhns.ui.paging import page_of
from openhns.ui.refusals import refusals_in

_CLAIMS_SHOWN: Final = 10
_LONGEST: Final = 20_000
_LONGEST_LINE: Final = 500


@page(*OPERATOR)
def incidents(visit: Visit) -> HttpResponse:
    """List incidents, the newest report first, each with its best match in words."""
    paged = page_of(visit.request, visible_incidents(visit.person, visit.mechanism))
    verdicts, counts = best_verdicts(paged.rows), claim_counts(paged.rows)
    rows = [
        (item, item.content, verdicts.get(item.id, "none"), counts[item.id]) for item in paged.rows
    ]
    shown = {"paged": paged.of(rows), "verdicts": VERDICTS, "tones": VERDICT_TONES}
    return render(visit.request, "incidents/incidents.html", shown)


@page(*OPERATOR)
def incident(visit: Visit, incident: UUID) -> HttpResponse:
    """Show the claims of one incident side by side, and what each party held."""
    found = access_incident(visit.person, visit.mechanism, incident)
    paged = page_of(visit.request, found.claims.order_by("recorded_at", "id"), _CLAIMS_SHOWN)
    journal_claims(visit.person, found, paged.rows)
    said = side_by_side(paged.rows, paged.first or 1)
    certificates = found.certificates.select_related("organisation").order_by("-issued_at")
    shown = {
        "incident": found,
        "title": found.content["title"],
        "verdict": best_verdicts([found]).get(found.id, "none"),
        "paged": paged.of(said),
        "map": _map(visit, said),
        "certificates": [(item, _name(item.organisation)) for item in certificates],
        "form": CertifyForm(visit.mechanism, initial={"key": uuid4()}),
        "verdicts": VERDICTS,
        "tones": VERDICT_TONES,
        "meanings": MEANINGS,
    }
    return render(visit.request, "incidents/incident.html", shown)


def _name(organisation: Any) -> str:
    return str(organisation.content["name"]) if organisation else ""


def _map(visit: Visit, said: Any) -> Map | None:
    features = claimed_places(said)
    if not features:
        return None
    label = _("Where each source places the attack")
    return Map("incident-map", label, features, countries=visit.mechanism.countries)


class ReportForm(forms.Form):
    """What one source says of an attack, as somebody enters it for the operator."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("What the source says"),
        help_text=gettext_lazy("In the source's own words. It is never changed afterwards."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        max_length=_LONGEST,
    )
    source = forms.CharField(
        label=gettext_lazy("Who says so"),
        help_text=gettext_lazy("The organisation, publication or person. It is sealed."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        max_length=_LONGEST_LINE,
    )
    start = MomentField(
        label=gettext_lazy("Not before"),
        help_text=gettext_lazy("Empty where nobody knows how long before."),
        required=False,
    )
    end = MomentField(label=gettext_lazy("Not after"))
    position = forms.CharField(
        label=gettext_lazy("Position"),
        help_text=gettext_lazy("In any notation. Empty where the source gives none."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        required=False,
        max_length=_LONGEST_LINE,
    )
    precision_m = forms.IntegerField(
        label=gettext_lazy("How far from there it may have been, in metres"),
        help_text=gettext_lazy("Empty where nothing bounds it."),
        required=False,
        min_value=1,
        max_value=10_000_000,
    )
    country = forms.CharField(
        label=gettext_lazy("Country"),
        help_text=gettext_lazy("Its name or its three letters."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        required=False,
        max_length=100,
    )
    weapon = forms.CharField(
        label=gettext_lazy("Weapon, as the source reports it"),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        required=False,
        max_length=_LONGEST_LINE,
    )
    perpetrator = forms.CharField(
        label=gettext_lazy("Perpetrator, as the source reports it"),
        help_text=gettext_lazy("Kept as the source's word. Nothing here attributes an attack."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        required=False,
        max_length=_LONGEST_LINE,
    )

    def clean_position(self) -> str:
        text = str(self.cleaned_data["position"])
        if text:
            try:
                read_position(text)
            except PositionError as error:
                words = _(words_of_fault(error.code))
                raise ValidationError(words, code=error.code) from None
        return text

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and start > end:
            self.add_error("start", _("This lies after the time before which it was."))
        return self.cleaned_data

    def report(self) -> Report:
        data = self.cleaned_data
        return Report(
            words=data["words"],
            source=data["source"],
            start=data["start"],
            end=data["end"],
            position=data["position"] or None,
            precision_m=data["precision_m"] if data["position"] else None,
            country=data["country"] or None,
            facts={"weapon": data["weapon"], "perpetrator": data["perpetrator"]},
        )


@page(*OPERATOR)
def report(visit: Visit) -> HttpResponse:
    """Report an attack by hand."""
    return _report(visit, None)


@page(*OPERATOR)
def report_claim(visit: Visit, incident: UUID) -> HttpResponse:
    """Add what another source says of an incident."""
    return _report(visit, access_incident(visit.person, visit.mechanism, incident))


def _report(visit: Visit, incident: Incident | None) -> HttpResponse:
    initial = {"key": uuid4(), "country": _only_country(visit.mechanism)}
    form = ReportForm(visit.request.POST or None, initial=initial)
    if visit.request.method == "POST" and form.is_valid():
        made = None
        with refusals_in(form):
            made = _reported(visit, form, incident)
        if made is not None:
            words = _("Recorded, and compared with what each party held at that time.")
            messages.success(visit.request, words)
            return redirect("incidents-incident", visit.mechanism.slug, made.id)
    pick = Map(
        "pick",
        _("Pick the place on the map"),
        countries=visit.mechanism.countries,
        pick=("id_position",),
    )
    title = incident.content["title"] if incident else ""
    shown = {"form": form, "incident": incident, "title": title, "map": pick}
    return render(visit.request, "incidents/report_by_hand.html", shown)


def _only_country(mechanism: Mechanism) -> str:
    return mechanism.countries[0] if len(mechanism.countries) == 1 else ""


def _reported(visit: Visit, form: ReportForm, incident: Incident | None) -> Incident:
    """Report it once, however often the form is sent."""

    def act() -> Incident:
        done = do_report(
            form.report(),
            mechanism=visit.mechanism,
            acting_user=visit.person,
            incident=incident,
        )
        return done.incident

    return once(form.cleaned_data["key"], visit.person, Incident, act)
