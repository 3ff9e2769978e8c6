"""What `transmit --dry-run` says of cells counts all that stands in the register."""

from pathlib import Path

import pytest

from openhns.notices.foresight import foresee
from openhns.registry.actions import do_amend, do_clear_passing, do_decide, do_remove
from openhns.registry.models import Decision
from openhns.registry.models.consent import Grade
from openhns.registry.tests.building import clinic, submit
from openhns.testing_world import World, make_world

NEAR = "-0.04531"  # 75 m further west.


@pytest.fixture
def world(data_folder: Path, transactional_db: None) -> World:
    del data_folder, transactional_db
    return make_world()


def exposed(world: World) -> tuple[int, int]:
    (found,) = foresee(world.mechanism, world.parties[0], acting_user=world.bob).parties
    return found.exposure.told, found.exposure.single


def test_a_neighbour_that_still_waits_stands_in_the_register_too(world: World) -> None:
    told = submit(world, clinic(1), consents={world.parties[0]: Grade.VICINITY}).version
    do_clear_passing(world.mechanism, acting_user=world.bob)
    assert exposed(world) == (1, 1)

    other = submit(world, clinic(1, name="Storehouse", longitude=NEAR)).version
    assert exposed(world) == (1, 0)
    do_decide(other, Decision.Word.REFUSE, "Entered twice.", acting_user=world.bob)
    assert exposed(world) == (1, 1)

    submit(world, clinic(1, name="Storehouse", longitude=NEAR))
    do_remove(told.listing, "It closed.", acting_user=world.alice)
    assert exposed(world) == (1, 0)  # Nobody has cleared the removal.


def test_the_cell_told_is_measured_while_a_move_waits(world: World) -> None:
    told = submit(world, clinic(1), consents={world.parties[0]: Grade.VICINITY}).version
    do_clear_passing(world.mechanism, acting_user=world.bob)
    for number in (1, 2):
        submit(world, clinic(1, name=f"Storehouse {number}", longitude=NEAR))
    assert exposed(world) == (1, 0)

    do_amend(
        told.listing, {"latitude": "17.27001", "longitude": "-0.04461"}, acting_user=world.alice
    )

    assert exposed(world) == (1, 0)
