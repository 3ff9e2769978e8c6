"""Insert rows: few through the ORM, many by the fastest way that each database has."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

MANY: Final = 100
Columns = list[tuple[str, str, Callable[..., Any] | None]]
Row = TypeVar("Row", bound=models.Model)


def insert(rows: list[Row]) -> list[Row]:
    """Insert rows of one table in their order, in the caller's transaction."""
    if not rows:
        return rows
    model = type(rows[0])
    if len(rows) < MANY:
        return model._default_manager.bulk_create(rows)
    columns = _columns(model)
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(name) for name, _, _ in columns)
    if connection.vendor == "postgresql":
        _copy(rows, columns, f"{table} ({names})")
    else:
        _execute_many(rows, columns, f"{table} ({names})")
    return rows


def _columns(model: type[models.Model]) -> Columns:
    """Return each column's name, its attribute, and what prepares its value where that is due.

    A key that the database counts up is left to the database.
    """
    fields = [
        field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)
    ]
    return [
        (str(field.column), field.attname, None if _is_plain(field) else field.get_db_prep_save)
        for field in fields
    ]


def _execute_many(rows: Sequence[models.Model], columns: Columns, into: str) -> None:
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {into} VALUES ({marks})"  # noqa: S608 - our table and columns.
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(_values(rows, columns)))


def _copy(rows: Sequence[models.Model], columns: Columns, into: str) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {into} FROM STDIN") as copy,
    ):
        for values in _values(rows, columns):
            copy.write_row(values)


def _values(rows: Sequence[models.Model], columns: Columns) -> Iterator[tuple[Any, ...]]:
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
