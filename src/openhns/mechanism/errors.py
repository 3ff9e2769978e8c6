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


class PolicyInvalid(MechanismError):
    """A policy lacks a figure, has one too many, or one out of its range."""

    code = "policy_invalid"


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


class PersonExists(MechanismError):
    """A person with that e-mail address has an account."""

    code = "person_exists"


class PersonNotFound(MechanismError):
    """Nobody has an account under that handle or e-mail address."""

    code = "person_not_found"


class InvitationUnusable(MechanismError):
    """An invitation is used, withdrawn, too old, or never was."""

    code = "invitation_unusable"
    screen = _("This invitation is used, withdrawn or too old. Ask the operator for a new one.")


class RoleInvalid(MechanismError):
    """A role was given without the organisation or party it belongs to, or with one too many."""

    code = "role_invalid"


class RoleHeld(MechanismError):
    """The person holds that role already."""

    code = "role_already_held"


class RoleEnded(MechanismError):
    """The role has ended already."""

    code = "role_already_ended"


class OrganisationInvalid(MechanismError):
    """An organisation has no name, or one that is too long."""

    code = "organisation_invalid"


class OrganisationExists(MechanismError):
    """An organisation of that name has applied or is vetted."""

    code = "organisation_exists"


class OrganisationNotVetted(MechanismError):
    """The organisation has not been vetted, or is suspended."""

    code = "organisation_not_vetted"


class OrganisationNotOpen(MechanismError):
    """The organisation is not in the state that the act needs."""

    code = "organisation_wrong_state"


class AlreadyDecided(MechanismError):
    """That person has decided on this application already."""

    code = "vetting_already_decided"


class NoteInvalid(MechanismError):
    """A note has no text, or a text under something that is no language."""

    code = "note_invalid"
