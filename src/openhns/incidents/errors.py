"""What can go wrong with incidents, each with a stable code.

`exit_status` is what the command line answers with: 1 where the answer is no, 2 for misuse.
"""

from typing import ClassVar


class IncidentsError(Exception):
    """An incident cannot be reported, read or certified as was asked."""

    code: ClassVar[str] = "incidents_error"
    exit_status: ClassVar[int] = 2


class ColumnsMissing(IncidentsError):
    """A file of incidents lacks a column without which no row can be read."""

    code = "columns_missing"


class CountryUnknown(IncidentsError):
    """A country was named that is none, or none by that name."""

    code = "country_unknown"


class ReportInvalid(IncidentsError):
    """A report by hand lacks its words, or its times or uncertainty make no sense."""

    code = "report_invalid"


class ReportKeyReused(IncidentsError):
    """An idempotency key came again with another report: the second was not recorded."""

    code = "idempotency_key_reused"


class MomentUnreadable(IncidentsError):
    """A date or time cannot be read; the message never repeats it."""

    code = "moment_unreadable"


class ReportNotWritable(IncidentsError):
    """The report cannot be written where it was asked for."""

    code = "report_not_writable"
