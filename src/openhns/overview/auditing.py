"""The audit as an errand: somebody asks for it on a page, and due work does it."""

from collections import Counter
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from openhns.mechanism.access import require_role
from openhns.mechanism.errands import Outcome, do_order, run
from openhns.mechanism.models import Errand, Mechanism, Person, Role
from openhns.overview.due import AUDIT
from openhns.overview.events import OverviewEvent
from openhns.record.audit import Audit, audit_logs
from openhns.record.models import Log
from openhns.record.snapshot import one_view
from openhns.record.writing import NewEvent, find_log, write_event

MOST_SHOWN: Final = 100


def do_ask_for_audit(mechanism: Mechanism, key: UUID, *, acting_user: Person) -> Errand:
    """Order an audit of the mechanism's log; the same form again is the same audit."""
    require_role(acting_user, mechanism, Role.Name.AUDITOR)
    return do_order(AUDIT, key, mechanism=mechanism, acting_user=acting_user)


def do_audit_work(errand_id: UUID) -> None:
    run(errand_id, _audit)


def _audit(errand: Errand) -> Outcome:
    require_role(errand.ordered_by, errand.mechanism, Role.Name.AUDITOR)
    with one_view():
        audit = audit_logs(Log.objects.filter(id=errand.mechanism_id))
    outcome = _outcome(audit)
    with transaction.atomic():
        log = find_log(errand.mechanism_id)
        body = {name: outcome[name] for name in ("entries", "events", "findings")}
        write_event(log, NewEvent(OverviewEvent.AUDITED, "log", log.id, body, actor="auditor"))
    return outcome


def _outcome(audit: Audit) -> dict[str, Any]:
    """Return counts, and of the findings their kinds and places: identifiers, no content."""
    return {
        "entries": audit.entries,
        "events": audit.events,
        "pending": audit.pending,
        "ticks": audit.ticks,
        "rows": audit.rows,
        "findings": len(audit.findings),
        "kinds": dict(Counter(finding.kind for finding in audit.findings)),
        "first": [
            {"kind": finding.kind, "where": finding.where}
            for finding in audit.findings[:MOST_SHOWN]
        ],
    }


def audits_of(mechanism: Mechanism) -> list[Errand]:
    """Return the newest audits, newest first."""
    asked = Errand.objects.filter(mechanism=mechanism, kind=AUDIT).select_related("ordered_by")
    return list(asked.order_by("-ordered_at")[:MOST_SHOWN])
