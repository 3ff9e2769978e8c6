"""The duty desk: what waits, counted, and what rings."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from openhns.jobs.models import DueWork
from openhns.mechanism.models import ExactRead, Role
from openhns.notices.actions import do_log_call, do_object, do_prepare
from openhns.notices.models import Notice, Transmission
from openhns.notices.tests.building import GAO, add_listing, site_facts, transmit
from openhns.registry.actions import do_submit
from openhns.registry.models import Consent, Listing, Version
from openhns.testing_world import World, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = timedelta(days=5)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def _desk(world: World) -> str:
    return _read(visitor(world.bob), world)


def _read(client: Client, world: World) -> str:
    answer = client.get(f"/{world.mechanism.slug}/desk/")
    assert answer.status_code == 200
    return answer.content.decode()


def _submit(world: World, name: str = "Clinic", **facts: object) -> Version:
    given = site_facts(name) | facts
    return do_submit(given, organisation=world.organisation, acting_user=world.alice).version


def _told_hospital(world: World) -> Notice:
    add_listing(world, site_facts("Hospital"), {world.parties[0]: "exact"})
    transmit(world)
    return Notice.objects.get()


def test_the_desk_is_the_first_page_of_the_operators_people(world: World) -> None:
    answer = visitor(world.bob).get("/home/")
    assert answer.headers["Location"] == f"/{world.mechanism.slug}/desk/"
    text = _desk(world)
    assert "Every notice that was sent has an answer." in text
    assert "No due work has failed." in text


def test_only_the_operators_people_find_it(world: World) -> None:
    for person in (world.alice, world.outsider):
        assert visitor(person).get(f"/{world.mechanism.slug}/desk/").status_code == 404
    assert Client().get(f"/{world.mechanism.slug}/desk/").status_code in {302, 404}


def test_versions_to_review_stand_urgent_first_without_a_name(world: World) -> None:
    _submit(world, "Secret clinic")
    urgent = _submit(world, "Struck clinic", urgent=True)
    text = _desk(world)
    assert '<span class="big">2</span> versions wait for a decision.' in text
    assert "1 urgent" in text
    assert text.index(str(urgent.id)) == min(
        text.index(str(version.id)) for version in Version.objects.all()
    )
    assert "clinic" not in text
    assert not ExactRead.objects.exists()


def test_what_was_submitted_and_not_transmitted_rings(world: World) -> None:
    _submit(world)
    add_listing(world, site_facts("Hospital"), {world.parties[0]: "exact"})
    fresh = _desk(world)
    assert '<span class="big">1</span> time a party has not been told' in fresh
    assert "Submitted, not transmitted" not in fresh
    old = timezone.now() - LONG_AGO
    Version.objects.update(submitted_at=old)
    Listing.objects.update(registered_at=old)
    Consent.objects.update(given_at=old)
    _submit(world, "Another")  # A change: what was counted is counted anew.
    late = _desk(world)
    assert "1 was submitted more than 48 hours ago" in late
    assert "Submitted, not transmitted" in late
    transmit(world)
    assert "Submitted, not transmitted" not in _desk(world)


def test_a_count_in_a_district_and_a_resting_consent_do_not_ring(world: World) -> None:
    add_listing(world, site_facts("Hospital"), {world.parties[0]: "presence"})
    listing = add_listing(world, site_facts("Clinic"), {world.parties[1]: "exact"})
    Consent.objects.filter(listing=listing).update(suspended_at=timezone.now())
    assert '<span class="big">0</span> times a party' in _desk(world)


def test_silence_is_counted_by_party_in_days(world: World) -> None:
    notice = _told_hospital(world)
    Transmission.objects.update(transmitted_at=timezone.now() - LONG_AGO)
    text = _desk(world)
    assert "1 notice, silent for 5 days" in text
    do_log_call(world.parties[0], [notice.id], "We have it.", "X", acting_user=world.bob)
    assert "Every notice that was sent has an answer." in _desk(world)


def test_what_is_prepared_is_no_silence(world: World) -> None:
    add_listing(world, site_facts("Hospital"), {world.parties[0]: "exact"})
    do_prepare(world.mechanism, acting_user=world.bob)
    text = _desk(world)
    assert "Every notice that was sent has an answer." in text
    assert "Prepared, not sent yet" in text


def test_objections_ring_with_their_limits(world: World) -> None:
    notice = _told_hospital(world)
    limit = timezone.now() + timedelta(hours=5)
    made = do_object(notice, "No.", warning=True, time_limit=limit, acting_user=world.bob)
    text = _desk(world)
    assert "1 objection without an answer" in text
    assert str(made.id) in text
    assert "left to answer" in text


def test_failed_and_forgotten_work_is_counted(world: World) -> None:
    _told_hospital(world)
    Transmission.objects.update(status="unknown")
    past = timezone.now() - timedelta(hours=1)
    for state in ("failed", "waiting"):
        work = {"handler": "notices.deliver", "subject_id": world.mechanism.id, "due_at": past}
        DueWork.objects.create(state=state, **work)
    text = _desk(world)
    assert "Not known whether it left" in text
    assert "Delivering a transmission" in text
    assert "1 failed" in text
    assert "Due work that nobody takes up" in text


def test_a_log_that_is_ahead_of_the_database_is_told(world: World, settings: Settings) -> None:
    _told_hospital(world)
    assert "In step" in _desk(world)
    checkpoint = Path(settings.OPENHNS_DATA) / "tiles" / "checkpoint"
    text = checkpoint.read_text(encoding="utf-8")
    checkpoint.chmod(0o600)
    checkpoint.write_text(text.replace("—", "-", 1), encoding="utf-8")
    broken = _desk(world)
    assert "The log and this database do not agree" in broken
    assert "Stopped" in broken


def test_a_transmitter_sees_what_waits_for_review_without_its_pages(world: World) -> None:
    _submit(world)
    held = Role.objects.filter(person=world.second_operator)
    held.exclude(name="transmitter").update(ended_at=timezone.now())
    text = _read(visitor(world.second_operator), world)
    assert "version waits for a decision." in text
    assert "/review/" not in text


def test_it_takes_as_many_queries_for_many_as_for_few(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        place = (GAO[0] + number * 50_000, GAO[1])
        grades = dict.fromkeys(world.parties, "exact")
        add_listing(world, site_facts(f"Hospital {number}", place), grades)
    transmit(world)
    _submit(world)
    client = visitor(world.bob)
    with django_assert_max_num_queries(38):
        _read(client, world)
