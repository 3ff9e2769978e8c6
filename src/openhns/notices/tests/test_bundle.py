"""A bundle holds what was transmitted to its party, and nothing else."""

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from openhns.formats.csv_out import check_csv
from openhns.formats.geojson_out import check_geojson
from openhns.mechanism.access import NotAllowed
from openhns.mechanism.models import ExactRead
from openhns.notices.actions import do_prepare
from openhns.notices.bundle import Bundle, do_bundle
from openhns.notices.channels.mailbox import transport
from openhns.notices.errors import MailboxDamaged
from openhns.notices.models import Transmission
from openhns.notices.tests.building import (
    GAO,
    add_listing,
    amend,
    movement_facts,
    remove,
    site_facts,
    transmit,
)
from openhns.registry.models import Listing
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = (165_000_000, -446_000)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def make(world: World, path: Path, number: int = 0, form: str = "geojson", **more: Any) -> Bundle:
    return do_bundle(world.parties[number], form, path, acting_user=world.bob, **more)


def read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text()))


def test_a_bundle_states_its_rows_and_hash_and_each_party_gets_its_own_grade(
    world: World, tmp_path: Path
) -> None:
    a, b = world.parties
    add_listing(world, site_facts("Gao"), {a: "exact", b: "vicinity"})
    transmit(world)
    made = [make(world, tmp_path / f"{n}.geojson", n) for n in (0, 1)]
    assert [check_geojson(tmp_path / f"{n}.geojson") for n in (0, 1)] == [m.stated for m in made]
    exact, vicinity = (read(tmp_path / f"{n}.geojson") for n in (0, 1))
    assert exact["features"][0]["geometry"]["type"] == "Point"
    assert exact["features"][0]["properties"]["name"] == "Gao"
    assert vicinity["features"][0]["geometry"]["type"] == "Polygon"
    assert "Gao" not in (tmp_path / "1.geojson").read_text()
    assert vicinity["openhns"]["count"] == 1
    assert "legal" in vicinity["openhns"]


def test_what_is_only_prepared_or_cancelled_is_not_held(world: World, tmp_path: Path) -> None:
    a, _ = world.parties
    kept = add_listing(world, site_facts("Gao"), {a: "exact"})
    gone = add_listing(world, site_facts("Bourem", OTHER), {a: "exact"})
    transmit(world)
    remove(world, gone)
    transmit(world)
    amend(world, kept, functioning_status="closed for repair")
    do_prepare(world.mechanism, acting_user=world.bob)
    make(world, tmp_path / "a.geojson")
    (feature,) = read(tmp_path / "a.geojson")["features"]
    assert feature["properties"]["name"] == "Gao"
    assert "functioning_status" not in feature["properties"]


def test_a_bundle_as_of_a_time_holds_what_was_held_then(world: World, tmp_path: Path) -> None:
    a, _ = world.parties
    before = timezone.now() - timedelta(hours=1)
    listing = add_listing(world, site_facts("Gao"), {a: "exact"})
    transmit(world)
    then = timezone.now()
    remove(world, listing)
    transmit(world)
    counts = [
        make(world, tmp_path / f"{number}.geojson", as_of=moment).stated.count
        for number, moment in enumerate((before, then, None))
    ]
    assert counts == [0, 1, 0]


def test_every_grade_and_kind_has_its_shape_in_both_formats(world: World, tmp_path: Path) -> None:
    a, _ = world.parties
    add_listing(world, site_facts("Gao"), {a: "presence"})
    for grade in ("exact", "vicinity"):
        facts = movement_facts(f"Convoy {grade}", GAO, OTHER)
        add_listing(world, facts, {a: grade}, Listing.Kind.MOVEMENT)
    transmit(world)
    made = make(world, tmp_path / "a.geojson")
    features = read(tmp_path / "a.geojson")["features"]
    shapes = {f["properties"]["grade"]: f["geometry"] and f["geometry"]["type"] for f in features}
    assert shapes == {"exact": "LineString", "vicinity": "MultiPolygon", "presence": None}
    assert made.by_grade == {"exact": 1, "vicinity": 1, "presence": 1}
    (district,) = (f for f in features if f["properties"]["grade"] == "presence")
    assert "id" not in district
    sheet = make(world, tmp_path / "a.csv", form="csv")
    assert check_csv(tmp_path / "a.csv") == sheet.stated
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3
    assert all("no permission" in row["legal"] for row in rows)


def test_reading_exact_places_stands_in_the_journal(world: World, tmp_path: Path) -> None:
    a, b = world.parties
    listing = add_listing(world, site_facts("Gao"), {a: "exact", b: "vicinity"})
    transmit(world)
    make(world, tmp_path / "b.geojson", 1)
    assert ExactRead.objects.count() == 0
    make(world, tmp_path / "a.geojson")
    assert ExactRead.objects.get().content["listings"] == [str(listing.id)]


def test_a_mailbox_that_was_changed_gives_no_bundle(world: World, tmp_path: Path) -> None:
    a, _ = world.parties
    add_listing(world, site_facts("Gao"), {a: "exact"})
    transmit(world)
    path = transport.file_of(Transmission.objects.get())
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    with pytest.raises(MailboxDamaged):
        make(world, tmp_path / "a.geojson")
    path.unlink()
    with pytest.raises(MailboxDamaged):
        make(world, tmp_path / "a.geojson")
    assert not (tmp_path / "a.geojson").exists()


def test_an_outsider_gets_no_bundle(world: World, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        do_bundle(world.parties[0], "csv", tmp_path / "a.csv", acting_user=world.outsider)
