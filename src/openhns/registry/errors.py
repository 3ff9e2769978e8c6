"""What can go wrong in the registry, each with a stable code.

`exit_status` is what the command line answers with: 1 where the answer is no, 2 for misuse.
Messages end up in logs, so none holds a name, a place or a cell.
"""

from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import Promise

    from openhns.registry.checks.finding import Finding


class RegistryError(Exception):
    """The registry cannot do what was asked; `screen` is what a screen says of it."""

    code: ClassVar[str] = "registry_error"
    exit_status: ClassVar[int] = 2
    screen: "ClassVar[str | Promise | None]" = None


class FactsInvalid(RegistryError):
    """A submission has not the form that it must have."""

    code = "facts_invalid"
    screen = _("The form holds something that is no fact of this kind. Open a new form.")


class KeyInvalid(RegistryError):
    """An idempotency key is empty or longer than any key needs to be."""

    code = "idempotency_key_invalid"
    screen = _("The form was damaged on its way. Open a new form.")


class KeyReused(RegistryError):
    """An idempotency key came again with other content: the second was not registered."""

    code = "idempotency_key_reused"
    screen = _(
        "This form was sent before with other facts, and what was sent first stands. Open a new "
        "form."
    )


class SubmissionRefused(RegistryError):
    """Checks failed, and nothing was registered; `findings` hold what the submitter may see."""

    code = "submission_refused"
    exit_status = 1

    def __init__(self, findings: "Sequence[Finding]") -> None:
        self.findings = tuple(findings)
        names = ", ".join(dict.fromkeys(finding.name for finding in self.findings))
        super().__init__(
            f"Nothing was registered, for these checks failed: {names}. Correct the fields that "
            "they name, and submit again."
        )


class GradeUnknown(RegistryError):
    """A consent names a grade that does not exist."""

    code = "grade_unknown"


class ConsentInvalid(RegistryError):
    """A consent is not written as PARTY=GRADE, or names one party twice."""

    code = "consent_invalid"


class ConsentNotOpen(RegistryError):
    """There is no open consent of that listing to that party."""

    code = "consent_not_open"
    exit_status = 1
    screen = _("There is no open consent to that party.")


class OrganisationUnknown(RegistryError):
    """No organisation of that name takes part, and the policy lets nobody admit it alone."""

    code = "organisation_unknown"


class KindUnknown(RegistryError):
    """A sheet is to be imported as something that this room does not keep."""

    code = "kind_unknown"


class ReportNotWritable(RegistryError):
    """The report cannot be written where it was asked for."""

    code = "report_not_writable"


class ReportNotWritten(RegistryError):
    """The rows were imported, and the report then could not be written; the message says so."""

    code = "report_not_written"


class ReasonMissing(RegistryError):
    """An act that needs a reason was given none."""

    code = "reason_missing"
    screen = _(
        "Give a reason. It is needed to return or refuse, to remove, and to clear what a check "
        "warns of."
    )


class ListingClosed(RegistryError):
    """The listing was removed or has ended, and takes no new version."""

    code = "listing_closed"
    exit_status = 1
    screen = _("This entry was removed or has ended. Submit it as a new one.")


class VersionNotWaiting(RegistryError):
    """The version was decided on already, or replaced by a newer one."""

    code = "version_not_waiting"
    exit_status = 1
    screen = _(
        "This version waits for a decision no longer: somebody decided on it, or a newer one "
        "replaced it."
    )


class SignatureMissing(RegistryError):
    """The policy wants the organisation's second signature first."""

    code = "signature_missing"
    exit_status = 1
    screen = _(
        "The second signature of the organisation is missing. One of its approvers gives it; then "
        "this can be cleared."
    )


class AlreadySigned(RegistryError):
    """That person has signed this version already."""

    code = "signature_already_given"
    exit_status = 1
    screen = _("You have signed this version already.")


class AlreadyDecided(RegistryError):
    """That person has decided on this version already; the policy wants a second one."""

    code = "decision_already_made"
    exit_status = 1
    screen = _(
        "You have decided on this version already. The policy asks for two persons: the second "
        "is somebody else."
    )


class OwnOrganisation(RegistryError):
    """Under a policy of two persons nobody clears what they signed, or their organisation's."""

    code = "own_organisation"
    exit_status = 1
    screen = _(
        "Under this policy nobody decides on what they signed, or on what an organisation "
        "submitted to which they belong."
    )


class OwnSubmission(RegistryError):
    """Under a policy of two persons nobody signs or clears what they submitted themselves."""

    code = "own_submission"
    exit_status = 1
    screen = _("Under this policy nobody signs or decides on what they submitted themselves.")
