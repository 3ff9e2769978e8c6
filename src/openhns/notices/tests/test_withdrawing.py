"""When a party leaves, what it still holds is computed, recorded and told to everybody."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from openhns.jobs.actions import drain
from openhns.jobs.models import DueWork
from openhns.mechanism.access import NotAllowed
from openhns.mechanism.models import NoteDelivery
from openhns.notices.actions import do_withdraw
from openhns.notices.due import WITHDRAWAL
from openhns.notices.errors import AlreadyWithdrawn, TextMissing
from openhns.notices.tests.building import (
    GAO,
    add_listing,
    movement_facts,
    payloads,
    site_facts,
    transmit,
)
from openhns.parties.access import participates_at
from openhns.parties.errors import PartyNotParticipating
from openhns.proofs.canonical import parse
from openhns.record.models import Event
from openhns.registry.models import Consent, Listing
from openhns.testing_world import World, kept, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = (165_000_000, -446_000)


@pytest.fixture
def world(data_folder: Path) -> World:
    """Party A holds a site exactly, one in the vicinity, and a movement; one event is prepared."""
    del data_folder
    return kept(_world)


def _world() -> World:
    world = make_world()
    a, b = world.parties
    add_listing(world, site_facts("Gao"), {a: "exact", b: "exact"})
    add_listing(world, site_facts("Bourem", OTHER), {a: "vicinity"})
    facts = movement_facts("Convoy 7", GAO, OTHER)
    add_listing(world, facts, {a: "exact"}, Listing.Kind.MOVEMENT)
    transmit(world)
    return world


def everything() -> dict[str, list[tuple[Any, ...]]]:
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=str)
        for model in apps.get_models()
    }


def test_a_dry_run_says_what_follows_and_writes_nothing(world: World) -> None:
    a, _ = world.parties
    before = everything()
    done = do_withdraw(a, timezone.now(), "None.", dry_run=True, acting_user=world.administrator)
    assert done.implications.by_grade() == {"exact": 2, "vicinity": 1}
    assert everything() == before


def test_a_withdrawal_is_recorded_with_what_the_party_holds(world: World) -> None:
    a, b = world.parties
    moment = timezone.now() + timedelta(hours=-1)
    done = do_withdraw(a, moment, "It said so.", acting_user=world.administrator)
    assert done.suspended == 3
    event = Event.objects.get(name="party:withdrawn")
    assert (event.public, event.audience, event.subject_id) == (False, None, a.id)
    body = parse(event.canonical)["body"]
    assert body["held"] == {"total": 3, "exact": 2, "vicinity": 1}
    assert body["held_by_organisation"] == {str(world.organisation.id): {"exact": 2, "vicinity": 1}}
    assert body["transmitted_after"] == 3
    assert NoteDelivery.objects.get().organisation_id == world.organisation.id
    assert Consent.objects.filter(party=b, suspended_at=None).count() == 1
    with pytest.raises(PartyNotParticipating):
        transmit(world, a)
    with pytest.raises(AlreadyWithdrawn):
        do_withdraw(a, timezone.now(), "Again.", acting_user=world.administrator)


def test_movements_under_way_at_that_time_are_listed(world: World) -> None:
    a, _ = world.parties
    root = world.administrator
    now = timezone.now()
    found = [
        do_withdraw(a, now + timedelta(hours=h), "-", dry_run=True, acting_user=root).implications
        for h in (0, 3, 9)
    ]
    counts = [(len(item.under_way), len(item.to_come)) for item in found]
    assert counts == [(0, 1), (1, 0), (0, 0)]


def test_until_a_time_to_come_the_party_is_still_told(world: World) -> None:
    a, _ = world.parties
    moment = timezone.now() + timedelta(hours=5)
    done = do_withdraw(a, moment, "From then.", acting_user=world.administrator)
    assert done.suspended == 0
    add_listing(world, site_facts("Ansongo", (157_000_000, 5_000_000)), {a: "exact"})
    transmit(world)
    assert len(payloads(a)) == 4
    assert participates_at(a, timezone.now())
    assert not participates_at(a, moment)
    work = DueWork.objects.get(handler=WITHDRAWAL)
    assert work.due_at == moment


def test_consents_rest_when_the_stated_time_has_come(world: World) -> None:
    a, _ = world.parties
    moment = timezone.now() + timedelta(seconds=1)
    do_withdraw(a, moment, "From then.", acting_user=world.administrator)
    DueWork.objects.filter(handler=WITHDRAWAL).update(due_at=timezone.now())
    while participates_at(a, timezone.now()):
        pass
    drain([WITHDRAWAL])
    assert Consent.objects.filter(party=a, suspended_at=None, revoked_at=None).count() == 0


def test_a_withdrawal_needs_a_reason_and_an_administrator(world: World) -> None:
    a, _ = world.parties
    with pytest.raises(TextMissing):
        do_withdraw(a, timezone.now(), " ", acting_user=world.administrator)
    with pytest.raises(NotAllowed):
        do_withdraw(a, timezone.now(), "-", dry_run=True, acting_user=world.outsider)
