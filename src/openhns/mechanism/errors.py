"""What can go wrong in a mechanism, each with a stable code.

`exit_status` is what the command line answers with: 1 where the answer is no, 2 for misuse.
"""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class MechanismError(Exception):
    """A mechanism cannot do what was asked.

    `hidden`: screens and the API answer "not found", as for what is absent. `screen`: what a
    screen says in place of the message, in the reader's language.
    """

    code: ClassVar[str] = "mechanism_error"
    exit_status: ClassVar[int] = 2
    hidden: ClassVar[bool] = False
    screen: ClassVar[str | Promise | None] = None


class NotFound(MechanismError):
    """What was asked for is absent, or the person may not see it: one and the same answer."""

    code = "not_found"
    hidden = True

    def __init__(self, message: str = "There is nothing here by that name or identifier.") -> None:
        super().__init__(message)


class NotAllowed(MechanismError):
    """The person does not hold the role that the act needs."""

    code = "not_allowed"
    hidden = True


class SecondPersonNeeded(NotAllowed):
    """The policy lets nobody do this alone."""

    code = "second_person_needed"
    hidden = False
    screen = _("Under this policy another person must agree; nobody does this alone.")


class OwnProposal(SecondPersonNeeded):
    """Whoever asked for something does not agree to it as well."""

    code = "proposal_own"
    screen = _("You asked for this yourself; another person must agree to it.")


class ProposalNotOpen(MechanismError):
    """What was asked for is answered already, taken back, or too old."""

    code = "proposal_wrong_state"
    screen = _("This is answered already, taken back, or too old. Ask for it once more.")


class ProposalInvalid(MechanismError):
    """What was asked for lacks its reason, or cannot be carried out."""

    code = "proposal_invalid"
    screen = _("Say in a sentence why this is needed.")


class ProposalStale(MechanismError):
    """The policy changed since a change of it was asked for."""

    code = "proposal_stale"
    screen = _("The policy has changed since this was asked for. Ask for it once more.")


class ExportUnknown(MechanismError):
    """No room offers an export of that name."""

    code = "export_unknown"
    hidden = True


class ExportNotAgreed(MechanismError):
    """A second person has not agreed to the export, or did so too long ago."""

    code = "export_not_agreed"
    screen = _("A second person has not agreed to this export, or did so too long ago.")


class PolicyInvalid(MechanismError):
    """A policy lacks a figure, has one too many, or one out of its range."""

    code = "policy_invalid"
    screen = _("One of the figures is out of its range.")


class MechanismInvalid(MechanismError):
    """A slug, country, language or origin has not the form that it must have."""

    code = "mechanism_invalid"


class MechanismExists(MechanismError):
    """A mechanism of that slug or origin is set up already."""

    code = "mechanism_exists"


class MechanismNotNamed(MechanismError):
    """Several mechanisms are kept here and none was named."""

    code = "mechanism_not_named"


class NoMechanism(MechanismError):
    """No mechanism is set up here, or none of that slug."""

    code = "mechanism_not_found"


class SigningKeyUnusable(MechanismError):
    """The key that signs notices is missing, unreadable or another one."""

    code = "notice_key_unusable"


class PersonInvalid(MechanismError):
    """A person's name or e-mail address has not the form that it must have."""

    code = "person_invalid"
    screen = _("Write a name, and an e-mail address as name@example.org, of at most 200 letters.")


class PersonExists(MechanismError):
    """A person with that e-mail address has an account."""

    code = "person_exists"
    screen = _("A person with that e-mail address has an account.")


class PersonNotFound(MechanismError):
    """Nobody has an account under that handle or e-mail address."""

    code = "person_not_found"


class InvitationUnusable(MechanismError):
    """An invitation is used, withdrawn, too old, or never was."""

    code = "invitation_unusable"
    screen = _("This invitation is used, withdrawn or too old. Ask the operator for a new one.")


class InvitationElsewhere(MechanismError):
    """Whoever holds a role in another mechanism is not invited by this one's administrator."""

    code = "invitation_elsewhere"
    screen = _(
        "This person holds a role in another mechanism too. Only whoever runs the installation "
        "invites them, by command."
    )


class RoleInvalid(MechanismError):
    """A role was given without the organisation or party it belongs to, or with one too many."""

    code = "role_invalid"
    screen = _("This role needs its organisation or party, and no other.")


class RoleHeld(MechanismError):
    """The person holds that role already."""

    code = "role_already_held"
    screen = _("The person holds that role already.")


class RoleEnded(MechanismError):
    """The role has ended already."""

    code = "role_already_ended"
    screen = _("That role has ended already.")


class OrganisationInvalid(MechanismError):
    """An organisation has no name, or one that is too long."""

    code = "organisation_invalid"
    screen = _("Write the name of the organisation, in at most 300 letters and on one line.")


class OrganisationExists(MechanismError):
    """An organisation of that name has applied or is vetted."""

    code = "organisation_exists"
    screen = _("An organisation of that name has applied or is vetted.")


class OrganisationNotVetted(MechanismError):
    """The organisation has not been vetted, or is suspended."""

    code = "organisation_not_vetted"
    screen = _(
        "Your organisation is not vetted at present, or is suspended. Nothing was recorded; what "
        "stands, stands."
    )


class OrganisationNotOpen(MechanismError):
    """The organisation is not in the state that the act needs."""

    code = "organisation_wrong_state"
    screen = _("The organisation is no longer in the state in which this can be done.")


class ApplicationNotOpen(MechanismError):
    """An application was taken up or set aside already."""

    code = "application_wrong_state"
    screen = _("This application was answered already.")


class AlreadyDecided(MechanismError):
    """That person has decided on this application already."""

    code = "vetting_already_decided"
    screen = _("You have decided on this application; the next decision is another person's.")


class NoteInvalid(MechanismError):
    """A note has no text, or a text under something that is no language."""

    code = "note_invalid"
    screen = _("Write the note in each language that it is shown in, at most 20,000 letters each.")
