from pathlib import Path

import pytest

from openhns.mechanism.access import has_role
from openhns.mechanism.models import Organisation, Role
from openhns.record.actions import do_tick
from openhns.testing_world import make_world


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("policy", ["one-person", "two-person"])
def test_a_world_has_a_vetted_organisation_and_its_people(data_folder: Path, policy: str) -> None:
    world = make_world(policy)

    assert world.organisation.status == Organisation.Status.VETTED
    assert [party.name for party in world.parties] == ["Party A", "Party B"]
    assert has_role(world.alice, world.mechanism, Role.Name.APPROVER, world.organisation)
    assert has_role(world.bob, world.mechanism, Role.Name.TRANSMITTER)
    assert not world.outsider.roles.exists()
    assert do_tick(world.mechanism.id) == 1
    assert (data_folder / "tiles" / "checkpoint").exists()
