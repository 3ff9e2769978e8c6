"""What can go wrong with parties and their keys, each with a stable code."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PartiesError(Exception):
    """What was asked of a party cannot be done.

    `hidden`: screens answer "not found". `screen`: what a screen says in place of the message.
    """

    code: ClassVar[str] = "parties_error"
    exit_status: ClassVar[int] = 2
    hidden: ClassVar[bool] = False
    screen: ClassVar[str | Promise | None] = None


class PartyNotFound(PartiesError):
    """No party of that name belongs to this mechanism."""

    code = "party_not_found"
    hidden = True


class PartyExists(PartiesError):
    """A party of that name belongs to this mechanism already."""

    code = "party_exists"
    screen = _(
        "There is a party of that name already, or one that a reader would take for it. Choose a "
        "name that differs by more than case, signs or blanks."
    )


class PartyInvalid(PartiesError):
    """A party's or a focal point's facts have not the form that they must have."""

    code = "party_invalid"
    screen = _("A name is missing, too long, or holds signs that cannot be seen.")


class ParticipationInvalid(PartiesError):
    """A statement on participation has no such status, or a time without a zone."""

    code = "participation_invalid"


class PartyNotParticipating(PartiesError):
    """The party does not take part at that moment: it is suspended or has left."""

    code = "party_not_participating"
    screen = _("The party takes no part at present: nothing new is sent to it.")


class KeyInvalid(PartiesError):
    """The key is none that a strict verifier accepts, or its grade is neither A nor B."""

    code = "party_key_invalid"
    screen = _("This key cannot be registered here.")


class PossessionNotProven(PartiesError):
    """Whoever registers the key has not shown to hold its private half, for this party here."""

    code = "party_key_possession_not_proven"
    screen = _("The key's proof does not hold: it was made for another party, or was altered.")


class KeyTaken(PartiesError):
    """The key belongs to another party, or was registered before: a key is never used again."""

    code = "party_key_taken"
    screen = _("This key is another party's. Make a new one.")


class KeyRevoked(PartiesError):
    """The key was revoked: nothing that it signs from then on counts."""

    code = "party_key_revoked"
    screen = _("This key was revoked, from that time or an earlier one.")


class KeyNotFound(PartiesError):
    """No key of that thumbprint is registered for this party."""

    code = "party_key_not_found"
    hidden = True


class RevocationDatedBack(PartiesError):
    """A party revokes from now on alone: otherwise it could take back what it has answered."""

    code = "party_key_revocation_dated_back"
