"""What can go wrong with the record, each with a stable code."""


class RecordError(Exception):
    """The record cannot do what was asked."""

    code = "record_error"


class UnknownEvent(RecordError):
    """An event's name stands in no room's enumeration."""

    code = "event_unknown"


class OutsideTransaction(RecordError):
    """An event was to be written apart from the change that it records."""

    code = "event_outside_transaction"


class LogNotFound(RecordError):
    """No log of that name is kept here."""

    code = "log_not_found"


class LogBehind(RecordError):
    """The database lies behind what was published: signing would fork the log."""

    code = "log_behind_published"


class LogForked(RecordError):
    """The database and the published log tell two different stories."""

    code = "log_forked"


class LogKeyUnusable(RecordError):
    """The key that signs checkpoints is missing or is another one."""

    code = "log_key_unusable"


class RaceLost(RecordError):
    """Another process put a tick into the log first; nothing was lost, try again."""

    code = "tick_race_lost"


class LogNotPublished(RecordError):
    """The folder of the published log is gone."""

    code = "log_not_published"
