"""Submitting through the pages: typed, read back, sent once; nothing typed is lost."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from openhns.mechanism.models import Organisation
from openhns.registry.actions import do_clear_passing, do_remove
from openhns.registry.models import Listing, Version
from openhns.registry.tests.building import clinic, movement, submit
from openhns.registry.tests.form_fields import fields_of
from openhns.testing_world import World, make_member, make_organisation, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
SITE = {"name": "Hôpital de Gao", "type": "Hospital", "position": "16.27162, -0.04461"}
CONVOY = {
    "reference": "Convoy 7",
    "zone": "+01:00",
    "origin": "Gao",
    "origin_position": "16.27162, -0.04461",
    "departure": "2031-05-01T06:00",
    "destination": "Ansongo",
    "destination_position": "15.65967, 0.50220",
    "arrival": "2031-05-01T18:00",
    "rows": "3",
    "stop_2_position": "16 12 00 N, 0 00 30 E",
    "stop_2_at": "2031-05-01T09:00",
    "stop_2_name": "Checkpoint",
}


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


class _Door:
    """One person at the form of one kind."""

    def __init__(self, world: World, client: Client, name: str, *more: Any) -> None:
        self.client = client
        self.url = reverse(name, args=[world.mechanism.slug, world.organisation.id, *more])

    def send(self, data: dict[str, Any], step: str = "check") -> Any:
        return self.client.post(self.url, {"key": str(uuid4()), **data, "step": step})

    def page(self, data: dict[str, Any], step: str = "check") -> str:
        answer = self.send(data, step)
        assert answer.status_code == 200
        return str(answer.content.decode())


def _sites(world: World) -> _Door:
    return _Door(world, visitor(world.alice), "registry-submit", "site")


def _amending(world: World, listing: Listing) -> _Door:
    return _Door(world, visitor(world.alice), "registry-amend", listing.kind, listing.id)


def test_a_site_is_read_back_before_anything_is_kept_and_then_sent_as_it_was_typed(
    world: World,
) -> None:
    door = _sites(world)
    assert "Check and read back" in door.client.get(door.url).content.decode()
    page = door.page({**SITE, "country": "ML"})
    assert not Version.objects.exists()
    for words in ("16.27162, -0.04461", "decimal degrees", "30Q ZD 15890 01265", "Mali", "Gao",
                  "16°16&#x27;17.83&quot;N"):  # fmt: skip
        assert words in page
    answer = door.client.post(door.url, {**fields_of(page), "step": "submit"})
    version = Version.objects.get()
    assert version.content["name"] == "Hôpital de Gao"
    assert (version.content["position"]["decimals"], version.submitted_by) == (5, world.alice)
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse(
        "notices-consents",
        args=[world.mechanism.slug, world.organisation.id, "site", version.listing_id],
    )


@pytest.mark.parametrize(
    ("typed", "notation"),
    [
        ("16,27162 N; 0,04461 W", "decimal"),
        ("16 16 18 N, 0 02 41 W", "dms"),
        ("30QZD1589001265", "mgrs"),
        ("16° 16.297' N 0° 2.677' W", "dm"),
    ],
)
def test_a_position_is_typed_in_any_notation(world: World, typed: str, notation: str) -> None:
    door = _sites(world)
    door.send({**SITE, "position": typed}, "submit")
    place = Version.objects.get().content["position"]
    assert place["notation"] == notation
    assert abs(place["lat_e7"] - 162_716_200) < 5_000


def test_a_pair_of_fields_serves_as_well_and_both_at_once_are_refused(world: World) -> None:
    door = _sites(world)
    pair = {"latitude": "16.27162", "longitude": "-0.04461"}
    page = door.page({**SITE, **pair})
    assert "Give the position once" in page
    assert 'value="16.27162, -0.04461"' in page
    door.send({**SITE, **pair, "position": ""}, "submit")
    assert Version.objects.get().content["position"]["lat_e7"] == 162_716_200


def test_an_ambiguous_position_is_offered_in_every_reading(world: World) -> None:
    door = _sites(world)
    page = door.page({**SITE, "position": "16,27,0"})
    assert "can be read in more than one way" in page
    assert "position:16.27, 0.00" in page
    answer = door.client.post(
        door.url, {**fields_of(page), "use": "position:16.27, -0.04", "step": ""}
    )
    assert "16.27, -0.04" in answer.content.decode()
    assert not Version.objects.exists()


def test_swapped_axes_are_offered_the_other_way_round(world: World) -> None:
    page = _sites(world).page({**SITE, "position": "-0.04461, 16.27162"})
    assert "seem to be exchanged" in page
    assert "position:16.27162, -0.04461" in page
    assert 'value="submit"' not in page


def test_what_a_check_refuses_is_not_kept_and_nothing_typed_is_lost(world: World) -> None:
    door = _sites(world)
    page = door.page({**SITE, "position": "48.85661, 2.35222", "function": "Surgery"}, "submit")
    assert "Nothing was submitted" in page
    assert "not in MLI" in page
    assert 'value="Surgery"' in page
    assert not Version.objects.exists()
    back = door.page({**SITE, "name": "", "function": "Surgery"})
    assert 'value="Surgery"' in back


def test_going_back_keeps_what_was_typed(world: World) -> None:
    door = _sites(world)
    page = door.page({**SITE, "urgent": "on", "footprint": "16.271, -0.044\n16.272, -0.044"})
    back = door.client.post(door.url, {**fields_of(page), "step": "change"}).content.decode()
    assert 'value="Hôpital de Gao"' in back
    assert "16.272, -0.044" in back
    assert fields_of(back)["urgent"] == "on"


def test_a_form_sent_twice_is_one_submission(world: World) -> None:
    door = _sites(world)
    first, second = (door.send({**SITE, "key": "one"}, "submit") for _ in range(2))
    assert first.url == second.url
    assert Version.objects.count() == 1
    page = door.page({**SITE, "key": "one", "name": "Another"}, "submit")
    assert "was sent before with other facts" in page


def test_a_movement_with_stops_is_submitted_without_javascript(world: World) -> None:
    door = _Door(world, visitor(world.alice), "registry-submit", "movement")
    page = door.page(CONVOY)
    assert "Stop 1" in page
    assert "16.2, 0.0083333" in page
    more = door.page(CONVOY, "more")
    assert 'name="stop_6_position"' in more
    assert 'value="Checkpoint"' in more
    door.client.post(door.url, {**fields_of(page), "step": "submit"})
    content = Version.objects.get().content
    assert [point.get("name") for point in content["waypoints"]] == ["Gao", "Checkpoint", "Ansongo"]
    assert content["waypoints"][1]["at"] == "2031-05-01T08:00:00.000000Z"


def test_an_amendment_changes_what_was_changed_and_nothing_else(world: World) -> None:
    facts = clinic(latitude="16 16 18 N", longitude="0 02 41 W", accuracy="10", phone="+223 1")
    listing = submit(world, facts).version.listing
    former = listing.versions.get().content
    door = _amending(world, listing)
    page = door.client.get(door.url).content.decode()
    fields = fields_of(page)
    assert (fields["position"], fields["phone"]) == ("", "+223 1")
    assert "Nothing was changed" in door.page(fields)
    door.client.post(door.url, {**fields, "function": "Surgery", "step": "submit"})
    newest = listing.versions.get(number=2)
    assert newest.content == former | {"function": "Surgery"}
    assert newest.valid_from == listing.versions.get(number=1).valid_from


def test_an_amendment_takes_a_new_place_or_a_fact_away(world: World) -> None:
    listing = submit(world, clinic(phone="+223 1")).version.listing
    door = _amending(world, listing)
    fields = fields_of(door.client.get(door.url).content.decode())
    changed = {**fields, "phone": "", "position": "16.30001, -0.05001"}
    assert "16.30001, -0.05001" in door.page(changed)
    door.send(changed, "submit")
    content = listing.versions.get(number=2).content
    assert "phone" not in content
    assert content["position"]["lat_e7"] == 163_000_100


def test_an_amended_movement_keeps_its_other_points_exactly(world: World) -> None:
    stops = [["16 12 00 N, 0 00 30 E", "2031-05-01T09:00Z", "Checkpoint"]]
    done = submit(world, movement(stops=stops), kind=Listing.Kind.MOVEMENT)
    listing, former = done.version.listing, done.version.content
    door = _amending(world, listing)
    fields = fields_of(door.client.get(door.url).content.decode())
    zone = {"zone": "+00:00"}
    door.send({**fields, **zone, "purpose": "Food"}, "submit")
    assert listing.versions.get(number=2).content["waypoints"] == former["waypoints"]
    fields = fields_of(door.client.get(door.url).content.decode())
    assert fields["purpose"] == "Food"
    door.send({**fields, **zone, "stop_1_position": "16.1, 0.1"}, "submit")
    points = listing.versions.get(number=3).content["waypoints"]
    assert (points[0], points[1]["lat_e7"]) == (former["waypoints"][0], 161_000_000)


def test_a_removal_says_why_and_is_with_the_operator(world: World) -> None:
    listing = submit(world, clinic()).version.listing
    door = _Door(world, visitor(world.alice), "registry-remove", "site", listing.id)
    assert "What a party was told before stays known" in door.client.get(door.url).content.decode()
    assert door.send({"reason": " "}).status_code == 200
    assert door.send({"reason": "Closed."}).status_code == 302
    newest = listing.versions.get(number=2)
    assert (newest.action, newest.content["removal_reason"]) == ("remove", "Closed.")


def test_an_organisation_that_is_not_vetted_is_told_so(world: World) -> None:
    Organisation.objects.update(status=Organisation.Status.SUSPENDED)
    assert "not vetted at present" in _sites(world).page(SITE, "submit")
    assert not Version.objects.exists()


@pytest.mark.parametrize("name", ["registry-submit", "registry-amend", "registry-remove"])
def test_strangers_submit_nothing_for_an_organisation(world: World, name: str) -> None:
    listing = submit(world, clinic()).version.listing
    other = make_organisation(world.mechanism, "Another", world.bob, world.second_operator)
    stranger = make_member(other, "Somebody else", world.administrator)
    more = ["site"] if name == "registry-submit" else ["site", listing.id]
    for person in (stranger, world.outsider, world.bob):
        door = _Door(world, visitor(person), name, *more)
        assert door.client.get(door.url).status_code == 404
        assert door.send({**SITE, "reason": "x"}, "submit").status_code == 404
    assert Version.objects.count() == 1


@pytest.mark.parametrize("changed", [{"zone": "x"}, {"departure": "0001-01-01T00:00"}])
def test_a_zone_or_time_that_nobody_offers_is_refused_in_words(
    world: World, changed: dict[str, str]
) -> None:
    door = _Door(world, visitor(world.alice), "registry-submit", "movement")
    for step in ("check", "submit"):
        assert door.send(CONVOY | changed, step).status_code == 200
    assert not Version.objects.exists()


def test_an_amendment_of_what_was_removed_leads_back_and_says_why(world: World) -> None:
    listing = submit(world, clinic()).version.listing
    do_clear_passing(world.mechanism, acting_user=world.bob)
    do_remove(listing, "The clinic has moved.", acting_user=world.alice)
    do_clear_passing(world.mechanism, acting_user=world.bob)
    door = _amending(world, listing)
    for answer in (door.client.get(door.url, follow=True), door.client.post(door.url, follow=True)):
        assert answer.status_code == 200
        assert "This entry was removed or has ended." in answer.content.decode()
