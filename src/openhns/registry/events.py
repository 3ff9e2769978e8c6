"""What this room writes into the record."""

from openhns.record.names import EventName


class RegistryEvent(EventName):
    """Each event of this room: `subject:action` and what it says."""

    SITE_SUBMITTED = "site:submitted", "A version of a site was submitted and checked."
    MOVEMENT_SUBMITTED = "movement:submitted", "A version of a movement was submitted and checked."
    VERSION_SIGNED = "version:signed", "The organisation signed a version a second time."
    VERSION_DECIDED = "version:decided", "An operator cleared, returned or refused a version."
    CONSENT_GIVEN = "consent:given", "An organisation agreed that a party be told."
    CONSENT_SUSPENDED = "consent:suspended", "A consent rests, for its party has left."
    CONSENT_REVOKED = "consent:revoked", "An organisation took its consent back."
    SHEET_IMPORTED = "sheet:imported", "A sheet of sites or movements was imported."
