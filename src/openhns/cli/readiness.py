"""Whether this installation can be worked with, said before a command begins."""

from pathlib import Path

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection

from openhns.mechanism.models import Mechanism
from openhns.project.checks import check_configuration


class Misconfigured(Exception):
    """An OPENHNS_* variable or a file's mode is wrong."""

    code = "misconfigured"


class NotInitialised(Exception):
    """No installation stands in this data folder and database."""

    code = "not_initialised"


def require_sound_configuration() -> None:
    """Raise Misconfigured with every error that the system checks find."""
    errors = [item for item in check_configuration(None) if item.level >= checks.ERROR]
    if errors:
        found = " ".join(f"{item.msg} ({item.id})" for item in errors)
        raise Misconfigured(f"{found} `openhns check` says what to do.")


def require_installation() -> None:
    """Raise NotInitialised unless `openhns init` has prepared the database."""
    if not _database_exists() or not _has_tables():
        raise NotInitialised(
            "No installation stands here: run `openhns init --mechanism SLUG` first, or point "
            "OPENHNS_DATA and OPENHNS_DATABASE_URL to the one that you mean."
        )


def _database_exists() -> bool:
    """Look for SQLite's file first, for opening it would make it."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or name.startswith((":", "file:")):
        return True
    return Path(name).exists() and Path(settings.OPENHNS_DATA).exists()


def _has_tables() -> bool:
    try:
        return Mechanism._meta.db_table in connection.introspection.table_names()
    except DatabaseError:
        # A server that does not answer is told apart from one without our tables.
        connection.ensure_connection()
        raise
