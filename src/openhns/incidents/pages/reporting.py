"""An organisation's incidents: reporting them, what it reported, and what may be published."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openhns.incidents.access import journal_claims, read_certificate
from openhns.incidents.actions import Own, do_report
from openhns.incidents.errors import IncidentsError
from openhns.incidents.models import Certificate, Claim, Incident, PublicationConsent
from openhns.incidents.own import (
    access_own_incident,
    own_certificates,
    own_claims,
    own_incidents,
)
from openhns.incidents.pages.certificates import in_words as certificate_in_words
from openhns.incidents.pages.report_form import ReportForm
from openhns.incidents.publishing import (
    digest_of,
    do_consent_to_publish,
    do_withdraw_consent_to_publish,
    open_consent,
    statement_of,
)
from openhns.mechanism.models import Organisation
from openhns.mechanism.visits import MEMBERS, Visit, page
from openhns.registry.access import read_contents
from openhns.registry.actions.known import standing_version
from openhns.registry.models import Listing
from openhns.registry.own import access_own_listing, name_of, newest_versions
from openhns.registry.pages.reading_back import ReadPlace, read_place
from openhns.registry.spots import read_spot
from openhns.ui.maps import Map, point
from openhns.ui.paging import page_of
from openhns.ui.refusals import refusals_in, words_of

CHECK, SUBMIT, CHANGE = "check", "submit", "change"
_NOTIFIED: Final[Mapping[str, str | Promise]] = {
    "yes": _("Notified"),
    "no": _("Not notified"),
    "cannot be said": _("Cannot be said"),
}


@dataclass(frozen=True, slots=True)
class Reporting:
    """Where a report comes from: the organisation, one of its places, one of its incidents."""

    own: Organisation
    listing: Listing | None = None
    incident: Incident | None = None


@page(*MEMBERS)
def incidents(visit: Visit, organisation: UUID) -> HttpResponse:
    """List the organisation's incidents, the newest first."""
    own = visit.organisation(organisation)
    paged = page_of(visit.request, own_incidents(visit.person, own))
    ids = [incident.id for incident in paged.rows]
    made = Certificate.objects.filter(incident_id__in=ids, organisation=own)
    certified = set(made.values_list("incident_id", flat=True))
    agreed = PublicationConsent.objects.filter(
        incident_id__in=ids, organisation=own, withdrawn_at=None
    )
    published = set(agreed.values_list("incident_id", flat=True))
    rows = [
        (incident, incident.content["title"], incident.id in certified, incident.id in published)
        for incident in paged.rows
    ]
    shown = {"organisation": own, "paged": paged.of(rows)}
    return render(visit.request, "incidents/my_incidents.html", shown)


@page(*MEMBERS)
def report(visit: Visit, organisation: UUID) -> HttpResponse:
    """Take a report of an attack anywhere."""
    return _reporting(visit, Reporting(visit.organisation(organisation)))


@page(*MEMBERS)
def report_at(visit: Visit, organisation: UUID, kind: Listing.Kind, listing: UUID) -> HttpResponse:
    """Take a report of an attack on one of the organisation's sites or movements."""
    own = visit.organisation(organisation)
    found = access_own_listing(visit.person, own, kind, listing)
    return _reporting(visit, Reporting(own, found))


@page(*MEMBERS)
def report_more(visit: Visit, organisation: UUID, incident: UUID) -> HttpResponse:
    """Take a further report of an attack that the organisation reported before."""
    own = visit.organisation(organisation)
    found = access_own_incident(visit.person, own, incident)
    reports = [claim.own_report for claim in own_claims(found, own)]
    listing = next((item.listing for item in reports if item.listing is not None), None)
    return _reporting(visit, Reporting(own, listing, found))


def _reporting(visit: Visit, at: Reporting) -> HttpResponse:
    """Show the form, what was read of it, or the incident that came of it."""
    posted = visit.request.POST if visit.request.method == "POST" else None
    form = ReportForm(visit.mechanism, at.listing, posted)
    if posted is None:
        return _form_page(visit, at, form)
    valid, step = form.is_valid(), posted.get("step", CHECK)
    if step == CHANGE:
        form.errors.clear()
    if step == CHANGE or not valid:
        return _form_page(visit, at, form)
    where = _site_position(visit, at) if form.at_site else None
    if step == SUBMIT:
        with refusals_in(form):
            return _reported(visit, at, form, where)
        return _form_page(visit, at, form)
    return _check_page(visit, at, form, where)


def _site_position(visit: Visit, at: Reporting) -> str | None:
    version = standing_version(at.listing) if at.listing else None
    if version is None:
        return None
    content = read_contents(visit.person, visit.mechanism, [version], "incident report")
    place = content[version.id]["position"]
    return f"{place['lat_e7'] / 1e7:.7f}, {place['lon_e7'] / 1e7:.7f}"


def _reported(visit: Visit, at: Reporting, form: ReportForm, where: str | None) -> HttpResponse:
    done = do_report(
        form.report(where),
        mechanism=visit.mechanism,
        acting_user=visit.person,
        incident=at.incident,
        own=Own(at.own, at.listing, form.cleaned_data["key"]),
    )
    messages.success(
        visit.request, _("Reported. It is compared with what each party held at that time.")
    )
    return redirect("incidents-my-incident", visit.mechanism.slug, at.own.id, done.incident.id)


def _form_page(visit: Visit, at: Reporting, form: ReportForm) -> HttpResponse:
    pick = Map(
        "pick",
        _("Pick the place on the map"),
        countries=visit.mechanism.countries,
        pick=("id_position",),
    )
    shown = {**_common(at), "form": form, "map": pick}
    return render(visit.request, "incidents/report.html", shown)


def _common(at: Reporting) -> dict[str, Any]:
    newest = newest_versions([at.listing]) if at.listing else {}
    return {
        "organisation": at.own,
        "listing": at.listing,
        "incident": at.incident,
        "name": name_of(newest[at.listing.id]) if at.listing else "",
    }


def _check_page(visit: Visit, at: Reporting, form: ReportForm, where: str | None) -> HttpResponse:
    said = form.report(where)
    read = read_place(read_spot("position", said.position), {}) if said.position else None
    shown = {**_common(at), "form": form, "said": said, "read": read, "map": _map(visit, read)}
    return render(visit.request, "incidents/report_check.html", shown)


def _map(visit: Visit, read: ReadPlace | None) -> Map | None:
    if read is None or read.place is None:
        return None
    features = [point(dict(read.place), _("Where it was"))]
    return Map("read", _("The place that was read"), features, countries=visit.mechanism.countries)


@page(*MEMBERS)
def incident(visit: Visit, organisation: UUID, incident: UUID) -> HttpResponse:
    """Show what the organisation reported of one incident, and the certificates made for it."""
    own = visit.organisation(organisation)
    found = access_own_incident(visit.person, own, incident)
    claims = own_claims(found, own)
    journal_claims(visit.person, found, claims)
    listings = [item.own_report.listing for item in claims if item.own_report.listing is not None]
    names = {key: name_of(row) for key, row in newest_versions(listings).items()}
    shown = {
        "organisation": own,
        "incident": found,
        "title": found.content["title"],
        "claims": [(item, item.content, _place_of(item, names)) for item in claims],
        "certificates": own_certificates(found, own),
        "consent": open_consent(found, own),
    }
    return render(visit.request, "incidents/my_incident.html", shown)


def _place_of(claim: Claim, names: Mapping[UUID, str]) -> tuple[Listing | None, str]:
    listing = claim.own_report.listing
    return listing, names.get(listing.id, "") if listing else ""


@page(*MEMBERS)
def certificate(
    visit: Visit, organisation: UUID, incident: UUID, certificate: UUID, *, as_text: bool
) -> HttpResponse:
    """Show one certificate in words, or hand it out as it was signed."""
    own = visit.organisation(organisation)
    found = access_own_incident(visit.person, own, incident)
    row = next((item for item in own_certificates(found, own) if item.id == certificate), None)
    if row is None:
        raise Http404
    document = read_certificate(visit.person, row)
    if as_text:
        headers = {"Content-Disposition": f'attachment; filename="certificate-{row.id}.jws"'}
        return HttpResponse(row.jws, content_type="application/jose", headers=headers)
    shown = {
        "organisation": own,
        "incident": found,
        "certificate": row,
        **certificate_in_words(document),
    }
    return render(visit.request, "incidents/my_certificate.html", shown)


@page(*MEMBERS)
def publication(visit: Visit, organisation: UUID, incident: UUID) -> HttpResponse:
    """Show exactly what would be published of an incident; take the agreement, or take it back."""
    own = visit.organisation(organisation)
    found = access_own_incident(visit.person, own, incident)
    if visit.request.method == "POST":
        return _agree(visit, own, found)
    consent = open_consent(found, own)
    statement = consent.content["statement"] if consent else statement_of(found, own)
    shown = {
        "organisation": own,
        "incident": found,
        "consent": consent,
        "statement": statement,
        "digest": digest_of(statement),
        "notified": [(name, _NOTIFIED[word]) for name, word in statement["notified"]],
    }
    return render(visit.request, "incidents/publication.html", shown)


def _agree(visit: Visit, own: Organisation, found: Incident) -> HttpResponse:
    try:
        if visit.request.POST.get("step") == "withdraw":
            do_withdraw_consent_to_publish(found, organisation=own, acting_user=visit.person)
            messages.success(visit.request, _("Taken back. Later editions do not list it."))
        else:
            shown = visit.request.POST.get("shown", "")
            do_consent_to_publish(found, organisation=own, acting_user=visit.person, shown=shown)
            messages.success(visit.request, _("Recorded."))
    except IncidentsError as error:
        messages.error(visit.request, words_of(error))
    return redirect("incidents-publication", visit.mechanism.slug, own.id, found.id)
