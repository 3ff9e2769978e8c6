"""Registers that nobody in this project wrote; figures are stated, so that a change is seen."""

from collections import Counter
from pathlib import Path

import pytest

from openhns.record.actions import do_tick
from openhns.registry.actions import do_clear_passing
from openhns.registry.actions.importing import Imported
from openhns.registry.models import Consent, Listing, Version
from openhns.registry.models.consent import Grade
from openhns.registry.tests.building import import_sheet
from openhns.testing import shared
from openhns.testing_world import make_world

pytestmark = pytest.mark.django_db(transaction=True)
REGISTERS = {
    "niger_public_health_facilities.csv": ("NER", 2886, 1373, 1467, 46),
    "burkina_faso_public_health_facilities.csv": ("BFA", 1721, 1679, 42, 0),
    "libya_healthsites.csv": ("LBY", 2432, 2119, 1, 312),
}


def sums(done: Imported) -> tuple[int, int, int, int]:
    assert done.accepted + done.warned + done.refused == done.rows
    return done.rows, done.accepted, done.warned, done.refused


@pytest.mark.slow
def test_the_register_of_mali_is_imported_and_cleared(data_folder: Path, tmp_path: Path) -> None:
    del data_folder
    world = make_world(countries=["MLI"])
    consents = dict(zip(world.parties, (Grade.EXACT, Grade.VICINITY), strict=True))
    path = shared("data/registers/mali_public_health_facilities.csv")

    done = import_sheet(world, path, consents=consents, report=tmp_path / "report.xlsx")

    assert sums(done) == (1478, 1436, 12, 30)
    assert done.reasons == {
        "refused": {"required-fields": 30},
        "warned": {"too-few-decimals": 12},
        "not_checked": {},
    }
    assert (Listing.objects.count(), Consent.objects.count()) == (1448, 2896)
    assert import_sheet(world, path).repeated

    cleared = do_clear_passing(world.mechanism, acting_user=world.bob)

    assert cleared.held == {"too-few-decimals": 12, "already-registered-nearby": 7}
    assert cleared.cleared == 1448 - 12 - 7
    statuses = Counter(Version.objects.values_list("status", flat=True))
    assert statuses == {"cleared": 1429, "submitted": 19}
    assert do_tick(world.mechanism.id) >= 1


@pytest.mark.parametrize("name", REGISTERS)
def test_registers_of_other_countries_end_in_known_figures(data_folder: Path, name: str) -> None:
    del data_folder
    country, *expected = REGISTERS[name]
    world = make_world(countries=[str(country)])

    done = import_sheet(world, shared(f"data/registers/{name}"), dry_run=True)

    assert sums(done) == tuple(expected)
    assert "inside-country" not in done.reasons["refused"]
    assert not Listing.objects.exists()


def test_a_register_of_another_country_is_refused_whole(data_folder: Path) -> None:
    del data_folder
    world = make_world(countries=["MLI"])

    path = shared("data/registers/niger_public_health_facilities.csv")
    done = import_sheet(world, path, dry_run=True)

    assert sums(done) == (2886, 0, 0, 2886)
    assert done.reasons["refused"]["inside-country"] == 2840
