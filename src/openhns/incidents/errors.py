"""What can go wrong with incidents, each with a stable code.

`exit_status` is what the command line answers with: 1 where the answer is no, 2 for misuse.
"""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class IncidentsError(Exception):
    """An incident cannot be reported, read or certified as was asked.

    `screen`: what a screen says in place of the message, in the reader's language.
    """

    code: ClassVar[str] = "incidents_error"
    exit_status: ClassVar[int] = 2
    screen: ClassVar[str | Promise | None] = None


class ColumnsMissing(IncidentsError):
    """A file of incidents lacks a column without which no row can be read."""

    code = "columns_missing"


class CountryUnknown(IncidentsError):
    """A country was named that is none, or none by that name."""

    code = "country_unknown"
    screen = _("No country is known by that name. Give its three letters.")


class ReportInvalid(IncidentsError):
    """A report by hand lacks its words, or its times or uncertainty make no sense."""

    code = "report_invalid"
    screen = _(
        "A time or figure of this report makes no sense: the attack lies in the past, and its "
        "beginning before its end."
    )


class ReportKeyReused(IncidentsError):
    """An idempotency key came again with another report: the second was not recorded."""

    code = "idempotency_key_reused"


class MomentUnreadable(IncidentsError):
    """A date or time cannot be read; the message never repeats it."""

    code = "moment_unreadable"


class ReportNotWritable(IncidentsError):
    """The report cannot be written where it was asked for."""

    code = "report_not_writable"


class PublicationStands(IncidentsError):
    """The organisation agreed before that this incident be listed."""

    code = "publication_already_agreed"
    exit_status = 1
    screen = _("Your organisation agreed to this before. Nothing was changed.")


class PublicationChanged(IncidentsError):
    """What would be published is not what the person was shown."""

    code = "publication_changed"
    exit_status = 1
    screen = _("What would be published changed meanwhile. Look at it again, then agree.")


class PublicationNotOpen(IncidentsError):
    """There is no such agreement to take back."""

    code = "publication_not_agreed"
    exit_status = 1
    screen = _("There is no agreement to take back.")


class ReportRepeated(IncidentsError):
    """One idempotency key came with two different reports."""

    code = "report_key_reused"
    screen = _(
        "This form was sent before with other words, and that report stands. Open a new form."
    )


class NothingToCertify(IncidentsError):
    """All claims on an attack are other organisations' own, which a certificate does not show."""

    code = "nothing_to_certify"
    exit_status = 1
    screen = _(
        "Other organisations alone reported this attack, and a certificate for this one shows none "
        "of their reports. Add what another source says, or make one for the operator."
    )
