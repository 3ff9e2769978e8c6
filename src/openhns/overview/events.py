"""What this room writes into the record."""

from openhns.record.names import EventName


class OverviewEvent(EventName):
    """Each event of this room: `subject:action` and what it says."""

    EDITION_PUBLISHED = "edition:published", "The public figures of a fixed day, whole."
    AUDITED = "log:audited", "The record was compared with the log, with so many findings."
