"""Insert rows: few through the ORM, many by the fastest way that each database has."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC
from functools import lru_cache, partial
from itertools import islice
from operator import attrgetter
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

MANY: Final = 100
_AT_ONCE: Final = 1_000
Prepare = Callable[[Any], Any]
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
    names = [field.attname for field in _fields(model)]
    insert_values(model, names, map(attrgetter(*names), rows))
    return rows


def insert_values(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[Any],
    values_of: Callable[[Any], Sequence[Any]] = tuple,
) -> None:
    """Insert rows given by their values, in the order of the attributes that `names` lists.

    A model's instance for each of many rows would cost more than the insert. `rows` may read
    the database while it is gone through; `values_of`, which makes a row's values of what
    stands in `rows`, must not, for PostgreSQL takes in one row while the next is made.
    """
    fields = {field.attname: field for field in _fields(model)}
    prepares = [_preparing(fields[name]) for name in names]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(fields[name].column)) for name in names)
    into = f"{quote(model._meta.db_table)} ({columns})"
    write = _copy if connection.vendor == "postgresql" else _execute_many
    types = [_type_of(fields[name]) for name in names]
    rows = iter(rows)
    while some := list(islice(rows, _AT_ONCE)):
        write(into, types, (_prepared(values_of(row), prepares) for row in some))


def _fields(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """Return the model's columns; a key that the database counts up is left to the database."""
    return [
        field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)
    ]


def _type_of(field: "models.Field[Any, Any]") -> str:
    """Return the name of a column's type, without its length."""
    return str(
        field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    ).partition("(")[0]


def _execute_many(into: str, types: Sequence[str], rows: Iterable[list[Any]]) -> None:
    marks = ", ".join(["%s"] * len(types))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", list(rows))  # noqa: S608 - our table and columns.


def _copy(into: str, types: Sequence[str], rows: Iterable[list[Any]]) -> None:
    # Errors keep the names by which callers know them: Django wraps those of `copy` nowhere.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {into} FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _prepared(row: Sequence[Any], prepares: Sequence[Prepare | None]) -> list[Any]:
    return [
        value if prepare is None else prepare(value)
        for value, prepare in zip(row, prepares, strict=True)
    ]


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
