"""Certificates of what had been sent when an attack happened: made, read, printed, handed out."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openhns.incidents.access import access_certificate, access_incident, read_certificate
from openhns.incidents.actions import do_certify
from openhns.incidents.errors import NothingToCertify
from openhns.incidents.labels import (
    FACTS,
    MEANINGS,
    PARTICIPATION_THEN,
    REASONS,
    SIDES,
    VERDICT_TONES,
    VERDICTS,
)
from openhns.incidents.models import Certificate
from openhns.incidents.words import in_this_language
from openhns.mechanism.access import access_organisation
from openhns.mechanism.models import Mechanism, Organisation
from openhns.mechanism.once import once
from openhns.mechanism.visits import OPERATOR, Visit, page
from openhns.notices.shown import told_facts
from openhns.notices.words import ANSWERS, KINDS, PROOFS
from openhns.parties.words import PARTICIPATION
from openhns.registry.words import GRADES
from openhns.ui.refusals import words_of


class CertifyForm(forms.Form):
    """For whom a certificate is made: the operator, or one organisation."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    organisation = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        help_text=gettext_lazy(
            "One for an organisation speaks of its own places alone, and it may see it. It shows "
            "the claims that you recorded, with their sources, and none of other organisations' "
            "reports."
        ),
        required=False,
    )

    def __init__(self, mechanism: Mechanism, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        vetted = Organisation.objects.filter(
            mechanism=mechanism, status=Organisation.Status.VETTED
        ).order_by("applied_at", "id")
        names = sorted((str(each.content["name"]), str(each.id)) for each in vetted)
        choices = [("", _("The operator alone: all organisations' places"))]
        choices += [(identifier, name) for name, identifier in names]
        self.fields["organisation"].choices = choices  # type: ignore[attr-defined]


@page(*OPERATOR)
def certify(visit: Visit, incident: UUID) -> HttpResponse:
    """Make a certificate; once for each form."""
    if visit.request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    found = access_incident(visit.person, visit.mechanism, incident)
    form = CertifyForm(visit.mechanism, visit.request.POST)
    if not form.is_valid():
        messages.error(visit.request, _("Choose for whom the certificate is. None was made."))
        return redirect("incidents-incident", visit.mechanism.slug, found.id)
    wanted = form.cleaned_data["organisation"]
    own = access_organisation(visit.person, visit.mechanism, wanted) if wanted else None

    def act() -> Certificate:
        return do_certify(found, organisation=own, acting_user=visit.person)

    try:
        made = once(form.cleaned_data["key"], visit.person, Certificate, act)
    except NothingToCertify as error:
        messages.error(visit.request, words_of(error))
        return redirect("incidents-incident", visit.mechanism.slug, found.id)
    messages.success(visit.request, _("The certificate is made and stands in the record."))
    return redirect("incidents-certificate", visit.mechanism.slug, found.id, made.id)


@page(*OPERATOR)
def certificate(visit: Visit, incident: UUID, certificate: UUID) -> HttpResponse:
    """Show a certificate in words, as it can be printed."""
    found = access_certificate(visit.person, visit.mechanism, incident, certificate)
    document = read_certificate(visit.person, found)
    shown = {"incident": found.incident, "certificate": found, **in_words(document)}
    return render(visit.request, "incidents/certificate.html", shown)


def in_words(document: dict[str, Any]) -> dict[str, Any]:
    """Return what `incidents/certificate_body.html` needs to show a certificate in words."""
    numbers = {claim["id"]: number for number, claim in enumerate(document["claims"], start=1)}
    return {
        "document": document,
        "says": in_this_language(document["says"]),
        "readers": in_this_language(document["readers"]["words"]),
        "parties": [_party(item, numbers) for item in document["parties"]],
        "verdicts": VERDICTS,
        "tones": VERDICT_TONES,
        "meanings": MEANINGS,
        "facts": FACTS,
        "sides": SIDES,
        "then": PARTICIPATION_THEN,
        "answers": ANSWERS,
        "proofs": PROOFS,
        "kinds": KINDS,
        "grades": GRADES,
        "participation": PARTICIPATION,
    }


def _party(party: dict[str, Any], numbers: dict[str, int]) -> dict[str, Any]:
    groups = (
        (_("Held at that time"), party["held"]),
        (_("Told earlier, and ended before"), party["ended_before"]),
        (_("Sent only afterwards"), party["sent_later"]),
    )
    listed = [(title, [_notice(item, numbers) for item in items]) for title, items in groups]
    somewhere = sum(sum(grades.values()) for grades in party["held_somewhere"].values())
    return {
        **party,
        "said": in_this_language(party["statement"]["words"]),
        "groups": [pair for pair in listed if pair[1]],
        "somewhere": somewhere,
    }


def _notice(notice: dict[str, Any], numbers: dict[str, int]) -> dict[str, Any]:
    matches = [
        {
            **match,
            "number": numbers[match["claim"]],
            "words": [REASONS.get(code, code) for code in match["reasons"]],
        }
        for match in notice["matches"]
    ]
    return {**notice, "facts": told_facts(notice["told"]), "matches": matches}


@page(*OPERATOR)
def certificate_text(visit: Visit, incident: UUID, certificate: UUID) -> HttpResponse:
    """Hand out the certificate as it was signed."""
    found = access_certificate(visit.person, visit.mechanism, incident, certificate)
    read_certificate(visit.person, found)
    headers = {"Content-Disposition": f'attachment; filename="certificate-{found.id}.jws"'}
    return HttpResponse(found.jws, content_type="application/jose", headers=headers)
