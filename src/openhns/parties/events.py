"""What this room writes into the record."""

from openhns.record.names import EventName


class PartiesEvent(EventName):
    """Each event of this room: `subject:action` and what it says."""

    PARTICIPATION_STATED = "participation:stated", "A party takes part, is suspended or has left."
    PARTICIPATION_FILED = "participation:filed", "The reason and document of such a statement."
    PARTY_WITHDRAWN = "party:withdrawn", "What a party held when it left, and why it left."
    FOCAL_POINT_NAMED = "focal-point:named", "A party named whom the operator reaches."
    KEY_REGISTERED = "party-key:registered", "A key of a party, with proof of possession."
    KEY_REVOKED = "party-key:revoked", "A key of a party counts no longer, from a stated time."
