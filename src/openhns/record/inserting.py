"""Insert rows: few through the ORM, many by the fastest way that each database has."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from functools import lru_cache, partial
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

MANY: Final = 100
Prepare = Callable[[Any], Any]
Columns = list[tuple[str, str, Prepare | None]]
Row = TypeVar("Row", bound=models.Model)

_PLAIN: Final = (
    models.CharField,
    models.BinaryField,
    models.BooleanField,
    models.BigIntegerField,
)


def insert(rows: list[Row]) -> list[Row]:
    """Insert rows of one table in their order, in the caller's transaction.

    Of many rows neither signals are sent nor defaults of the database read back.
    """
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
    return [(str(field.column), field.attname, _preparing(field)) for field in fields]


def _execute_many(rows: Sequence[models.Model], columns: Columns, into: str) -> None:
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {into} VALUES ({marks})"  # noqa: S608 - our table and columns.
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(_values(rows, columns)))


def _copy(rows: Sequence[models.Model], columns: Columns, into: str) -> None:
    # Errors keep the names by which callers know them: Django wraps those of `copy` nowhere.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {into} FROM STDIN") as copy,
    ):
        for values in _values(rows, columns):
            copy.write_row(values)


def _values(rows: Sequence[models.Model], columns: Columns) -> Iterator[tuple[Any, ...]]:
    """Yield each row's values as the database takes them."""
    for row in rows:
        yield tuple(
            getattr(row, name) if prepare is None else prepare(getattr(row, name))
            for _, name, prepare in columns
        )


def _preparing(field: "models.Field[Any, Any]") -> Prepare | None:
    """Return what makes a value fit for the database, None where it goes as it stands."""
    # The connection itself: its proxy looks itself up at each of a hundred thousand uses.
    prepare = partial(field.get_db_prep_save, connection=connections[DEFAULT_DB_ALIAS])
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(kind, _PLAIN):
        return None
    takes_objects = connection.vendor == "postgresql"
    if isinstance(kind, models.UUIDField):
        return None if takes_objects else partial(_identifier, prepare)
    if isinstance(kind, models.DateTimeField):
        # Rows written together share most of their moments.
        return None if takes_objects else partial(_moment, lru_cache(maxsize=256)(prepare), prepare)
    return prepare


def _identifier(prepare: Prepare, value: Any) -> Any:
    return value.hex if isinstance(value, UUID) else prepare(value)


def _moment(remembered: Prepare, prepare: Prepare, value: Any) -> Any:
    # Moments of other zones may be equal and yet be written differently, in the hour that an
    # autumn has twice.
    is_utc = value is not None and value.tzinfo is UTC
    return remembered(value) if is_utc else prepare(value)
