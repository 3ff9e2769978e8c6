"""From an exception to one line: what happened, what to do, and a status. Never a traceback."""

import os
import sys
import traceback
from dataclasses import dataclass
from typing import Final

INTERNAL: Final = 70  # sysexits.h, EX_SOFTWARE: a fault of this program and no answer.
_INTERRUPTED: Final = 130


@dataclass(frozen=True, slots=True)
class Fault:
    """What is shown of an error."""

    message: str
    code: str
    exit_status: int = 2


def fault_of(error: BaseException) -> Fault:
    """Return what is shown; a named error speaks for itself."""
    code = getattr(error, "code", None)
    if isinstance(code, str) and code:
        return Fault(str(error), code, getattr(error, "exit_status", 2))
    if isinstance(error, KeyboardInterrupt):
        return Fault("Interrupted; what was done so far is kept.", "interrupted", _INTERRUPTED)
    if isinstance(error, OSError) and error.errno is not None:
        return _file_fault(error)
    return _database_fault(error) or _internal(error)


def _file_fault(error: OSError) -> Fault:
    where = f": {error.filename}" if error.filename else ""
    return Fault(f"{error.strerror}{where}.", "file_error")


def _database_fault(error: BaseException) -> Fault | None:
    """Name a database's fault by its class: its text may repeat what was to be stored."""
    module = sys.modules.get("django.db")
    if module is None or not isinstance(error, module.Error):
        return None
    if "locked" in str(error):
        return Fault(
            "Another process held the database too long; nothing was changed. Try again.",
            "database_busy",
        )
    _show_if_wanted(error)
    return Fault(
        f"The database cannot be used ({type(error).__name__}): see that it runs, that "
        "OPENHNS_DATABASE_URL names it, and that `openhns init` has brought it up to date.",
        "database_unusable",
    )


def _internal(error: BaseException) -> Fault:
    """Name a fault of ours by its class and line; its text may hold what was being handled."""
    _show_if_wanted(error)
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    line = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "?"
    return Fault(
        f"A fault of this program ({type(error).__name__} at {line}). The change under way was "
        "rolled back. OPENHNS_DEBUG=yes shows more.",
        "internal_error",
        INTERNAL,
    )


def _show_if_wanted(error: BaseException) -> None:
    if os.environ.get("OPENHNS_DEBUG", "").lower() in {"1", "yes", "true", "on"}:
        traceback.print_exception(error)
