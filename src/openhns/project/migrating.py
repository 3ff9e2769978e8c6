"""A migration gives up rather than hold up a running service.

On PostgreSQL a statement that waits for a table lock makes every later query on that table wait
behind it. Ten seconds are enough where migrating is possible at all; otherwise it is tried again.
"""

from typing import Any

from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

LOCK_TIMEOUT = "10s"


def connect_limits() -> None:
    """Limit the wait for locks from the start of a migration until its end."""
    pre_migrate.connect(limit_lock_wait, dispatch_uid="openhns.limit_lock_wait")
    post_migrate.connect(lift_lock_limit, dispatch_uid="openhns.lift_lock_limit")


def limit_lock_wait(using: str, **_: Any) -> None:
    """Set the limit on the connection that migrates."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("SET lock_timeout = %s", [LOCK_TIMEOUT])


def lift_lock_limit(using: str, **_: Any) -> None:
    """Return the connection to the server's own limit."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("RESET lock_timeout")
