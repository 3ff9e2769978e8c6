"""Django's SQLite, which waits where two processes open a new file at the same moment."""

import sqlite3
import time
from typing import Any, Final

from django.db.backends.sqlite3 import base

_PAUSE_SECONDS: Final = 0.02


class DatabaseWrapper(base.DatabaseWrapper):
    """Opens a file in WAL mode.

    SQLite does not wait for its turn when it puts a new file into WAL mode, whatever its timeout
    (sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY In WAL Mode"), so we do.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file, within the timeout of the database's options."""
        until = time.monotonic() + conn_params["timeout"]
        while True:
            try:
                return super().get_new_connection(conn_params)
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
            time.sleep(_PAUSE_SECONDS)
