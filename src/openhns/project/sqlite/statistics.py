"""What SQLite's planner goes by, counted afresh; PostgreSQL does so by itself."""

from typing import Final

from django.db import connection

# Rows of each index that are looked at: milliseconds, however large the register.
_LOOKED_AT: Final = 1_000


def refresh_statistics() -> None:
    """Let SQLite see how its tables are filled, else it takes indexes that hardly select.

    Source: sqlite.org/lang_analyze.html, section 4, "Approximate ANALYZE For Large Databases".
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {_LOOKED_AT}")
        cursor.execute("ANALYZE")
