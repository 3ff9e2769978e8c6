from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from openhns.mechanism.access import has_any_role, has_role, require_role
from openhns.mechanism.actions import do_add_person, do_end_role, do_grant_role
from openhns.mechanism.errors import (
    NotAllowed,
    NotFound,
    PersonExists,
    PersonInvalid,
    PersonNotFound,
    RoleEnded,
    RoleHeld,
    RoleInvalid,
    SecondPersonNeeded,
)
from openhns.mechanism.models import Person, Role
from openhns.mechanism.people import LOCAL_HANDLE, find_person, local_administrator
from openhns.proofs.canonical import parse
from openhns.record.models import Event
from openhns.testing_world import make_liaison, make_organisation, make_world

pytestmark = pytest.mark.django_db(transaction=True)
NAME = Role.Name


def test_the_local_administrator_is_recorded_once(data_folder: Path) -> None:
    del data_folder
    make_world()
    assert local_administrator() == local_administrator()
    assert Person.objects.filter(local=True).count() == 1
    assert find_person(LOCAL_HANDLE) == local_administrator()
    assert not local_administrator().has_usable_password()


def test_the_local_administrator_acts_for_an_organisation_only_where_one_suffices(
    data_folder: Path,
) -> None:
    del data_folder
    alone, two = make_world(), make_world("two-person")
    root = alone.administrator
    actor = require_role(root, alone.mechanism, NAME.REPORTER, alone.organisation)
    assert actor == "operator"
    with pytest.raises(NotAllowed, match="own people"):
        require_role(root, two.mechanism, NAME.REPORTER, two.organisation)
    with pytest.raises(NotAllowed):
        require_role(root, alone.mechanism, NAME.LIAISON, party_id=uuid4())
    for name in (NAME.REVIEWER, NAME.TRANSMITTER, NAME.ADMINISTRATOR):
        assert require_role(root, two.mechanism, name) == "operator"


def test_a_role_reaches_no_further_than_its_organisation_and_mechanism(data_folder: Path) -> None:
    del data_folder
    world, other = make_world(), make_world()
    actor = require_role(world.alice, world.mechanism, NAME.REPORTER, world.organisation)
    assert actor == "organisation"
    with pytest.raises(NotAllowed):
        require_role(world.alice, other.mechanism, NAME.REPORTER, other.organisation)
    with pytest.raises(NotAllowed):
        require_role(world.alice, world.mechanism, NAME.REPORTER, other.organisation)
    with pytest.raises(NotAllowed):
        require_role(world.bob, other.mechanism, NAME.REVIEWER)
    with pytest.raises(NotAllowed):
        require_role(world.outsider, world.mechanism, NAME.REVIEWER)


def test_a_liaison_is_a_liaison_of_one_party(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    first, second = world.parties
    root = world.administrator
    do_grant_role(
        world.outsider, world.mechanism, NAME.LIAISON, party_id=first.id, acting_user=root
    )
    actor = require_role(world.outsider, world.mechanism, NAME.LIAISON, party_id=first.id)
    assert actor == "party"
    assert not has_role(world.outsider, world.mechanism, NAME.LIAISON, party_id=second.id)


def test_an_ended_role_and_a_closed_account_open_nothing(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    role = world.bob.roles.get(name=NAME.REVIEWER)
    do_end_role(role, acting_user=world.administrator)
    assert not has_role(world.bob, world.mechanism, NAME.REVIEWER)
    with pytest.raises(RoleEnded):
        do_end_role(role, acting_user=world.administrator)
    world.bob.is_active = False
    assert not has_role(world.bob, world.mechanism, NAME.TRANSMITTER)


def test_a_role_is_held_once_and_its_event_names_a_pseudonym(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    with pytest.raises(RoleHeld):
        do_grant_role(
            world.alice,
            world.mechanism,
            NAME.REPORTER,
            world.organisation,
            acting_user=world.administrator,
        )
    bodies = [parse(event.canonical)["body"] for event in Event.objects.filter(name="role:granted")]
    assert world.alice.handle in {body["person"] for body in bodies}
    assert not any("Alice" in str(body) for body in bodies)


def test_a_role_that_lacks_what_it_belongs_to_is_refused(data_folder: Path) -> None:
    del data_folder
    world, other = make_world(), make_world()
    root, person, mechanism = world.administrator, world.outsider, world.mechanism
    with pytest.raises(RoleInvalid):
        do_grant_role(person, mechanism, NAME.REPORTER, acting_user=root)
    with pytest.raises(RoleInvalid):
        do_grant_role(person, mechanism, NAME.REVIEWER, world.organisation, acting_user=root)
    with pytest.raises(RoleInvalid):
        do_grant_role(person, mechanism, NAME.LIAISON, acting_user=root)
    with pytest.raises(RoleInvalid):
        do_grant_role(person, mechanism, "king", acting_user=root)
    with pytest.raises(RoleInvalid):
        do_grant_role(root, mechanism, NAME.AUDITOR, acting_user=root)
    with pytest.raises(NotFound):
        do_grant_role(person, mechanism, NAME.REPORTER, other.organisation, acting_user=root)
    with pytest.raises(NotAllowed):
        do_grant_role(person, mechanism, NAME.AUDITOR, acting_user=world.alice)


def test_under_the_standard_policy_no_administrator_alone_makes_operators(
    data_folder: Path,
) -> None:
    del data_folder
    world = make_world("two-person")
    with pytest.raises(SecondPersonNeeded):
        do_grant_role(
            world.outsider, world.mechanism, NAME.REVIEWER, acting_user=world.administrator
        )
    do_grant_role(
        world.outsider,
        world.mechanism,
        NAME.REVIEWER,
        acting_user=world.administrator,
        seconded_by=world.bob,
    )
    assert has_role(world.outsider, world.mechanism, NAME.REVIEWER)


@pytest.mark.parametrize("role", [NAME.REPORTER, NAME.APPROVER])
def test_under_the_standard_policy_no_administrator_alone_signs_for_an_organisation(
    data_folder: Path, role: Role.Name
) -> None:
    del data_folder
    world = make_world("two-person")
    root, one, other = world.administrator, world.bob, world.second_operator

    def grant(by: Person, second: Person | None) -> Role:
        place = (world.outsider, world.mechanism, role, world.organisation)
        return do_grant_role(*place, acting_user=by, seconded_by=second)

    for by, second in ((root, None), (one, one), (one, world.alice)):
        with pytest.raises(SecondPersonNeeded):
            grant(by, second)
    assert not has_role(world.outsider, world.mechanism, role, world.organisation)
    grant(one, other)
    assert has_role(world.outsider, world.mechanism, role, world.organisation)


def test_a_person_is_found_by_handle_or_address_and_the_address_is_sealed(
    data_folder: Path,
) -> None:
    del data_folder
    world = make_world()
    person = do_add_person(
        "Zoe", "Zoe@Example.org", mechanism=world.mechanism, acting_user=world.administrator
    )
    assert find_person("zoe@example.ORG") == find_person(person.handle) == person
    assert b"xample" not in bytes(person.sealed) + bytes(person.email_hash or b"")
    with pytest.raises(PersonExists):
        do_add_person("Other", "zoe@example.org", mechanism=world.mechanism, acting_user=world.bob)
    with pytest.raises(PersonNotFound):
        find_person("nobody@example.org")
    with pytest.raises(NotAllowed):
        do_add_person("X", mechanism=world.mechanism, acting_user=world.alice)


@pytest.mark.parametrize(
    ("name", "email"), [("", None), ("A\u0007", None), ("A", "no-at"), ("A", "a b@c"), ("A", "@c")]
)
def test_misshapen_facts_of_a_person_are_refused(
    data_folder: Path, name: str, email: str | None
) -> None:
    del data_folder
    world = make_world()
    with pytest.raises(PersonInvalid):
        do_add_person(name, email, mechanism=world.mechanism, acting_user=world.bob)


def test_one_of_several_roles_is_found_as_each_alone_is(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    everyone = (world.alice, world.bob, world.outsider, world.second_operator, world.administrator)
    liaison = make_liaison(world.parties[0], world.administrator)
    for person in (*everyone, liaison):
        for roles in ([], list(Role.Name), *([role] for role in Role.Name)):
            each = any(has_role(person, world.mechanism, role) for role in roles)
            assert has_any_role(person, world.mechanism, roles) is each
    Role.objects.filter(person=world.bob).update(ended_at=timezone.now())
    Person.objects.filter(id=world.second_operator.id).update(is_active=False)
    closed = Person.objects.get(id=world.second_operator.id)
    assert not has_any_role(world.bob, world.mechanism, Role.Name)
    assert not has_any_role(closed, world.mechanism, Role.Name)


def test_open_roles_come_with_their_mechanism_and_organisation(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    other = make_organisation(world.mechanism, "Another", world.bob, world.second_operator)
    for name in (Role.Name.REPORTER, Role.Name.APPROVER):
        do_grant_role(
            world.alice,
            world.mechanism,
            name,
            other,
            acting_user=world.administrator,
            seconded_by=world.bob,
        )
    person = Person.objects.get(id=world.alice.id)
    asked = list(person.acting_roles().select_related("mechanism", "organisation"))
    asked.sort(key=lambda role: (role.granted_at, role.id.bytes))
    shown = [(role.id, role.mechanism, role.organisation, role.person) for role in asked]
    assert shown == [
        (role.id, role.mechanism, role.organisation, role.person) for role in person.open_roles
    ]
    assert {role.organisation for role in person.open_roles} == {world.organisation, other}
    ended = person.open_roles[0]
    Role.objects.filter(id=ended.id).update(ended_at=timezone.now())
    assert ended not in Person.objects.get(id=person.id).open_roles
