"""Preparing an installation: folder, master key, secret, tables; one process at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from openhns.project.data_folder import (
    make_private_file,
    make_private_folder,
    prepare_data_folder,
)
from openhns.record.log_key import key_path
from openhns.record.models import Log
from openhns.vault.actions import do_make_keys, ensure_master_key
from openhns.vault.models import INSTALLATION

_ADVISORY: Final = 0x4F48_4E53  # "OHNS": any number that no other program would lock.


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other process installs: by a file here, by the server on PostgreSQL."""
    make_private_folder(Path(settings.OPENHNS_DATA))
    prepare_data_folder(Path(settings.OPENHNS_DATA))
    with (Path(settings.OPENHNS_DATA) / "tmp" / "init.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY])


def prepare() -> Path:
    """Bring folder, keys and tables up to date; return where the master key lies."""
    master = ensure_master_key()
    str(settings.SECRET_KEY)  # Made on first need; whoever serves later may not write here.
    _begin_database_file()
    _migrate()
    do_make_keys(INSTALLATION)
    return master


def _migrate() -> None:
    """Bring the tables up to date, all of them or none.

    Django commits some migrations before it records them: cut off in between, it would begin the
    same one again and stop at tables that are there. SQLite changes tables only while foreign keys
    are not enforced, and that is set before a transaction; each migration checks them itself.
    """
    with connection.constraint_checks_disabled(), transaction.atomic():
        call_command("migrate", interactive=False, verbosity=0)


def _begin_database_file() -> None:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and Path(name).is_absolute():
        make_private_file(Path(name))


def set_unused_log_key_aside(slug: str) -> None:
    """Move away the key of a log whose beginning was interrupted before it was recorded.

    Such a key has signed nothing: a checkpoint is signed only after the log stands in the
    database. Where a checkpoint was published the key stays, and beginning the log is refused.
    """
    key = key_path(slug)
    data = Path(settings.OPENHNS_DATA)
    published = any((data / folder / "checkpoint").exists() for folder in _folders(slug))
    if key.exists() and not published and not Log.objects.filter(name=slug).exists():
        key.rename(key.with_name(f"{key.name}.unused-{timezone.now():%Y%m%dT%H%M%S%f}"))


def _folders(slug: str) -> list[str]:
    taken = set(Log.objects.values_list("folder", flat=True))
    return [folder for folder in ("tiles", f"logs/{slug}") if folder not in taken]
