"""Insert events: few through the ORM, many by the fastest way that each database has."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from openhns.record.models import Event

MANY: Final = 100
Columns = list[tuple[str, str, Callable[..., Any] | None]]


def insert(rows: list[Event]) -> list[Event]:
    """Insert rows in their order, in the caller's transaction."""
    if len(rows) < MANY:
        return Event.objects.bulk_create(rows)
    columns = _columns()
    names = ", ".join(connection.ops.quote_name(name) for name, _, _ in columns)
    if connection.vendor == "postgresql":
        _copy(rows, columns, names)
    else:
        _execute_many(rows, columns, names)
    return rows


def _columns() -> Columns:
    """Return each column's name, its attribute, and what prepares its value where that is due."""
    fields = [field for field in Event._meta.concrete_fields if not field.primary_key]
    return [
        (str(field.column), field.attname, None if _is_plain(field) else field.get_db_prep_save)
        for field in fields
    ]


def _execute_many(rows: list[Event], columns: Columns, names: str) -> None:
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO record_event ({names}) VALUES ({marks})"  # noqa: S608 - our columns.
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(_values(rows, columns)))


def _copy(rows: list[Event], columns: Columns, names: str) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY record_event ({names}) FROM STDIN") as copy,
    ):
        for values in _values(rows, columns):
            copy.write_row(values)


def _values(rows: list[Event], columns: Columns) -> Iterator[tuple[Any, ...]]:
    """Yield each row's values as the database takes them."""
    # The connection itself: its proxy looks itself up at each of a hundred thousand uses.
    database = connections[DEFAULT_DB_ALIAS]
    for row in rows:
        yield tuple(
            getattr(row, name) if prepare is None else prepare(getattr(row, name), database)
            for _, name, prepare in columns
        )


def _is_plain(field: "models.Field[Any, Any]") -> bool:
    """Whether a value goes to the database as it stands."""
    return isinstance(
        field, models.CharField | models.BinaryField | models.BooleanField | models.BigIntegerField
    )
