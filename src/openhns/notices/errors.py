"""What can go wrong with notices and answers, each with a stable code.

`exit_status` is what the command line answers with: 1 where the answer is no, 2 for misuse.
"""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class NoticesError(Exception):
    """A notice, a transmission or an answer cannot be dealt with.

    `hidden`: screens answer "not found". `screen`: what a screen says in place of the message.
    """

    code: ClassVar[str] = "notices_error"
    exit_status: ClassVar[int] = 2
    hidden: ClassVar[bool] = False
    screen: ClassVar[str | Promise | None] = None


class MailboxAhead(NoticesError):
    """A mailbox holds what this database never made: it was restored to an earlier state."""

    code = "mailbox_ahead_of_database"
    exit_status = 1
    screen = _(
        "The mailbox of a party holds what this database never made: the database was restored "
        "to an earlier state. Nothing was numbered. Ask whoever runs the server."
    )


class MailboxDamaged(NoticesError):
    """A file in a mailbox cannot be read back as it was written."""

    code = "mailbox_damaged"
    exit_status = 1
    screen = _(
        "A file in the mailbox of a party is not as it was written. Ask whoever runs the server."
    )


class MailboxUnwritable(NoticesError):
    """The mailbox could not be written; what was to be sent stays prepared."""

    code = "mailbox_not_written"
    exit_status = 1
    screen = _("The mailbox could not be written. Nothing was sent; it is tried again by itself.")


class ProofNotReady(NoticesError):
    """The log does not hold a routine transmission's notices yet: it stays prepared."""

    code = "proof_not_ready"
    exit_status = 1
    screen = _("The log does not hold these notices yet: they leave with its next tick.")


class GradeUnknown(NoticesError):
    """A grade that nothing is disclosed at."""

    code = "grade_unknown"


class NoticeNotFound(NoticesError):
    """No notice of that identifier was sent to this party."""

    code = "notice_not_found"
    hidden = True


class NothingToAnswer(NoticesError):
    """No notice was named, or the party holds none."""

    code = "nothing_to_answer"
    exit_status = 1
    screen = _("Choose at least one notice that was sent to this party.")


class NoticeForged(NoticesError):
    """A notice in the mailbox is not what the mechanism signed and recorded."""

    code = "notice_not_genuine"
    exit_status = 1


class ReceiptRefused(NoticesError):
    """A receipt is misshapen or its signature does not hold."""

    code = "receipt_refused"
    exit_status = 1
    screen = _(
        "The answer does not hold: it was altered on its way, or does not fit the notice. Nothing "
        "was recorded."
    )


class PageKeyNeeded(ReceiptRefused):
    """The key belongs into the party's own tool: used in a page it proves less than it says."""

    code = "receipt_key_not_of_page"
    screen = _(
        "This key is registered for the party's own tool (grade A). In a page it would prove less "
        "than it says: sign with a key that was made for the browser."
    )


class ReceiptKeyUnknown(ReceiptRefused):
    """The key that signed a receipt is registered for no party here."""

    code = "receipt_key_unknown"
    screen = _("The key in this browser is not registered for this party.")


class ReceiptKeyOfAnother(ReceiptRefused):
    """The key that signed a receipt belongs to another party."""

    code = "receipt_key_of_another_party"


class ReceiptKeyRevoked(ReceiptRefused):
    """The key that signed a receipt was revoked."""

    code = "receipt_key_revoked"


class ReceiptForAnother(ReceiptRefused):
    """A receipt answers a notice that was sent to another party, or to none."""

    code = "receipt_for_another_notice"


class ReceiptMismatch(ReceiptRefused):
    """A receipt names another text, number or log than the notice has."""

    code = "receipt_does_not_match"


class ReceiptTimeImpossible(ReceiptRefused):
    """A receipt was answered before its notice was made, or in the future."""

    code = "receipt_time_impossible"
    screen = _("An answer comes after its notice, and not in the future.")


class EvidenceUnusable(NoticesError):
    """The file of a letter is missing, empty or too large."""

    code = "evidence_unusable"
    screen = _("The file is empty, too large, or cannot be read. Nothing was recorded.")


class TextMissing(NoticesError):
    """Grounds, an answer or the words of a call are empty or too long."""

    code = "text_missing"
    screen = _("A text is missing or too long.")


class QuestionMissing(TextMissing):
    """A query does not say what is asked, or at too great a length."""

    code = "question_missing"
    screen = _("A query says what is asked, in at most 2,000 characters.")


class TextHasControls(NoticesError):
    """A question or a reply holds characters that cannot be seen and may steer a screen."""

    code = "text_has_control_characters"
    screen = _(
        "The text holds control characters, which cannot be seen. Write it again without them; "
        "line breaks are allowed."
    )


class QueryOfMany(NoticesError):
    """A query is about one notice, so that it can be replied to."""

    code = "query_of_many"
    screen = _("A query is about one notice. Ask about each by itself.")


class QueryNotFound(NoticesError):
    """No query of that identifier."""

    code = "query_not_found"
    hidden = True


class QueryReplied(NoticesError):
    """The query was replied to before."""

    code = "query_already_replied"
    exit_status = 1
    screen = _("This query was replied to before; that reply stands.")


class ObjectionNotFound(NoticesError):
    """No objection of that identifier."""

    code = "objection_not_found"
    hidden = True


class ObjectionAnswered(NoticesError):
    """The objection was answered before."""

    code = "objection_already_answered"
    exit_status = 1
    screen = _("This objection was answered before; that answer stands.")


class TimeInvalid(NoticesError):
    """A moment was not given as RFC 3339 with its zone, like 2026-01-01T00:00Z."""

    code = "time_invalid"


class AlreadyWithdrawn(NoticesError):
    """The party has withdrawn from that time or an earlier one."""

    code = "party_already_withdrawn"
    exit_status = 1
    screen = _("The party is recorded as withdrawn from that time or an earlier one already.")


class BundleNotWritten(NoticesError):
    """The bundle's file could not be written."""

    code = "bundle_not_written"
