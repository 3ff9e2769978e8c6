"""An objection alarms until it is answered, and changes no status by itself."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from openhns.jobs.actions import drain
from openhns.jobs.models import DueWork
from openhns.mechanism.access import NotAllowed
from openhns.notices.access import status_of
from openhns.notices.actions import do_answer_objection, do_object
from openhns.notices.actions.objecting import find_objection, open_objections
from openhns.notices.due import ALARM
from openhns.notices.errors import ObjectionAnswered, ObjectionNotFound, TextMissing
from openhns.notices.models import Notice
from openhns.notices.tests.building import add_listing, notices_of, site_facts, transmit
from openhns.registry.models import Listing
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    world = make_world()
    add_listing(world, site_facts("Gao"), {world.parties[0]: "exact"})
    transmit(world)
    return world


def told(world: World) -> Notice:
    return notices_of(world.parties[0])[0]


def test_an_objection_alarms_until_it_is_answered(world: World) -> None:
    limit = timezone.now() + timedelta(hours=24)
    objection = do_object(
        told(world), "Used by fighters.", warning=True, time_limit=limit, acting_user=world.bob
    )
    assert open_objections(world.mechanism) == [objection]
    for _ in range(2):
        DueWork.objects.filter(handler=ALARM).update(due_at=timezone.now())
        drain([ALARM])
        assert DueWork.objects.filter(handler=ALARM, state="waiting").count() == 1
    do_answer_objection(objection, "Nobody but patients is there.", acting_user=world.bob)
    DueWork.objects.filter(handler=ALARM).update(due_at=timezone.now())
    drain([ALARM])
    assert DueWork.objects.filter(handler=ALARM, state="waiting").count() == 0
    assert open_objections(world.mechanism) == []


def test_an_objection_changes_the_notice_alone_and_not_the_site(world: World) -> None:
    before = Listing.objects.get().status
    do_object(told(world), "Used by fighters.", acting_user=world.bob)
    assert status_of(told(world)) == Notice.Status.OBJECTED
    assert Listing.objects.get().status == before


def test_an_objection_has_grounds_and_one_answer(world: World) -> None:
    with pytest.raises(TextMissing):
        do_object(told(world), "  ", acting_user=world.bob)
    objection = do_object(told(world), "Grounds.", acting_user=world.bob)
    do_answer_objection(objection, "No.", acting_user=world.bob)
    with pytest.raises(ObjectionAnswered):
        do_answer_objection(objection, "Yes.", acting_user=world.bob)
    assert find_objection(world.mechanism, objection.id).content["answer"] == "No."


def test_an_outsider_neither_objects_nor_answers(world: World) -> None:
    objection = do_object(told(world), "Grounds.", acting_user=world.bob)
    with pytest.raises(NotAllowed):
        do_object(told(world), "Grounds.", acting_user=world.outsider)
    with pytest.raises(NotAllowed):
        do_answer_objection(objection, "No.", acting_user=world.outsider)
    with pytest.raises(ObjectionNotFound):
        find_objection(world.mechanism, told(world).id)
