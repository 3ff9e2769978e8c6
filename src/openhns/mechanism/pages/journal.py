"""The access journal: how often exact places were read, by whom and what for."""

from datetime import date
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render

from openhns.mechanism.access_journal import days_of, digest_of, digested_days, readings_on
from openhns.mechanism.models import Role
from openhns.mechanism.visits import Visit, page
from openhns.ui.paging import page_of

_READERS: Final = (Role.Name.ADMINISTRATOR, Role.Name.AUDITOR)


@page(*_READERS)
def journal(visit: Visit) -> HttpResponse:
    """List the days on which exact places were read, the newest first."""
    paged = page_of(visit.request, days_of(visit.mechanism))
    closed = digested_days(visit.mechanism, [row["day"] for row in paged.rows])
    rows = [row | {"closed": row["day"] in closed} for row in paged.rows]
    return render(visit.request, "mechanism/journal.html", {"paged": paged.of(rows)})


@page(*_READERS)
def journal_day(visit: Visit, day: str) -> HttpResponse:
    """Show who read on one day and what for, and the digest that closed it."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    named = {
        "day": wanted,
        "paged": page_of(visit.request, readings_on(visit.mechanism, wanted)),
        "digest": digest_of(visit.mechanism, wanted),
    }
    return render(visit.request, "mechanism/journal_day.html", named)
