"""Parties, for the operator's people: participation over time, whom one reaches, keys."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openhns.mechanism.models import Role
from openhns.mechanism.once import once
from openhns.mechanism.visits import OPERATOR, Visit, page
from openhns.notices.preview import consented_to
from openhns.notices.sent import silences
from openhns.parties.access import find_key, find_party, keys_of, participations_now, parties_of
from openhns.parties.actions import (
    do_add_party,
    do_name_focal_point,
    do_revoke_key,
    do_state_participation,
)
from openhns.parties.fingerprint import digit_groups, word_rows
from openhns.parties.models import FocalPoint, Participation, Party, PartyKey
from openhns.parties.words import PARTICIPATION, PARTICIPATION_TONES
from openhns.registry.words import GRADES
from openhns.ui.moments import MomentField
from openhns.ui.refusals import refusals_in

_LONGEST: Final = 200
_LONGEST_REASON: Final = 5_000


@page(*OPERATOR)
def parties(visit: Visit) -> HttpResponse:
    """List the parties and how each takes part now."""
    status = participations_now(visit.mechanism)
    found = parties_of(visit.mechanism)
    open_keys = _counted(PartyKey.objects.filter(party__in=found, revoked_at=None))
    reached = _counted(FocalPoint.objects.filter(party__in=found, until=None))
    rows = [
        (party, status.get(party.id, ""), open_keys.count(party.id), party.id in reached)
        for party in found
    ]
    shown = {
        "rows": rows,
        "participation": PARTICIPATION,
        "tones": PARTICIPATION_TONES,
        "administers": visit.holds(Role.Name.ADMINISTRATOR),
    }
    return render(visit.request, "notices/parties.html", shown)


def _counted(rows: Any) -> list[UUID]:
    return list(rows.values_list("party_id", flat=True))


@page(*OPERATOR)
def party(visit: Visit, party: UUID) -> HttpResponse:
    """Show one party: its dated statements, whom one reaches there, its keys."""
    found = find_party(visit.mechanism, str(party))
    consented = consented_to([found])[found.id]
    (silence,) = [row for row in silences(visit.mechanism) if row.party.id == found.id]
    shown = {
        "party": found,
        "status": participations_now(visit.mechanism).get(found.id, ""),
        "statements": list(found.participations.order_by("-effective_at", "-recorded_at")),
        "focal_points": list(found.focal_points.order_by("-since")),
        "keys": [(key, word_rows(key.kid), digit_groups(key.kid)) for key in keys_of(found)],
        "consented": consented.by_grade.items(),
        "resting": consented.resting,
        "silence": silence,
        "grades": GRADES,
        "participation": PARTICIPATION,
        "tones": PARTICIPATION_TONES,
        "administers": visit.holds(Role.Name.ADMINISTRATOR),
        "keeps_keys": visit.holds(Role.Name.ADMINISTRATOR, Role.Name.TRANSMITTER),
    }
    return render(visit.request, "notices/party.html", shown)


class PartyForm(forms.Form):
    """A party that takes part from a time on."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("It is public. Choose the name by which the party calls itself."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        max_length=_LONGEST,
    )
    since = MomentField(
        label=gettext_lazy("Takes part since"),
        help_text=gettext_lazy("Empty for now."),
        required=False,
    )


@page(Role.Name.ADMINISTRATOR)
def add_party(visit: Visit) -> HttpResponse:
    """Add a party."""
    form = PartyForm(visit.request.POST or None, initial={"key": uuid4()})
    if visit.request.method == "POST" and form.is_valid():
        data, made = form.cleaned_data, None
        with refusals_in(form):
            made = once(data["key"], visit.person, Party, lambda: _add(visit, data))
        if made is not None:
            messages.success(visit.request, _("The party is added, and stands in the public log."))
            return redirect("notices-party", visit.mechanism.slug, made.id)
    return render(visit.request, "notices/add_party.html", {"form": form})


def _add(visit: Visit, data: dict[str, Any]) -> Party:
    return do_add_party(visit.mechanism, data["name"], data["since"], acting_user=visit.person)


class ParticipationForm(forms.Form):
    """A dated statement: the party takes part, or is suspended."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label=gettext_lazy("From then on the party"),
        choices=[
            (each, PARTICIPATION[each])
            for each in (Participation.Status.PARTICIPATING, Participation.Status.SUSPENDED)
        ],
        widget=forms.RadioSelect,
    )
    effective_at = MomentField(
        label=gettext_lazy("From when"), help_text=gettext_lazy("In the past or in the future.")
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("As it was stated. It is sealed; the statement itself is public."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        required=False,
        max_length=_LONGEST_REASON,
    )
    document = forms.CharField(
        label=gettext_lazy("Document"),
        help_text=gettext_lazy(
            "The reference of the letter or message that says so. It is sealed."
        ),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        required=False,
        max_length=_LONGEST,
    )


@page(Role.Name.ADMINISTRATOR)
def participation(visit: Visit, party: UUID) -> HttpResponse:
    """State how a party takes part from a time on; a withdrawal has a page of its own."""
    found = find_party(visit.mechanism, str(party))
    form = ParticipationForm(visit.request.POST or None, initial={"key": uuid4()})
    if visit.request.method == "POST" and form.is_valid():
        data, made = form.cleaned_data, None
        with refusals_in(form):
            made = once(
                data["key"], visit.person, Participation, lambda: _state(visit, found, data)
            )
        if made is not None:
            messages.success(visit.request, _("The statement is recorded and public."))
            return redirect("notices-party", visit.mechanism.slug, found.id)
    return render(visit.request, "notices/participation.html", {"party": found, "form": form})


def _state(visit: Visit, party: Party, data: dict[str, Any]) -> Participation:
    return do_state_participation(
        party,
        data["status"],
        data["effective_at"],
        data["reason"],
        data["document"],
        acting_user=visit.person,
    )


class FocalPointForm(forms.Form):
    """Whom the operator reaches at a party."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        max_length=_LONGEST,
    )
    echelon = forms.CharField(
        label=gettext_lazy("Office or command"),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        required=False,
        max_length=_LONGEST,
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        required=False,
        max_length=_LONGEST,
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        help_text=gettext_lazy("Reachable day and night, if there is such a number."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "type": "tel"}),
        required=False,
        max_length=_LONGEST,
    )


@page(Role.Name.ADMINISTRATOR)
def focal_point(visit: Visit, party: UUID) -> HttpResponse:
    """Name whom the operator reaches at a party from now on."""
    found = find_party(visit.mechanism, str(party))
    form = FocalPointForm(visit.request.POST or None, initial={"key": uuid4()})
    if visit.request.method == "POST" and form.is_valid():
        data, made = form.cleaned_data, None
        with refusals_in(form):
            made = once(data["key"], visit.person, FocalPoint, lambda: _name(visit, found, data))
        if made is not None:
            messages.success(visit.request, _("The focal point is named. It is sealed."))
            return redirect("notices-party", visit.mechanism.slug, found.id)
    return render(visit.request, "notices/focal_point.html", {"party": found, "form": form})


def _name(visit: Visit, party: Party, data: dict[str, Any]) -> FocalPoint:
    given = {name: data[name] for name in ("email", "phone", "echelon")}
    return do_name_focal_point(party, data["name"], **given, acting_user=visit.person)


class RevokeForm(forms.Form):
    """From when a key counts no longer."""

    since = MomentField(
        label=gettext_lazy("Since when it counts no longer"),
        help_text=gettext_lazy("Empty for now. Earlier, if it was stolen before."),
        required=False,
    )


@page(Role.Name.ADMINISTRATOR, Role.Name.TRANSMITTER)
def revoke_key(visit: Visit, party: UUID, kid: str) -> HttpResponse:
    """Revoke a key of a party; the same again is the first."""
    found = find_party(visit.mechanism, str(party))
    key = find_key(found, kid)
    form = RevokeForm(visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        done = None
        with refusals_in(form):
            done = _revoked(visit, key, form.cleaned_data["since"])
        if done is not None:
            words = _("The key is revoked. What it signs from then on counts no longer.")
            messages.success(visit.request, words)
            return redirect("notices-party", visit.mechanism.slug, found.id)
    shown = {"party": found, "key": key, "rows": word_rows(kid), "digits": digit_groups(kid)}
    return render(visit.request, "notices/revoke_party_key.html", {**shown, "form": form})


def _revoked(visit: Visit, key: PartyKey, since: datetime | None) -> PartyKey:
    if key.revoked_at is not None and since in (None, key.revoked_at):
        return key
    return do_revoke_key(key, since, acting_user=visit.person)
