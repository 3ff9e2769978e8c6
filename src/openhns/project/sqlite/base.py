"""Django's SQLite, which waits where two processes open a new file at the same moment."""

import sqlite3
import time
from pathlib import Path
from typing import Any, Final

from django.db.backends.sqlite3 import base

_PAUSE_SECONDS: Final = 0.02


class DatabaseWrapper(base.DatabaseWrapper):
    """Opens a file in WAL mode.

    SQLite does not wait for its turn when it puts a new file into WAL mode, whatever its timeout
    (sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY In WAL Mode"), so we do.
    """

    _opened: tuple[int, int] | None = None

    def is_usable(self) -> bool:
        """Whether the file that is open is still the one of that name: it may have been restored.

        Django asks at the first query of each request, and at its end after an error: whatever
        that was, the next request begins with a new connection.
        """
        return not self.errors_occurred and self._opened == self._file()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file, within the timeout of the database's options."""
        self._opened = self._file()  # Before: a file that comes between is opened once more.
        until = time.monotonic() + conn_params["timeout"]
        while True:
            try:
                return super().get_new_connection(conn_params)
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
            time.sleep(_PAUSE_SECONDS)

    def _file(self) -> tuple[int, int] | None:
        """Return what tells the file of that name from any other; an open one's is not reused."""
        try:
            found = Path(self.settings_dict["NAME"]).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
