"""What this room writes into the record."""

from openhns.record.names import EventName


class IncidentsEvent(EventName):
    """Each event of this room: `subject:action` and what it says."""

    REPORTED = "incident:reported", "An attack was reported."
    CLAIM_RECORDED = "claim:recorded", "What one source says of an incident, verbatim."
    MATCHED = "incident:matched", "An incident against what each party held at that moment."
    CERTIFIED = "certificate:issued", "The status of notification at the time of an incident."
    PUBLICATION_AGREED = "publication:agreed", "An organisation lets an incident be listed."
    PUBLICATION_WITHDRAWN = "publication:withdrawn", "An organisation took that agreement back."
