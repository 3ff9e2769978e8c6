"""Due work is done once it is due, retried when it fails, and never lost."""

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from openhns.jobs import registry
from openhns.jobs.actions import MOST_ATTEMPTS, drain, enqueue, is_due
from openhns.jobs.models import DueWork

pytestmark = pytest.mark.django_db(transaction=True)
done: list[UUID] = []


def fail(subject: UUID) -> None:
    raise ValueError(str(subject))


registry.register("test.note", done.append)
registry.register("test.fail", fail)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    done.clear()


def test_work_is_done_once_and_only_when_it_is_due() -> None:
    now, later = uuid4(), uuid4()
    enqueue("test.note", now)
    enqueue("test.note", later, timezone.now() + timedelta(hours=1))
    assert drain() == 1
    assert drain() == 0
    assert done == [now]


def test_work_that_fails_waits_for_another_try_and_then_for_a_person() -> None:
    work = enqueue("test.fail", uuid4())
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert drain() == 0
        work.refresh_from_db()
        assert (work.attempts, work.error_code) == (attempt, "ValueError")
        DueWork.objects.update(due_at=timezone.now())
    assert work.state == DueWork.State.FAILED


def test_work_of_a_killed_process_is_taken_up_when_its_lease_ends() -> None:
    work = enqueue("test.note", uuid4())
    DueWork.objects.update(lease_until=timezone.now() + timedelta(minutes=1), attempts=1)
    assert drain() == 0
    DueWork.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert drain() == 1
    assert done == [work.subject_id]


def test_work_of_a_change_that_was_undone_is_never_done() -> None:
    with transaction.atomic():
        enqueue("test.note", uuid4())
        transaction.set_rollback(True)
    assert drain() == 0
    assert done == []


def test_a_name_that_no_room_knows_is_refused_at_once() -> None:
    with pytest.raises(registry.UnknownHandler):
        enqueue("test.nobody", uuid4())


def test_two_workers_share_the_work_and_double_none() -> None:
    subjects = [uuid4() for _ in range(20)]
    for subject in subjects:
        enqueue("test.note", subject)
    counts: list[int] = []

    def work() -> None:
        try:
            counts.append(drain())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == len(subjects)
    assert sorted(map(str, done)) == sorted(map(str, subjects))


def test_slow_work_is_told_from_the_rest_and_done_when_asked_for() -> None:
    registry.register("test.slow", done.append, slow=True)
    quick, slow = uuid4(), uuid4()
    enqueue("test.slow", slow)
    enqueue("test.note", quick)
    assert is_due(registry.names(slow=True))
    drain(registry.names(slow=False))
    assert done == [quick]
    drain(registry.names(slow=True))
    assert done == [quick, slow]
    assert not is_due(registry.names(slow=True))
