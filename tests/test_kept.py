"""What is made once in a run is put back for every test that asks for it, and not made again."""

from pathlib import Path
from uuid import uuid4

import pytest

from openhns.mechanism.models import Mechanism
from openhns.testing_snapshot import filled_tables
from openhns.testing_world import kept, make_world

pytestmark = pytest.mark.parametrize("turn", range(2))


def _made() -> str:
    """Make a world, and a word that no second making gives again."""
    make_world(slug="kept")
    return str(uuid4())


@pytest.fixture(scope="module")
def words() -> set[str]:
    return set()


@pytest.mark.django_db
def test_it_is_put_back_where_all_is_rolled_back(
    data_folder: Path, words: set[str], turn: int
) -> None:
    assert data_folder.is_dir()
    assert filled_tables() == []
    words.add(kept(_made))
    assert (len(words), Mechanism.objects.get().slug) == (1, "kept"), turn


@pytest.mark.django_db(transaction=True)
def test_it_is_put_back_where_all_is_committed(
    data_folder: Path, words: set[str], turn: int
) -> None:
    assert data_folder.is_dir()
    words.add(kept(_made))
    assert (len(words), Mechanism.objects.get().slug) == (1, "kept"), turn
