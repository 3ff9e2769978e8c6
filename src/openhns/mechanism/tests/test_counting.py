"""What is counted beside the pages takes one thread of a process, and is not tried for ever."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from openhns.mechanism.access import record_exact_read
from openhns.mechanism.actions import do_write_note
from openhns.mechanism.counting import breathe, count_soon, counting_gives_way
from openhns.mechanism.state import Remembered, RememberedFor
from openhns.record.actions import do_tick
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def test_several_subjects_are_counted_by_one_thread(world: World) -> None:
    kept: Remembered[int] = Remembered()
    at_once, most, lock = [0], [0], threading.Lock()

    def count() -> int:
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        time.sleep(0.05)
        with lock:
            at_once[0] -= 1
        return 1

    subjects = [uuid4() for _ in range(5)]

    def all_counted() -> bool:
        asked = [kept.soon(each, world.mechanism.id, count, large=True) for each in subjects]
        return all(each.fresh for each in asked)

    assert eventually(all_counted)
    assert most == [1]


def test_a_count_that_fails_is_not_begun_again_at_once(world: World) -> None:
    kept: Remembered[int] = Remembered()
    subject, tries = uuid4(), []

    def fail() -> int:
        tries.append(1)
        raise ValueError

    end = time.monotonic() + 1
    while time.monotonic() < end:
        assert kept.soon(subject, world.mechanism.id, fail, large=True).value is None
        time.sleep(0.01)
    assert len(tries) == 1


def test_where_no_thread_starts_the_page_opens_and_a_later_one_counts(world: World) -> None:
    kept: Remembered[int] = Remembered()
    subject = uuid4()
    usual = threading.stack_size(2**46)  # More than any machine has.
    try:
        asked = kept.soon(subject, world.mechanism.id, lambda: 7, large=True)
    finally:
        threading.stack_size(usual)
    assert asked.value is None
    kept.forget()  # As if the half minute were over.
    assert eventually(
        lambda: kept.soon(subject, world.mechanism.id, lambda: 7, large=True).value == 7
    )


def test_what_is_kept_is_made_anew_after_a_change_and_not_after_a_reading(world: World) -> None:
    kept: Remembered[int] = Remembered()
    for_an_hour: RememberedFor[int] = RememberedFor(timedelta(hours=1))
    here, times, hours = world.mechanism.id, count(1), count(1)

    def found() -> tuple[int, int]:
        return kept.get(here, here, lambda: next(times)), for_an_hour.get(
            here, here, lambda: next(hours)
        )

    assert found() == (1, 1)
    do_write_note({"en": "One."}, mechanism=world.mechanism, acting_user=world.bob)
    assert found() == (2, 1)
    do_tick(here)
    record_exact_read(world.bob, world.mechanism, "review queue", [uuid4()])
    assert found() == (2, 1)
    do_write_note({"en": "Two."}, mechanism=world.mechanism, acting_user=world.bob)
    do_tick(here)  # The change stands in the log by now, and no longer waits for it.
    assert found() == (3, 1)


def test_what_is_counted_rests_longer_than_it_works_while_pages_are_asked_for() -> None:
    rested: list[float] = []

    def work() -> None:
        rests, begun = 0.0, time.thread_time()
        while time.thread_time() - begun < 0.1:
            before = time.monotonic()
            breathe()
            rests += time.monotonic() - before
        rested.append(rests)

    def counted() -> float:
        so_far = len(rested)
        count_soon(work)
        assert eventually(lambda: len(rested) > so_far)
        return rested[-1]

    counting_gives_way(lambda _: HttpResponse())(HttpRequest())
    beside = counted()
    assert beside > 0.15
    time.sleep(1.1)  # Nobody asks for a page.
    assert counted() < beside
    work()  # Somebody waits for this one.
    assert rested[-1] < beside


def test_what_is_counted_gives_way_while_a_page_is_answered_and_not_for_ever() -> None:
    begun, done = threading.Event(), threading.Event()
    worked, meanwhile = [0.0], []

    def work() -> None:
        while not done.is_set():
            breathe()
            worked[0] = time.thread_time()
            begun.set()

    def page(request: HttpRequest) -> HttpResponseBase:
        del request
        before = worked[0]
        time.sleep(0.5)
        meanwhile.append(worked[0] - before)
        return HttpResponse()

    count_soon(work)
    assert begun.wait(10)
    try:
        counting_gives_way(page)(HttpRequest())
    finally:
        done.set()
    assert 0 < meanwhile[0] < 0.1
