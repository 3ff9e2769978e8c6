"""What everybody may see: the mechanism in plain words, its figures, and its log."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openhns.formats.csv_out import safe_text
from openhns.mechanism.models import Mechanism
from openhns.mechanism.policy import policy_of
from openhns.mechanism.visits import open_page
from openhns.overview.actions import newest_edition
from openhns.overview.models import Edition
from openhns.overview.participation import timeline_of
from openhns.overview.publication.calendar import next_edition
from openhns.overview.publication.edition_text import edition_json
from openhns.overview.shown import country_name, harm_by_party, incidents_shown, shown
from openhns.overview.the_log import log_shown, policy_text
from openhns.overview.words import NOTIFIED, NOTIFIED_TONES
from openhns.parties.words import PARTICIPATION, PARTICIPATION_TONES
from openhns.ui.paging import page_of


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """Show the one mechanism there is, or a list of those that there are."""
    mechanisms = list(Mechanism.objects.order_by("slug"))
    if len(mechanisms) == 1:
        return _page(request, mechanisms[0], newest_edition(mechanisms[0]))
    listed = [(each, _countries(each)) for each in mechanisms]
    return render(request, "overview/mechanisms.html", {"mechanisms": listed})


def _of_mechanism(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponseBase]:
    """Find the mechanism of the address; these pages are everybody's."""
    return open_page(require_safe(view))


@_of_mechanism
def mechanism_page(request: HttpRequest, mechanism: Mechanism) -> HttpResponse:
    return _page(request, mechanism, newest_edition(mechanism))


def _page(request: HttpRequest, mechanism: Mechanism, edition: Edition | None) -> HttpResponse:
    now = timezone.now()
    following = next_edition(mechanism, edition.day if edition else None)
    named = {
        "mechanism": mechanism,
        "countries": _countries(mechanism),
        "policy": policy_of(mechanism),
        "timeline": timeline_of(mechanism, now),
        "participation": PARTICIPATION,
        "participation_tones": PARTICIPATION_TONES,
        "log": log_shown(mechanism),
        "following": following,
        **_figures(request, edition),
    }
    return render(request, "overview/public.html", named)


def _figures(request: HttpRequest, edition: Edition | None) -> dict[str, Any]:
    if edition is None:
        return {"edition": None}
    return {
        "edition": shown(edition),
        "harm": harm_by_party(edition),
        "incidents": page_of(request, incidents_shown(edition)),
        "notified": NOTIFIED,
        "notified_tones": NOTIFIED_TONES,
    }


def _countries(mechanism: Mechanism) -> list[str]:
    return [country_name(code) for code in mechanism.countries]


@_of_mechanism
def editions(request: HttpRequest, mechanism: Mechanism) -> HttpResponse:
    """List all editions, newest first."""
    rows = Edition.objects.filter(mechanism=mechanism).order_by("-number")
    named = {"mechanism": mechanism, "paged": page_of(request, rows.defer("tables", "incidents"))}
    return render(request, "overview/editions.html", named)


@_of_mechanism
def edition(request: HttpRequest, mechanism: Mechanism, day: str) -> HttpResponse:
    """Show one edition as it was published."""
    row = _edition(mechanism, day)
    named = {"mechanism": mechanism, "policy": policy_of(mechanism), **_figures(request, row)}
    return render(request, "overview/edition.html", named)


def _edition(mechanism: Mechanism, day: str) -> Edition:
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    found = Edition.objects.filter(mechanism=mechanism, day=wanted).first()
    if found is None:
        raise Http404
    return found


@_of_mechanism
def as_json(request: HttpRequest, mechanism: Mechanism, day: str) -> HttpResponse:
    """Give an edition to programs: canonical JSON, with the bytes that the log's digests are of."""
    del request
    return _file(edition_json(_edition(mechanism, day)), "application/json", f"{day}.json")


@_of_mechanism
def figures_csv(request: HttpRequest, mechanism: Mechanism, day: str) -> HttpResponse:
    """Give an edition's figures as a table."""
    del request
    row = _edition(mechanism, day)
    names = {party["id"]: party["name"] for party in row.parties}
    lines = [
        [table, names.get(each, each), figure.get("from"), figure.get("to")]
        for table, figures in sorted(row.tables.items())
        for each, figure in sorted(figures.items())
        if table != "basis"
    ]
    return _csv([["table", "row", "from", "to"], *lines], f"{day}-figures.csv")


@_of_mechanism
def incidents_csv(request: HttpRequest, mechanism: Mechanism, day: str) -> HttpResponse:
    """Give an edition's incidents as a table, a line for each incident and party."""
    del request
    row = _edition(mechanism, day)
    header = ["incident", "country", "province", "from", "until", "party", "notified"]
    return _csv([header, *_incident_lines(row)], f"{day}-incidents.csv")


def _incident_lines(row: Edition) -> Iterator[list[Any]]:
    for item in row.incidents:
        place = [item["incident"], item["country"], item["admin1"]]
        for each in item["notified"]:
            yield [*place, item["day_from"], item["day_until"], each["party"], each["word"]]


def _csv(lines: list[list[Any]], name: str) -> HttpResponse:
    text = io.StringIO(newline="")
    cells = [[safe_text(c) if isinstance(c, str) else c for c in line] for line in lines]
    csv.writer(text).writerows(cells)
    return _file(text.getvalue().encode("utf-8-sig"), "text/csv", name)


@_of_mechanism
def log_policy(request: HttpRequest, mechanism: Mechanism) -> HttpResponse:
    """Give the policy by which this log's proofs are anchored."""
    del request
    return _file(policy_text(mechanism).encode(), "text/plain", "log-policy.txt")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    charset = "" if kind == "application/json" else "; charset=utf-8"
    response = HttpResponse(content, content_type=f"{kind}{charset}")
    response.headers["Content-Disposition"] = f'attachment; filename="openhns-{name}"'
    return response
