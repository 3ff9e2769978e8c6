"""Input that no page of ours sends is refused, and is no fault of the program."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from openhns.mechanism.actions import do_make_token
from openhns.mechanism.models import Person, Role
from openhns.notices.answers import LONGEST_RECEIPT
from openhns.testing_world import World, kept, make_liaison, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
TOO_LONG = "a" * (LONGEST_RECEIPT + 1)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return kept(make_world)


@pytest.fixture
def liaison(world: World) -> Person:
    return make_liaison(world.parties[0], world.administrator)


def address(world: World, name: str, **more: Any) -> str:
    return reverse(
        name, kwargs={"mechanism": world.mechanism.slug, "party": world.parties[0].id} | more
    )


def test_a_receipt_that_is_too_long_is_not_read_in_the_page(world: World, liaison: Person) -> None:
    answer = visitor(liaison).post(
        address(world, "notices-receipts"),
        {"receipts": [TOO_LONG]},
        content_type="application/json",
    )
    assert answer.json()["error"]["code"] == "body_malformed"


def test_a_receipt_that_is_too_long_is_not_read_by_the_api(liaison: Person) -> None:
    _, token = do_make_token(Role.objects.get(person=liaison), acting_user=liaison)
    answer = Client().post(
        "/api/v1/receipts",
        {"receipts": [TOO_LONG]},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 422
    assert "receipts" in answer.json()["detail"]


HUGE = 10**19


@pytest.mark.parametrize("name", ["notices-notice", "notices-envelope", "notices-object"])
def test_a_party_finds_no_notice_of_a_number_that_is_too_large(
    world: World, liaison: Person, name: str
) -> None:
    assert visitor(liaison).get(address(world, name, number=HUGE)).status_code == 404


@pytest.mark.parametrize("name", ["notices-sent-notice", "notices-record-objection"])
def test_the_operator_finds_no_notice_of_a_number_that_is_too_large(
    world: World, name: str
) -> None:
    assert visitor(world.bob).get(address(world, name, number=HUGE)).status_code == 404


def test_nothing_is_handed_out_to_sign_under_a_number_that_is_too_large(
    world: World, liaison: Person
) -> None:
    body = {"numbers": [HUGE], "answer": "acknowledged", "echelon": "", "bulk": False}
    answer = visitor(liaison).post(
        address(world, "notices-to-sign"), body, content_type="application/json"
    )
    assert answer.status_code in {404, 422}
