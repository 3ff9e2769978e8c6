"""Two at once: one wins, the other is told by name. Threads stand for processes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.utils import timezone

from openhns.mechanism.actions import do_apply, do_decide_on_organisation, do_grant_role
from openhns.mechanism.models import Organisation, Role, VettingDecision
from openhns.parties.actions import do_add_party, do_register_key, do_revoke_key
from openhns.parties.models import Party, PartyKey
from openhns.parties.possession import prove_possession
from openhns.record.models import Event
from openhns.record.writing import find_log
from openhns.testing_world import World, make_party_key, make_world

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[World], Any]


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Run the acts at the same moment; return `done` or the error's code for each, sorted."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            start.wait()
            act()
        except Exception as error:  # noqa: BLE001 - its code is what the test is about.
            return str(getattr(error, "code", repr(error)))
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def apply(world: World) -> Any:
    return do_apply("Same Clinic", mechanism=world.mechanism, acting_user=world.alice)


def add_party(world: World) -> Any:
    return do_add_party(world.mechanism, "Party C", acting_user=world.bob)


def grant(world: World) -> Any:
    return do_grant_role(world.outsider, world.mechanism, Role.Name.REVIEWER, acting_user=world.bob)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (apply, "organisation_exists"),
        (add_party, "party_exists"),
        (grant, "role_already_held"),
    ],
)
def test_the_same_act_twice_at_once_is_done_once(data_folder: Path, act: Act, code: str) -> None:
    del data_folder
    world = make_world()
    events = Event.objects.count()
    assert at_once(lambda: act(world), lambda: act(world)) == sorted(["done", code])
    assert Event.objects.count() - events in {1, 2}
    assert Party.objects.filter(name="Party C").count() <= 1


def test_one_person_decides_once_even_at_once(data_folder: Path) -> None:
    del data_folder
    world = make_world("two-person")
    organisation = apply(world)

    def decide() -> Organisation:
        return do_decide_on_organisation(organisation, favourable=True, acting_user=world.bob)

    assert at_once(decide, decide) == ["done", "vetting_already_decided"]
    organisation.refresh_from_db()
    assert organisation.status == Organisation.Status.APPLIED


def test_two_persons_deciding_at_once_both_count(data_folder: Path) -> None:
    del data_folder
    world = make_world("two-person")
    organisation = apply(world)
    people = (world.bob, world.second_operator)
    acts = [
        lambda person=person: do_decide_on_organisation(
            organisation, favourable=True, acting_user=person
        )
        for person in people
    ]
    assert at_once(*acts) == ["done", "done"]
    organisation.refresh_from_db()
    assert organisation.status == Organisation.Status.VETTED
    assert VettingDecision.objects.filter(organisation=organisation).count() == 2


def test_one_key_for_two_parties_at_once_goes_to_one(data_folder: Path) -> None:
    del data_folder
    world, private = make_world(), Ed25519PrivateKey.generate()
    origin = find_log(world.mechanism.id).origin
    raw = private.public_key().public_bytes_raw()

    def register(party: Party) -> PartyKey:
        text = prove_possession(private, origin, str(party.id), timezone.now())
        return do_register_key(party, raw, text, acting_user=world.bob)

    first, second = world.parties
    found = at_once(lambda: register(first), lambda: register(second))
    assert found == ["done", "party_key_taken"]
    assert PartyKey.objects.count() == 1
    assert Event.objects.filter(name="party-key:registered").count() == 1


def test_a_key_is_revoked_once_at_once(data_folder: Path) -> None:
    del data_folder
    world, moment = make_world(), timezone.now()
    _, key = make_party_key(world.parties[0], world.bob)

    def revoke() -> PartyKey:
        return do_revoke_key(key, moment, acting_user=world.bob)

    assert at_once(revoke, revoke) == ["done", "party_key_revoked"]
    assert Event.objects.filter(name="party-key:revoked").count() == 1
