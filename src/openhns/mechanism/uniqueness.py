"""Two processes that do the same at once: the database lets one win, the other gets a name."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction


@contextmanager
def unique_or(error: Exception) -> Iterator[None]:
    """Raise `error` where a unique constraint refuses the rows written inside.

    The savepoint keeps the caller's transaction usable. Write nothing else inside: a refused
    foreign key would be given the same name.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise error from None
