"""A page of a list says how long the whole list is, whichever of its pages is open."""

from uuid import uuid4

import pytest
from django.db.models import QuerySet
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from openhns.ui.paging import Paged, page_of
from openhns.vault.models import DataKey

pytestmark = pytest.mark.django_db
SIZE = 3


def _rows(count: int) -> QuerySet[DataKey]:
    scope, now = uuid4(), timezone.now()
    DataKey.objects.bulk_create(
        DataKey(scope=scope, number=number, wrapped=b"", made_at=now) for number in range(count)
    )
    return DataKey.objects.filter(scope=scope).order_by("number")


def _open(rows: QuerySet[DataKey], page: str, total: int | None = None) -> Paged[DataKey]:
    return page_of(RequestFactory().get("/", {"page": page}), rows, SIZE, total=total)


@pytest.mark.parametrize("count", range(2 * SIZE + 2))
@pytest.mark.parametrize("page", ["1", "2", "3", "9", "0", "-1", "x"])
def test_each_page_holds_its_rows_and_says_how_many_there_are(count: int, page: str) -> None:
    opened = _open(_rows(count), page)
    last = max(1, -(-count // SIZE))
    number = min(max(1, int(page)), last) if page.isdigit() else 1
    assert (opened.number, opened.total, opened.pages) == (number, count, last)
    assert [row.number for row in opened.rows] == list(range(count))[(number - 1) * SIZE :][:SIZE]


def test_a_list_that_ends_on_its_first_page_is_not_counted_as_well(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rows = _rows(SIZE)
    with django_assert_num_queries(1):
        assert _open(rows, "1").total == SIZE


def test_a_known_total_is_not_counted_again(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rows = _rows(SIZE + 1)
    with django_assert_num_queries(1):
        opened = _open(rows, "2", total=SIZE + 1)
    assert [row.number for row in opened.rows] == [SIZE]
