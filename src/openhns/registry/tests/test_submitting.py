from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from openhns.mechanism.access import NotAllowed
from openhns.mechanism.actions import do_suspend
from openhns.mechanism.errors import OrganisationNotVetted
from openhns.record.models import Event
from openhns.registry.actions import do_amend, do_clear_passing, do_remove, do_submit
from openhns.registry.errors import (
    FactsInvalid,
    KeyInvalid,
    KeyReused,
    ListingClosed,
    ReasonMissing,
    SubmissionRefused,
)
from openhns.registry.models import Check, Listing, Version
from openhns.registry.models.consent import Grade
from openhns.registry.tests.building import clinic, movement, submit
from openhns.testing_world import World, make_world


@pytest.fixture
def world(data_folder: Path, transactional_db: None) -> World:
    del data_folder, transactional_db
    return make_world()


def events(world: World, name: str) -> int:
    return Event.objects.filter(log_id=world.mechanism.id, name=name).count()


def test_a_submission_is_a_version_with_its_checks_and_one_event(world: World) -> None:
    done = submit(world, clinic(identifier="GAO-1"))

    version = Version.objects.get()
    assert done.version == version
    assert (version.number, version.action, version.status) == (1, "add", "submitted")
    assert version.checks_worst == "pass"
    assert version.content["position"] == {
        "lat_e7": 162_800_100,
        "lon_e7": -446_100,
        "notation": "decimal",
        "precision_m": 2,
        "decimals": 5,
    }
    assert version.content["category"] == "medical"
    assert version.listing.status == "pending"
    assert {finding["verdict"] for finding in Check.objects.get().content["findings"]} == {"pass"}
    assert events(world, "site:submitted") == 1


def test_nothing_of_a_site_stands_in_plain_columns(world: World) -> None:
    submit(world, clinic(identifier="GAO-1", phone="+223 70 00 00 01"))

    tables = ("registry_listing", "registry_version", "registry_check", "record_event")
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names from above.
            text = repr(
                [[bytes(c) if isinstance(c, memoryview) else c for c in row] for row in cursor]
            )
        for secret in ("Aljanabandia", "GAO-1", "162800100", "16.28", "+223"):
            assert secret not in text, (table, secret)


def test_a_refused_submission_registers_nothing(world: World) -> None:
    with pytest.raises(SubmissionRefused) as refused:
        submit(world, clinic(latitude="NaN"), idempotency_key="a")

    assert [finding.name for finding in refused.value.findings] == ["position-parses"]
    assert "NaN" not in str(refused.value)
    assert not Listing.objects.exists()
    assert events(world, "site:submitted") == 0


def test_the_same_key_twice_gives_the_first_result(world: World) -> None:
    first = submit(world, clinic(1), idempotency_key="k-1")
    again = submit(world, dict(reversed(clinic(1).items())), idempotency_key="k-1")

    assert (first.repeated, again.repeated) == (False, True)
    assert again.version == first.version
    assert [item.to_json() for item in again.findings] == [i.to_json() for i in first.findings]
    assert Listing.objects.count() == 1
    assert bytes(first.version.idempotency_key or b"") != b"k-1"


def test_the_same_key_for_something_else_is_an_error(world: World) -> None:
    listing = submit(world, clinic(1), idempotency_key="k-1").version.listing
    party = world.parties[0]

    with pytest.raises(KeyReused) as reused:
        submit(world, clinic(2), idempotency_key="k-1")
    with pytest.raises(KeyReused):
        submit(world, clinic(1), consents={party: Grade.EXACT}, idempotency_key="k-1")
    with pytest.raises(KeyReused):
        do_amend(listing, {"phone": "1"}, idempotency_key="k-1", acting_user=world.alice)
    with pytest.raises(KeyReused):
        do_remove(listing, "It closed.", idempotency_key="k-1", acting_user=world.alice)

    assert (reused.value.code, reused.value.exit_status) == ("idempotency_key_reused", 2)
    assert (Listing.objects.count(), Version.objects.count()) == (1, 1)


def test_of_two_sites_sent_at_once_with_one_key_the_second_is_an_error(world: World) -> None:
    together = Barrier(2)

    def send(number: int) -> str:
        try:
            together.wait()
            submit(world, clinic(number), idempotency_key="k-1")
        except KeyReused as error:
            return error.code
        finally:
            connection.close()
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, (1, 2))) == ["idempotency_key_reused", "kept"]
    assert Listing.objects.count() == 1


def test_the_same_key_of_another_organisation_is_another_key(
    world: World, data_folder: Path
) -> None:
    del data_folder
    other = make_world(organisation="Red Crescent")
    submit(world, clinic(1), idempotency_key="k-1")

    assert not submit(other, clinic(1), idempotency_key="k-1").repeated


def test_two_submissions_with_one_key_at_once_register_one_site(world: World) -> None:
    together = Barrier(2)

    def send(_: int) -> Any:
        try:
            together.wait()
            return submit(world, clinic(1), idempotency_key="k-1").version.id
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        ids = set(pool.map(send, (1, 2)))

    assert len(ids) == 1
    assert (Listing.objects.count(), Version.objects.count()) == (1, 1)
    assert events(world, "site:submitted") == 1


def test_two_submissions_with_one_identifier_at_once_are_one_site(world: World) -> None:
    together = Barrier(2)

    def send(number: int) -> Any:
        try:
            together.wait()
            return submit(world, clinic(number, identifier="GAO-1")).version.listing_id
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(send, (1, 2)))) == 1
    assert sorted(Version.objects.values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize("key", ["", "  ", "k" * 201])
def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    with pytest.raises(KeyInvalid):
        submit(world, clinic(), idempotency_key=key)


@pytest.mark.parametrize("facts", [{"nmae": "x"}, {"name": {"en": "x"}}])
def test_facts_that_nothing_reads_are_refused(world: World, facts: dict[str, Any]) -> None:
    with pytest.raises(FactsInvalid):
        submit(world, facts)


def test_only_the_organisations_reporters_submit(world: World) -> None:
    for person in (world.outsider, world.bob):
        with pytest.raises(NotAllowed):
            do_submit(clinic(), organisation=world.organisation, acting_user=person)

    do_suspend(world.organisation, "Under review.", acting_user=world.bob)
    with pytest.raises(OrganisationNotVetted):
        submit(world, clinic())


def test_the_same_identifier_again_amends(world: World) -> None:
    first = submit(world, clinic(1, identifier="GAO-1"))
    second = submit(world, clinic(2, identifier=" gao-1 "))

    assert second.version.listing_id == first.version.listing_id
    assert (second.version.number, second.version.action) == (2, "amend")
    first.version.refresh_from_db()
    assert first.version.status == "returned"  # The newer one took its place.


def test_an_amendment_keeps_what_is_not_named(world: World) -> None:
    first = submit(world, clinic(phone="+223 70 00 00 01", aliases=["Djanabandia"]))
    listing = first.version.listing

    done = do_amend(listing, {"functioning_status": "Partially"}, acting_user=world.alice)

    assert done.version.content == {
        **first.version.content,
        "functioning_status": "Partially",
    }
    moved = do_amend(listing, {"latitude": "16.3", "longitude": "-0.04"}, acting_user=world.alice)
    assert moved.version.content["position"]["lat_e7"] == 163_000_000
    assert moved.version.checks_worst == "warn"


def test_an_amendment_of_another_fact_keeps_a_coarse_position_coarse(world: World) -> None:
    first = submit(world, clinic(latitude="16.27", longitude="-0.05"))

    done = do_amend(first.version.listing, {"phone": "+223 1"}, acting_user=world.alice)

    assert done.version.content["position"] == first.version.content["position"]
    assert done.version.checks_worst == "warn"


def test_a_movement_is_kept_and_amended(world: World) -> None:
    done = submit(world, movement(), kind=Listing.Kind.MOVEMENT)
    amended = do_amend(done.version.listing, {"purpose": "Vaccines"}, acting_user=world.alice)

    content = amended.version.content
    assert [point["lat_e7"] for point in content["waypoints"]] == [162_716_200, 156_596_700]
    assert content["plates"] == ["AB 1234", "CD 5678"]
    assert content["purpose"] == "Vaccines"
    assert amended.version.valid_until == done.version.valid_until
    assert events(world, "movement:submitted") == 2


def test_a_removal_closes_the_listing_once_it_is_cleared(world: World) -> None:
    listing = submit(world, clinic(identifier="GAO-1")).version.listing
    do_clear_passing(world.mechanism, acting_user=world.bob)
    with pytest.raises(ReasonMissing):
        do_remove(listing, " ", acting_user=world.alice)

    removal = do_remove(listing, "The clinic has moved.", acting_user=world.alice)
    listing.refresh_from_db()
    assert (removal.version.action, listing.status) == ("remove", "active")
    do_clear_passing(world.mechanism, acting_user=world.bob)

    listing.refresh_from_db()
    assert listing.status == "closed"
    with pytest.raises(ListingClosed):
        do_amend(listing, {"phone": "+223 1"}, acting_user=world.alice)
    again = submit(world, clinic(identifier="GAO-1"))  # It stands there again.
    assert again.version.listing_id == listing.id
    listing.refresh_from_db()
    assert listing.status == "pending"


def test_consent_is_given_with_the_submission(world: World) -> None:
    party_a, party_b = world.parties
    done = submit(world, clinic(), consents={party_a: Grade.EXACT, party_b: Grade.VICINITY})

    held = done.version.listing.consents.order_by("grade").values_list("party__name", "grade")
    assert list(held) == [("Party A", "exact"), ("Party B", "vicinity")]
    assert events(world, "consent:given") == 2
