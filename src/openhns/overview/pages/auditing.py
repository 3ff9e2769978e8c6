"""The auditor's pages: the log, its consistency, and counts. Nothing sealed is opened."""

import re
from datetime import UTC, date, timedelta
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openhns.mechanism.models import Errand, Role
from openhns.mechanism.pages.forms import OnceForm
from openhns.mechanism.visits import Visit, page
from openhns.notices.words import OBJECTION_PROOFS
from openhns.overview import the_record
from openhns.overview.auditing import audits_of, do_ask_for_audit
from openhns.overview.charts import growth
from openhns.overview.days_of_events import DAYS, events_by_day
from openhns.overview.the_log import log_shown
from openhns.overview.words import FINDINGS
from openhns.record.models import Log
from openhns.record.writing import find_log
from openhns.ui.paging import page_of

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
EVENTS: Final = 15
"""Public events on a page: each carries its whole text."""
_PAGES: Final = (
    ("overview-audit", gettext_lazy("Consistency")),
    ("overview-ticks", gettext_lazy("Checkpoints")),
    ("overview-events", gettext_lazy("Events by day")),
    ("overview-public-events", gettext_lazy("Public events")),
    ("overview-digests", gettext_lazy("Digests")),
    ("overview-keys", gettext_lazy("Keys")),
    ("overview-answers", gettext_lazy("Answers")),
)


def _show(visit: Visit, template: str, url_name: str, **named: Any) -> HttpResponse:
    around = {"pages": _PAGES, "open_page": url_name, "mechanism": visit.mechanism}
    return render(visit.request, f"overview/{template}.html", around | named)


def _log(visit: Visit) -> Log:
    return find_log(visit.mechanism.id)


@page(Role.Name.AUDITOR)
def audit(visit: Visit) -> HttpResponse:
    """Show what the last audits found, and let another one be asked for."""
    form = OnceForm(visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"] or uuid4()
        do_ask_for_audit(visit.mechanism, key, acting_user=visit.person)
        messages.success(visit.request, _("The audit is ordered. It begins within seconds."))
        return redirect("overview-audit", visit.mechanism.slug)
    named = {
        "form": form,
        "audits": [_audit(errand) for errand in audits_of(visit.mechanism)],
        "log": log_shown(visit.mechanism),
        "findings": FINDINGS,
    }
    return _show(visit, "audit", "overview-audit", **named)


def _audit(errand: Errand) -> dict[str, Any]:
    took = None
    if errand.ended_at is not None and errand.begun_at is not None:
        took = max(1, round((errand.ended_at - errand.begun_at).total_seconds()))
    return {"errand": errand, "outcome": errand.outcome, "took": took}


@page(Role.Name.AUDITOR)
def ticks(visit: Visit) -> HttpResponse:
    """List the log's ticks: each published a checkpoint, of that size and root."""
    log = _log(visit)
    rows = page_of(visit.request, the_record.ticks_of(log))
    shown = [the_record.tick_shown(tick, log) for tick in rows.rows]
    return _show(visit, "ticks", "overview-ticks", paged=rows.of(shown), log=log, chart=growth(log))


@page(Role.Name.AUDITOR)
def events(visit: Visit) -> HttpResponse:
    """Count the events by name and day, a week at a time."""
    log, today = _log(visit), timezone.now().astimezone(UTC).date()
    last = min(_wanted_day(visit) or today, today)
    counted = events_by_day(log, last)
    week = timedelta(days=DAYS)
    earlier = last - week if counted.days[0] > the_record.first_day(log) else None
    later = min(last + week, today) if last < today else None
    return _show(visit, "events", "overview-events", counted=counted, earlier=earlier, later=later)


def _wanted_day(visit: Visit) -> date | None:
    given = visit.request.GET.get("until", "")
    try:
        return date.fromisoformat(given) if _DAY.fullmatch(given) else None
    except ValueError:
        return None


@page(Role.Name.AUDITOR)
def public_events(visit: Visit) -> HttpResponse:
    """List the public events in the words of the log itself."""
    rows = page_of(visit.request, the_record.public_events_of(_log(visit)), EVENTS)
    shown = [the_record.public_event(event) for event in rows.rows]
    return _show(visit, "public_events", "overview-public-events", paged=rows.of(shown))


@page(Role.Name.AUDITOR)
def digests(visit: Visit) -> HttpResponse:
    """List the digests by which each day's access journal was closed."""
    rows = page_of(visit.request, the_record.digests_of(visit.mechanism))
    shown = [the_record.digest_shown(event) for event in rows.rows]
    return _show(visit, "digests", "overview-digests", paged=rows.of(shown))


@page(Role.Name.AUDITOR)
def keys(visit: Visit) -> HttpResponse:
    """List all keys by number and fingerprint; no key is shown."""
    named = {
        "log": log_shown(visit.mechanism),
        "master": the_record.master_fingerprint(),
        "data_keys": the_record.data_keys_of(visit.mechanism),
        "party_keys": the_record.party_keys_of(visit.mechanism),
    }
    return _show(visit, "keys", "overview-keys", **named)


@page(Role.Name.AUDITOR)
def answers(visit: Visit) -> HttpResponse:
    """Count what left for each party and what came back, by what the answers prove."""
    named = {
        "parties": the_record.answers_by_party(visit.mechanism),
        "grades": [(grade, OBJECTION_PROOFS[grade]) for grade in the_record.GRADES],
    }
    return _show(visit, "answers", "overview-answers", **named)
