"""What this room writes into the record."""

from openhns.record.names import EventName


class NoticesEvent(EventName):
    """Each event of this room: `subject:action` and what it says."""

    PREPARED = "notice:prepared", "A notice to one party, with the hash of its signed text."
    BATCHED = "transmission:prepared", "A batch of notices waits to leave for a party."
    TRANSMITTED = "transmission:transmitted", "A batch of notices left for a party."
    PROOF_SENT = "transmission:proof-sent", "The proof followed a batch that had left before it."
    FAILED = "transmission:failed", "A batch of notices did not leave."
    RECEIPT_RECORDED = "receipt:recorded", "What a party said back, and what that proves."
    QUERY_REPLIED = "query:replied", "The operator replied to a party's query."
    OBJECTION_MADE = "objection:made", "A party objects, with grounds."
    OBJECTION_ANSWERED = "objection:answered", "An objection was answered."
    BUNDLE_MADE = "bundle:made", "A party's bundle was written, with its row count and hash."
