"""What a party holds, now or at any moment: the list, the map, and the files to load."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openhns.mechanism.models import Role
from openhns.mechanism.visits import Visit, page
from openhns.notices.access import read_notices
from openhns.notices.bundle import FORMS, do_bundle
from openhns.notices.headlines import headline
from openhns.notices.held import held_numbers
from openhns.notices.pages.inbox import rows_of, words
from openhns.notices.pages.objection_form import OFFSETS, moment_of
from openhns.notices.shown import told_features
from openhns.parties.models import Party
from openhns.parties.pages.liaison import lead_to, party_of, show
from openhns.ui.maps import Feature, Map, collection
from openhns.ui.paging import page_of
from openhns.ui.refusals import Refusal, words_of

ON_MAP: Final = 1_000
_FORM_NAMES: Final[dict[str, str | Promise]] = {
    "geojson": _("GeoJSON: for map software"),
    "csv": _("CSV: for spreadsheets"),
    "kml": _("KML: for Google Earth"),
    "gpkg": _("GeoPackage: for map software"),
    "gpx": _("GPX: for navigation devices"),
    "cot": _("Cursor on Target: for command systems"),
    "pdf": _("PDF: on paper"),
}


class MomentForm(forms.Form):
    """A moment as a local date and time under an offset from UTC; empty: now."""

    at = forms.CharField(
        label=_("As of"),
        help_text=_("Leave it empty for now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}),
        required=False,
        max_length=30,
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=OFFSETS,
        required=False,
        widget=forms.Select(attrs={"dir": "ltr"}),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """The moment that was asked for; `stated` unless it is now."""

    moment: datetime
    stated: bool
    wrong: bool
    at: str
    zone: str

    @property
    def query(self) -> str:
        return urlencode({"at": self.at, "zone": self.zone}) if self.stated else ""


def _asked(given: QueryDict) -> Asked:
    at, zone, now = given.get("at", ""), given.get("zone", "+00:00"), timezone.now()
    moment = moment_of(at, zone) if at else None
    stated = moment is not None and moment <= now
    known = moment if moment is not None and stated else now
    return Asked(known, stated, bool(at) and not stated, at, zone)


@page(Role.Name.LIAISON)
def holdings(visit: Visit, party: UUID) -> HttpResponse:
    """List what the party held at a moment, one page of it, with its count and hash."""
    found, asked = party_of(visit, party), _asked(visit.request.GET)
    held = held_numbers(found, asked.moment)
    paged = page_of(visit.request, held.numbers)
    if asked.wrong:
        messages.warning(visit.request, _("This is no moment up to now: shown is what is held."))
    return show(
        visit,
        "notices/holdings.html",
        found,
        asked=asked,
        form=MomentForm(initial={"at": asked.at, "zone": asked.zone}),
        held=held,
        paged=paged.of(rows_of(found, paged.rows)),
        formats=[(name, _FORM_NAMES.get(name, name)) for name in FORMS],
        map=_map(visit, found, asked) if held.numbers else None,
        on_map=ON_MAP,
        **words(),
    )


def _map(visit: Visit, party: Party, asked: Asked) -> Map:
    names = {"mechanism": visit.mechanism.slug, "party": party.id}
    source = reverse("notices-holdings-places", kwargs=names)
    if asked.query:
        source = f"{source}?{asked.query}"
    label = _("What this party holds")
    return Map("holdings", label, countries=party.mechanism.countries, source=source)


@page(Role.Name.LIAISON)
def places(visit: Visit, party: UUID) -> HttpResponse:
    """Give the map the newest of what is held; the journal tells that places were opened."""
    found, asked = party_of(visit, party), _asked(visit.request.GET)
    held = held_numbers(found, asked.moment)
    newest = held.numbers[-ON_MAP:]
    read = read_notices(visit.person, found, newest, "map of what is held") if newest else []
    features: list[Feature] = []
    drawn = 0
    for each in read:
        names = {"mechanism": visit.mechanism.slug, "party": found.id}
        url = reverse("notices-notice", kwargs=names | {"number": each.notice.number})
        some = told_features(each.payload["content"], str(headline(each.payload)), url=url)
        features += some
        drawn += bool(some)
    answer = collection(features) | {"shown": drawn, "total": len(held.numbers)}
    return JsonResponse(answer)


@page(Role.Name.LIAISON)
def bundle(visit: Visit, party: UUID) -> HttpResponseBase:
    """Write a bundle, hand it out, and keep no copy of it."""
    found, asked = party_of(visit, party), _asked(visit.request.POST)
    form = visit.request.POST.get("form", "")
    back = lead_to(visit, found, "notices-holdings")
    if visit.request.method != "POST" or form not in FORMS:
        return back
    as_of = asked.moment if asked.stated else None
    try:
        file = _written(visit, found, form, as_of)
    except Exception as error:
        if not isinstance(error, Refusal):
            raise
        messages.error(visit.request, words_of(error))
        return back
    day = asked.moment.astimezone(UTC).strftime("%Y%m%dT%H%MZ")
    name = f"openhns-{visit.mechanism.slug}-{day}.{form}"
    return FileResponse(file, as_attachment=True, filename=name)


def _written(visit: Visit, party: Party, form: str, as_of: datetime | None) -> IO[bytes]:
    """Return a bundle's open file, of which no name is left: it ends with its last reader."""
    folder = Path(settings.OPENHNS_DATA) / "tmp"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as own:
        path = Path(own) / f"bundle.{form}"
        do_bundle(party, form, path, as_of, acting_user=visit.person)
        return path.open("rb")
