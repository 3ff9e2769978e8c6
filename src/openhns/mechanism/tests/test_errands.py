"""The key of a form stands for one order of one person."""

from pathlib import Path
from uuid import uuid4

import pytest

from openhns.mechanism.models import Errand
from openhns.mechanism.tests.screens import bob, colleague, path
from openhns.testing_world import make_world

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_key_serves_whoever_ordered_by_it_and_for_the_same_again(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    send = path(world, "transmission/send/")
    first, second = (str(party.id) for party in world.parties)
    order = {"key": str(uuid4()), "party": first}
    assert [bob(world).post(send, order).status_code for _ in range(2)] == [302, 302]
    assert bob(world).post(send, order | {"party": second}).status_code == 404
    assert colleague(world).post(send, order).status_code == 404
    assert Errand.objects.count() == 1
