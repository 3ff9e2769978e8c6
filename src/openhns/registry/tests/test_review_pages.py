"""The reviewers' queue, and clearing at once what every check passes: through the pages."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from openhns.jobs.actions import drain
from openhns.mechanism.models import Errand, ExactRead
from openhns.registry.actions import do_sign_all
from openhns.registry.models import Version
from openhns.registry.tests.building import clinic, submit
from openhns.testing_world import World, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


@pytest.fixture
def strict_world(data_folder: Path) -> World:
    del data_folder
    return make_world("two-person")


def _queue(world: World) -> str:
    return f"/{world.mechanism.slug}/review/"


def _passing(world: World) -> str:
    return f"/{world.mechanism.slug}/review/passing/"


def _read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def _order(client: Client, world: World, key: object = None) -> str:
    """Order that all be cleared that passes, let it be done, and return the page that says so."""
    answer = client.post(_passing(world), {"key": str(key or uuid4())})
    assert answer.status_code == 302
    drain()
    return _read(client, answer.headers["Location"])


def test_urgent_versions_come_first_then_the_oldest(world: World) -> None:
    submit(world, clinic(1))
    submit(world, clinic(2, urgent=True))
    submit(world, clinic(3))
    text = _read(visitor(world.bob), _queue(world))
    places = [text.index(f"Aljanabandia clinic {number}") for number in (2, 1, 3)]
    assert places == sorted(places)
    assert "1 of them is urgent." in text
    assert "Ministry of Health" in text
    assert ExactRead.objects.filter(person=world.bob, listings=3).exists()


def test_an_empty_queue_says_so_and_journals_nothing(world: World) -> None:
    assert "Nothing waits for a decision." in _read(visitor(world.bob), _queue(world))
    assert not ExactRead.objects.exists()


def test_only_reviewers_find_the_queue(world: World) -> None:
    submit(world, clinic(1))
    for address in (_queue(world), _passing(world), f"{_passing(world)}{uuid4()}/"):
        for person in (world.alice, world.outsider):
            assert visitor(person).get(address).status_code == 404
    assert visitor(world.alice).post(_passing(world), {"key": str(uuid4())}).status_code == 404
    assert not Errand.objects.exists()


def test_the_queue_takes_as_many_queries_for_many_as_for_few(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, 31):
        submit(world, clinic(number))
    client = visitor(world.bob)
    with django_assert_max_num_queries(40):
        assert "Showing 1 to 25 of 30" in _read(client, _queue(world))


def test_what_passes_is_foreseen_then_cleared_and_what_is_held_says_why(world: World) -> None:
    submit(world, clinic(1))
    submit(world, clinic(2))
    submit(world, clinic(3, latitude="16.3", longitude="-0.05"))
    client = visitor(world.bob)
    foreseen = _read(client, _passing(world))
    assert '<span class="big">2</span>' in foreseen
    assert "Position is precise enough" in foreseen
    assert Version.objects.filter(status=Version.Status.SUBMITTED).count() == 3
    done = _order(client, world)
    assert '<span class="big">2</span>' in done
    assert "versions were cleared for relay" in done
    assert Version.objects.filter(status=Version.Status.CLEARED).count() == 2


def test_one_form_is_one_order(world: World) -> None:
    submit(world, clinic(1))
    client, key = visitor(world.bob), uuid4()
    for _ in range(2):
        assert '<span class="big">1</span>' in _order(client, world, key)
    assert Errand.objects.count() == 1


def test_a_key_that_is_none_orders_nothing(world: World) -> None:
    assert visitor(world.bob).post(_passing(world), {"key": "7"}).status_code == 200
    assert not Errand.objects.exists()


def test_before_it_is_done_the_page_says_that_it_waits(world: World) -> None:
    submit(world, clinic(1))
    answer = visitor(world.bob).post(_passing(world), {"key": str(uuid4())}, follow=True)
    assert "This waits for its turn." in answer.content.decode()


def test_two_persons_clear_what_passes(strict_world: World) -> None:
    world = strict_world
    submit(world, clinic(1))
    assert "second signature" in _read(visitor(world.bob), _passing(world))
    do_sign_all(world.organisation, acting_user=world.second_approver)
    assert "Ready for review" in _read(visitor(world.bob), _queue(world))
    assert "waits for a second person" in _order(visitor(world.bob), world)
    assert "One of two has cleared it" in _read(visitor(world.second_operator), _queue(world))
    assert "version was cleared" in _order(visitor(world.second_operator), world)
