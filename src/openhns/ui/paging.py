"""Long lists in pages: how many there are, which of them are shown, and where the next ones are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_SIZE: Final = 25
_NUMBER: Final = re.compile(r"[0-9]{1,7}")

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Paged(Generic[Row]):
    """One page of a list; `number` counts from 1, `total` counts the whole list."""

    rows: list[Row]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (self.number - 1) * self.size + len(self.rows)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None

    def of(self, rows: list[Any]) -> "Paged[Any]":
        """Return the same page with other rows in it: what is shown of each."""
        return Paged(rows, self.number, self.total, self.size)


def page_of(
    request: HttpRequest,
    rows: QuerySet[Any] | Sequence[Any],
    size: int = PAGE_SIZE,
    *,
    total: int | None = None,
) -> Paged[Any]:
    """Return the page that `?page=N` asks for; a number that makes no sense is the first page.

    `total` is how many rows there are, where the caller knows it for less than a count.
    """
    wanted = request.GET.get("page", "1")
    number = max(1, int(wanted)) if _NUMBER.fullmatch(wanted) else 1
    if number == 1 and total is None and isinstance(rows, QuerySet):
        return _first_page(rows, size)
    if total is None:
        total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    number = min(number, max(1, -(-total // size)))
    start = (number - 1) * size
    return Paged(list(rows[start : start + size]), number, total, size)


def _first_page(rows: QuerySet[Any], size: int) -> Paged[Any]:
    """Return the first page; a list that ends on it is not counted as well."""
    found = list(rows[: size + 1])
    total = len(found) if len(found) <= size else rows.count()
    return Paged(found[:size], 1, total, size)
