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
    INVITATION_WITHDRAWN = "invitation:withdrawn", "An invitation counts no longer."
    INVITATION_ACCEPTED = "invitation:accepted", "An invited person chose a password."
    APPLICATION_RECEIVED = (
        "application:received",
        "Somebody without an account asks for an organisation.",
    )
    APPLICATION_TAKEN_UP = "application:taken-up", "The operator took up such an application."
    APPLICATION_SET_ASIDE = "application:set-aside", "The operator set it aside, with a reason."
    PROPOSAL_MADE = "proposal:made", "Somebody asks for what takes two persons."
    PROPOSAL_AGREED = "proposal:agreed", "A second person agreed to it."
    PROPOSAL_DECLINED = "proposal:declined", "A second person declined, with a reason."
    PROPOSAL_TAKEN_BACK = "proposal:taken-back", "Who asked for it asks no longer."
    EXPORT_TAKEN = "export:taken", "A file left the operator; it says how many rows and its hash."
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
