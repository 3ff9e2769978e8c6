from pathlib import Path

import pytest

from openhns.mechanism.access import NotAllowed
from openhns.mechanism.actions import do_suspend
from openhns.mechanism.errors import OrganisationNotVetted
from openhns.parties.errors import PartyNotFound
from openhns.record.models import Event
from openhns.registry.actions import (
    do_give_consent,
    do_revoke_consent,
    do_suspend_consents,
)
from openhns.registry.actions.consenting import read_consents
from openhns.registry.errors import ConsentInvalid, ConsentNotOpen, GradeUnknown
from openhns.registry.models import Consent, Listing
from openhns.registry.models.consent import Grade
from openhns.registry.tests.building import clinic, submit
from openhns.testing_world import World, make_organisation, make_world


@pytest.fixture
def world(data_folder: Path, transactional_db: None) -> World:
    del data_folder, transactional_db
    return make_world()


def give(world: World, listing: Listing, grade: Grade) -> list[Consent]:
    return do_give_consent(
        [listing],
        {world.parties[0]: grade},
        "Letter 12",
        organisation=world.organisation,
        acting_user=world.alice,
    )


def test_one_consent_is_open_per_party_and_a_change_replaces_it(world: World) -> None:
    listing = submit(world, clinic()).version.listing

    assert len(give(world, listing, Grade.EXACT)) == 1
    assert give(world, listing, Grade.EXACT) == []
    (changed,) = give(world, listing, Grade.VICINITY)

    assert list(Consent.objects.filter(revoked_at=None)) == [changed]
    assert changed.content["document"] == "Letter 12"
    assert "cannot be recalled" in changed.content["words"]
    names = Event.objects.filter(name__startswith="consent:").order_by("seq").values_list("name")
    assert [name for (name,) in names] == ["consent:given", "consent:revoked", "consent:given"]


def test_a_consent_is_taken_back_once(world: World) -> None:
    listing = submit(world, clinic()).version.listing
    give(world, listing, Grade.EXACT)

    revoked = do_revoke_consent(listing, world.parties[0], "Staff moved.", acting_user=world.alice)

    assert revoked.revoked_at is not None
    with pytest.raises(ConsentNotOpen):
        do_revoke_consent(listing, world.parties[0], acting_user=world.alice)


def test_consents_rest_when_a_party_leaves_and_are_given_anew(world: World) -> None:
    listing = submit(world, clinic()).version.listing
    give(world, listing, Grade.EXACT)

    assert do_suspend_consents(world.parties[0], acting_user=world.administrator) == 1
    assert do_suspend_consents(world.parties[0], acting_user=world.administrator) == 0
    assert Consent.objects.get().suspended_at is not None
    (anew,) = give(world, listing, Grade.EXACT)
    assert (anew.suspended_at, anew.revoked_at) == (None, None)


def test_a_suspended_organisation_takes_back_and_gives_nothing(world: World) -> None:
    listing = submit(world, clinic()).version.listing
    give(world, listing, Grade.VICINITY)
    do_suspend(world.organisation, "Its papers are in doubt.", acting_user=world.bob)

    with pytest.raises(OrganisationNotVetted):
        give(world, listing, Grade.EXACT)
    do_revoke_consent(listing, world.parties[0], acting_user=world.alice)
    assert not Consent.objects.filter(revoked_at=None).exists()


def test_only_the_organisation_consents_to_what_is_its_own(world: World) -> None:
    listing = submit(world, clinic()).version.listing
    other = make_organisation(world.mechanism, "Red Crescent", world.bob)

    with pytest.raises(NotAllowed):
        do_give_consent(
            [listing],
            {world.parties[0]: Grade.EXACT},
            organisation=world.organisation,
            acting_user=world.bob,
        )
    with pytest.raises(ConsentInvalid):
        do_give_consent(
            [listing],
            {world.parties[0]: Grade.EXACT},
            organisation=other,
            acting_user=world.administrator,
        )
    assert not Consent.objects.exists()


def test_consents_are_read_from_words(world: World) -> None:
    party_a, party_b = world.parties

    found = read_consents(world.mechanism, ["Party A=exact", "Party B = Vicinity"])

    assert found == {party_a: Grade.EXACT, party_b: Grade.VICINITY}
    for text, error in (
        ("Party A", ConsentInvalid),
        ("=exact", ConsentInvalid),
        ("Party A=precise", GradeUnknown),
        ("Party C=exact", PartyNotFound),
    ):
        with pytest.raises(error):
            read_consents(world.mechanism, [text])
    with pytest.raises(ConsentInvalid):
        read_consents(world.mechanism, ["Party A=exact", "Party A=presence"])
