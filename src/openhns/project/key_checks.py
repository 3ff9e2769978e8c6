"""System checks that compare the key files with the database: `openhns check` alone runs them.

Other commands do not: each stops with its own error once it needs a key that is not right.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from django.apps.config import AppConfig
from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection

from openhns.mechanism.errors import SigningKeyUnusable
from openhns.mechanism.models import Mechanism
from openhns.mechanism.signing import key_path as notice_key_path
from openhns.mechanism.signing import notice_key
from openhns.project.checks import message_of
from openhns.project.configuration import Problem
from openhns.record.errors import LogKeyUnusable
from openhns.record.log_key import key_path as log_key_path
from openhns.record.log_key import signer_of
from openhns.record.models import Log
from openhns.sealing.keys import MasterKeyError, UnknownKey, read_master_key, unwrap
from openhns.vault.models import DataKey

TAG: Final = "openhns-keys"


def register_checks() -> None:
    """Add the check to Django's under its own tag; it looks only where a database is named."""
    checks.register(check_keys, TAG)


def check_keys(
    app_configs: Sequence[AppConfig] | None = None,
    databases: Sequence[str] | None = None,
    **_: Any,
) -> list[checks.CheckMessage]:
    """Return a message for each key file that does not fit what the database holds."""
    del app_configs
    if not databases or not _database_is_there():
        return []
    try:
        return [message_of(problem) for problem in _problems()]
    except DatabaseError:
        return [message_of(Problem("openhns.E021", "OPENHNS_DATABASE_URL"))]


def _database_is_there() -> bool:
    """Look for SQLite's file first, for opening it would make it."""
    if connection.vendor != "sqlite":
        return connection.vendor == "postgresql"
    name = str(connection.settings_dict["NAME"])
    return name.startswith((":", "file:")) or Path(name).exists()


def _problems() -> Iterator[Problem]:
    """Yield what is wrong; nothing before `openhns init` has made the tables."""
    tables = set(connection.introspection.table_names())
    if {model._meta.db_table for model in (DataKey, Log, Mechanism)} <= tables:
        yield from _master_key()
        yield from _log_keys()
        yield from _notice_keys()


def _master_key() -> Iterator[Problem]:
    rows = list(DataKey.objects.order_by("scope", "number"))
    path = Path(settings.OPENHNS_MASTER_KEY_FILE)
    if not rows:
        return
    if not path.exists():
        yield Problem("openhns.E016", "OPENHNS_MASTER_KEY_FILE")
        return
    try:
        master = read_master_key(path)
        for row in rows:
            unwrap(master, row.scope, row.number, bytes(row.wrapped))
    except MasterKeyError:
        yield Problem("openhns.E017", "OPENHNS_MASTER_KEY_FILE")
    except UnknownKey:
        yield Problem("openhns.E018", "OPENHNS_MASTER_KEY_FILE")


def _log_keys() -> Iterator[Problem]:
    for log in Log.objects.order_by("name"):
        try:
            signer_of(log)
        except LogKeyUnusable:
            file = log_key_path(log.name).name
            yield Problem("openhns.E019", "OPENHNS_DATA", f"The file is {file}.")


def _notice_keys() -> Iterator[Problem]:
    for mechanism in Mechanism.objects.order_by("slug"):
        try:
            notice_key(mechanism)
        except SigningKeyUnusable:
            file = notice_key_path(mechanism.id).name
            yield Problem("openhns.E020", "OPENHNS_DATA", f"The file is {file}.")
