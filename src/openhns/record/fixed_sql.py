"""The few questions that every page asks, in SQL that is not put together anew each time.

Django takes three to ten times as long to write such a question as the database to answer it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)
_IDENTIFIER: Final = models.UUIDField()


def rows_by_sql(model: type[Row], sql: str, *given: Any) -> list[Row]:
    """Return rows of a model; the SQL selects all its columns and names `given` by `%s`."""
    return list(model._base_manager.raw(sql, _adapted(given)))


def row_by_sql(model: type[Row], sql: str, *given: Any) -> Row | None:
    """Return the first such row, if there is one."""
    return next(iter(rows_by_sql(model, sql, *given)), None)


def values_by_sql(sql: str, *given: Any) -> Sequence[Any]:
    """Return the columns of the one row that there is."""
    with connection.cursor() as cursor:
        cursor.execute(sql, _adapted(given))
        found: Sequence[Any] = cursor.fetchone()
    return found


def _adapted(given: Iterable[Any]) -> list[Any]:
    return [_kept(each) for each in given]


def _kept(value: Any) -> Any:
    """Return an identifier or a moment as this database keeps it, and all else as it stands."""
    if isinstance(value, UUID):
        return _IDENTIFIER.get_db_prep_value(value, connection)
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
