from pathlib import Path

import pytest

from openhns.mechanism.access import access_organisation, find_organisation, vetted_organisation
from openhns.mechanism.actions import (
    do_admit,
    do_apply,
    do_decide_on_organisation,
    do_grant_role,
    do_suspend,
)
from openhns.mechanism.errors import (
    AlreadyDecided,
    NotAllowed,
    NotFound,
    OrganisationExists,
    OrganisationInvalid,
    OrganisationNotOpen,
    OrganisationNotVetted,
)
from openhns.mechanism.models import Organisation, Person, Role
from openhns.proofs.canonical import parse
from openhns.record.models import Event
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
STATUS = Organisation.Status


def applied(world: World, name: str = "Clinics without Walls") -> Organisation:
    return do_apply(name, {"phone": "+223 1"}, mechanism=world.mechanism, acting_user=world.alice)


def decide(organisation: Organisation, person: Person, *, favourable: bool = True) -> Organisation:
    return do_decide_on_organisation(organisation, favourable, "why", acting_user=person)


def test_one_person_vets_where_the_policy_says_so(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    assert decide(applied(world), world.bob).status == STATUS.VETTED


def test_two_different_persons_vet_under_the_standard_policy(data_folder: Path) -> None:
    del data_folder
    world = make_world("two-person")
    organisation = decide(applied(world), world.bob)
    assert organisation.status == STATUS.APPLIED
    with pytest.raises(AlreadyDecided):
        decide(organisation, world.bob)
    assert decide(organisation, world.administrator).status == STATUS.VETTED


def test_a_refusal_by_either_is_a_refusal(data_folder: Path) -> None:
    del data_folder
    world = make_world("two-person")
    organisation = decide(applied(world), world.bob)
    refused = decide(organisation, world.second_operator, favourable=False)
    assert refused.status == STATUS.REFUSED
    with pytest.raises(OrganisationNotOpen):
        decide(organisation, world.administrator)
    with pytest.raises(OrganisationNotVetted, match="refused"):
        vetted_organisation(refused)


def test_nobody_vets_an_organisation_of_their_own(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    organisation = applied(world)
    do_grant_role(
        world.bob,
        world.mechanism,
        Role.Name.REPORTER,
        organisation,
        acting_user=world.administrator,
    )
    with pytest.raises(NotAllowed, match="belong"):
        decide(organisation, world.bob)


@pytest.mark.parametrize("who", ["alice", "outsider"])
def test_only_a_reviewer_decides(data_folder: Path, who: str) -> None:
    del data_folder
    world = make_world()
    with pytest.raises(NotAllowed, match="reviewer"):
        decide(applied(world), getattr(world, who))


def test_a_refused_organisation_applies_again_and_the_same_persons_decide(
    data_folder: Path,
) -> None:
    del data_folder
    world = make_world()
    decide(applied(world), world.bob, favourable=False)
    again = applied(world)
    assert (again.application, again.status) == (2, STATUS.APPLIED)
    vetted = decide(again, world.bob)
    assert vetted.status == STATUS.VETTED
    assert vetted.vetting_decisions.count() == 2


def test_an_organisation_is_found_by_its_name_whatever_case_and_blanks(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    composed = applied(world, "Me\u0301decins  d'Ici")
    assert find_organisation(world.mechanism, "M\u00c9DECINS d'ici ") == composed
    assert access_organisation(world.bob, world.mechanism, str(composed.id)) == composed
    with pytest.raises(OrganisationExists):
        applied(world, "m\u00e9decins d'ici")


def test_absent_and_forbidden_get_one_answer(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    with pytest.raises(NotFound) as forbidden:
        access_organisation(world.outsider, world.mechanism, "Ministry of Health")
    with pytest.raises(NotFound) as absent:
        access_organisation(world.outsider, world.mechanism, "No such ministry")
    assert str(forbidden.value) == str(absent.value)
    found = access_organisation(world.alice, world.mechanism, "ministry of health")
    assert found == world.organisation


def test_the_name_stands_sealed_and_in_no_event(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    organisation = applied(world)
    assert b"Clinics" not in bytes(organisation.sealed)
    event = Event.objects.get(name="organisation:applied", subject_id=organisation.id)
    assert b"Clinics" not in event.canonical
    assert parse(event.canonical)["actor"] == "organisation"


def test_a_suspended_organisation_is_out_until_vetted_again(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    suspended = do_suspend(world.organisation, "lost contact", acting_user=world.bob)
    with pytest.raises(OrganisationNotVetted, match="suspended"):
        do_admit("Ministry of Health", mechanism=world.mechanism, acting_user=world.administrator)
    with pytest.raises(OrganisationNotOpen):
        do_suspend(suspended, "again", acting_user=world.bob)
    assert decide(applied(world, "Ministry of Health"), world.bob).status == STATUS.VETTED


def test_the_local_administrator_admits_an_organisation_only_where_one_suffices(
    data_folder: Path,
) -> None:
    del data_folder
    alone, two = make_world(), make_world("two-person")
    root = alone.administrator
    admitted = do_admit("New Clinic", mechanism=alone.mechanism, acting_user=root)
    assert admitted.status == STATUS.VETTED
    same = do_admit("new clinic", mechanism=alone.mechanism, acting_user=root)
    assert same == admitted
    with pytest.raises(NotFound):
        do_admit("New Clinic", mechanism=two.mechanism, acting_user=root)
    with pytest.raises(NotFound):
        do_admit("Newer Clinic", mechanism=alone.mechanism, acting_user=alone.alice)


@pytest.mark.parametrize("name", ["", "   ", "x" * 301, "a\u0000b", "a\nb"])
def test_a_name_that_is_none_is_refused(data_folder: Path, name: str) -> None:
    del data_folder
    world = make_world()
    with pytest.raises(OrganisationInvalid):
        applied(world, name)
