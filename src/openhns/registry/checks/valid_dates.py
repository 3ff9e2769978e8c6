"""`valid-dates`: dates can be read, end after they begin, and leave time to tell the parties."""

from datetime import timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from openhns.registry.checks.case import Batch
from openhns.registry.checks.finding import Finding, Verdict, not_checked, passed
from openhns.registry.drafts import Draft
from openhns.registry.models import Listing

DATES: Final = "valid-dates"
LEAD_TIME: Final = "lead-time"


def valid_dates(draft: Draft) -> list[Finding]:
    """Fail where a date cannot be read or the end lies before the beginning."""
    if draft.bad_dates:
        return [
            Finding(DATES, Verdict.FAIL, bad.field, bad.words, {"code": bad.code})
            for bad in draft.bad_dates
        ]
    begins, ends = draft.valid_from, draft.valid_until
    if begins and ends and ends <= begins:
        field = "arrival" if draft.kind == Listing.Kind.MOVEMENT else "valid_until"
        return [Finding(DATES, Verdict.FAIL, field, _("The end lies before the beginning."))]
    if ends and ends <= timezone.now():
        return [Finding(DATES, Verdict.WARN, "valid_until", _("The end lies in the past."))]
    return [passed(DATES, "")]


def lead_time(draft: Draft, batch: Batch) -> Finding:
    """Warn where a movement departs sooner than the policy's lead time allows for."""
    if draft.valid_from is None:
        return not_checked(LEAD_TIME, "departure", _("No departure was given."))
    hours = batch.emergency_lead_time_hours if draft.urgent else batch.lead_time_hours
    if draft.valid_from >= timezone.now() + timedelta(hours=hours):
        return passed(LEAD_TIME, "departure")
    words = f"The departure is less than {hours} hours away: parties may not learn of it in time."
    return Finding(LEAD_TIME, Verdict.WARN, "departure", words, {"hours": hours})
