"""What this room writes into the record."""

from openhns.record.names import EventName


class MechanismEvent(EventName):
    """Each event of this room: `subject:action` and what it says."""

    SET_UP = "mechanism:set-up", "A mechanism begins, with its policy and signing key."
    POLICY_CHANGED = "policy:changed", "The policy of a mechanism changed."
    ORGANISATION_APPLIED = "organisation:applied", "An organisation asks to take part."
    ORGANISATION_DECIDED = "organisation:decided", "One person decided on an organisation."
    ORGANISATION_SUSPENDED = "organisation:suspended", "An organisation is suspended."
    EXACT_PLACES_READ = "exact-places:read", "Somebody read exact places; the journal says who."
    PERSON_ENTERED = "person:entered", "A person got an account."
    PERSON_INVITED = "person:invited", "A person was invited to choose a password."
    INVITATION_ACCEPTED = "invitation:accepted", "An invited person chose a password."
    TOKEN_MADE = "token:made", "A program may act in one role of a person."
    TOKEN_REVOKED = "token:revoked", "A program's token counts no longer."
    ROLE_GRANTED = "role:granted", "A person was given a role."
    ROLE_ENDED = "role:ended", "A role of a person ended."
    JOURNAL_DIGESTED = (
        "journal:digested",
        "How often exact places were read on a day.",
    )
    NOTE_WRITTEN = "note:written", "The operator wrote to all organisations."
    NOTE_READ = "note:read", "An organisation read a note."
