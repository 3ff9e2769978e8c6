from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection

from openhns.mechanism.access import NotAllowed, NotFound
from openhns.mechanism.actions import do_end_role, do_grant_role
from openhns.mechanism.models import ExactRead, Person, Role
from openhns.record.models import Event
from openhns.registry.access import (
    access_listing,
    access_version,
    findings_shown_to,
    read_contents,
    sites_visible_to,
)
from openhns.registry.actions import do_amend, do_clear_passing, do_decide, do_sign, do_sign_all
from openhns.registry.errors import (
    AlreadyDecided,
    AlreadySigned,
    OwnOrganisation,
    OwnSubmission,
    ReasonMissing,
    RegistryError,
    SignatureMissing,
    VersionNotWaiting,
)
from openhns.registry.models import Decision, Listing, Version
from openhns.registry.tests.building import clinic, submit
from openhns.testing_world import World, make_member, make_organisation, make_world

CLEAR, RETURN, REFUSE = Decision.Word.CLEAR, Decision.Word.RETURN, Decision.Word.REFUSE
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


@pytest.fixture
def standard(data_folder: Path) -> World:
    """Give a mechanism under the policy of two persons."""
    del data_folder
    return make_world("two-person")


def status_of(version: Version) -> tuple[str, str]:
    version.refresh_from_db()
    listing = Listing.objects.get(id=version.listing_id)
    return version.status, listing.status


def test_one_person_clears_where_the_policy_says_so(world: World) -> None:
    version = submit(world, clinic()).version

    done = do_decide(version, CLEAR, acting_user=world.bob)

    assert done.settled
    assert status_of(version) == ("cleared", "active")
    assert Event.objects.filter(name="version:decided").count() == 1
    with pytest.raises(VersionNotWaiting):
        do_decide(version, CLEAR, acting_user=world.second_operator)


def test_returning_refusing_and_clearing_a_warning_need_a_reason(world: World) -> None:
    sound = submit(world, clinic(1)).version
    coarse = submit(world, clinic(2, latitude="16.29", longitude="-0.04")).version

    for version, word in ((sound, RETURN), (sound, REFUSE), (coarse, CLEAR)):
        with pytest.raises(ReasonMissing):
            do_decide(version, word, acting_user=world.bob)
    do_decide(coarse, CLEAR, "Seen on a photograph.", acting_user=world.bob)
    do_decide(sound, REFUSE, "No humanitarian function.", acting_user=world.bob)

    assert status_of(coarse) == ("cleared", "active")
    assert status_of(sound) == ("refused", "pending")


def test_only_reviewers_decide(world: World) -> None:
    version = submit(world, clinic()).version

    for person in (world.alice, world.outsider):
        with pytest.raises(NotAllowed):
            do_decide(version, CLEAR, acting_user=person)
        with pytest.raises(NotAllowed):
            do_clear_passing(world.mechanism, acting_user=person)


def test_two_different_persons_clear_and_neither_submitted(standard: World) -> None:
    version = submit(standard, clinic()).version
    with pytest.raises(SignatureMissing):
        do_decide(version, CLEAR, acting_user=standard.bob)
    with pytest.raises(OwnSubmission):
        do_sign(version, acting_user=standard.alice)
    do_sign(version, acting_user=standard.second_approver)
    with pytest.raises(AlreadySigned):
        do_sign(version, acting_user=standard.second_approver)

    first = do_decide(version, CLEAR, acting_user=standard.bob)
    assert (first.settled, status_of(version)) == (False, ("submitted", "pending"))
    with pytest.raises(AlreadyDecided):
        do_decide(version, CLEAR, acting_user=standard.bob)
    second = do_decide(version, CLEAR, acting_user=standard.second_operator)

    assert second.settled
    assert status_of(version) == ("cleared", "active")


def join(world: World, person: Person) -> None:
    place = (world.mechanism, Role.Name.APPROVER, world.organisation)
    do_grant_role(person, *place, acting_user=world.administrator, seconded_by=world.bob)


def test_nobody_of_the_organisation_clears_for_the_operator(standard: World) -> None:
    version = submit(standard, clinic()).version
    join(standard, standard.second_operator)
    do_sign(version, acting_user=standard.second_approver)

    with pytest.raises(OwnOrganisation):
        do_decide(version, CLEAR, acting_user=standard.second_operator)
    done = do_clear_passing(standard.mechanism, acting_user=standard.second_operator)
    assert dict(done.held) == {"own-organisation": 1}


def test_who_signed_and_then_left_the_organisation_does_not_clear(standard: World) -> None:
    version = submit(standard, clinic()).version
    join(standard, standard.second_operator)
    do_sign(version, acting_user=standard.second_operator)
    role = standard.second_operator.roles.get(organisation=standard.organisation)
    do_end_role(role, acting_user=standard.administrator)

    with pytest.raises(OwnOrganisation):
        do_decide(version, CLEAR, acting_user=standard.second_operator)


def test_a_clearance_by_who_then_joined_and_signed_counts_no_longer(standard: World) -> None:
    first, second = (submit(standard, clinic(number)).version for number in (1, 2))
    do_sign_all(standard.organisation, acting_user=standard.second_approver)
    do_clear_passing(standard.mechanism, acting_user=standard.second_operator)
    join(standard, standard.second_operator)

    assert not do_decide(first, CLEAR, acting_user=standard.bob).settled
    assert do_clear_passing(standard.mechanism, acting_user=standard.bob).cleared == 0
    assert {status_of(first)[0], status_of(second)[0]} == {"submitted"}
    done = do_clear_passing(standard.mechanism, acting_user=standard.administrator)
    assert done.cleared == 2


def test_one_person_suffices_to_return(standard: World) -> None:
    version = submit(standard, clinic()).version

    do_decide(version, RETURN, "Which floor?", acting_user=standard.bob)

    assert status_of(version) == ("returned", "pending")


def test_clearing_in_bulk_obeys_two_signatures_and_two_persons(standard: World) -> None:
    for number in (1, 2, 3):
        submit(standard, clinic(number))

    def passing(person: Person) -> tuple[int, dict[str, int], int]:
        done = do_clear_passing(standard.mechanism, acting_user=person)
        return done.cleared, dict(done.held), done.waiting_for_second_person

    assert passing(standard.bob) == (0, {"waiting-for-signature": 3}, 0)
    assert do_sign_all(standard.organisation, acting_user=standard.alice) == 0
    assert do_sign_all(standard.organisation, acting_user=standard.second_approver) == 3
    assert passing(standard.bob) == (0, {}, 3)
    assert passing(standard.bob) == (0, {}, 3)
    assert passing(standard.second_operator) == (3, {}, 0)
    assert Decision.objects.count() == 6
    assert Event.objects.filter(name="version:decided").count() == 6


def test_warnings_are_held_and_named(world: World) -> None:
    submit(world, clinic(1))
    submit(world, clinic(2, latitude="16.29", longitude="-0.04"))

    done = do_clear_passing(world.mechanism, acting_user=world.bob)

    assert (done.cleared, dict(done.held)) == (1, {"too-few-decimals": 1})
    again = do_clear_passing(world.mechanism, acting_user=world.bob)
    assert (again.cleared, dict(again.held)) == (0, {"too-few-decimals": 1})


@pytest.mark.parametrize("policy", ["one-person", "two-person"])
def test_two_clearances_at_once_have_one_effect(data_folder: Path, policy: str) -> None:
    del data_folder
    world = make_world(policy)
    version = submit(world, clinic()).version
    do_sign(version, acting_user=world.second_approver)
    together = Barrier(2)

    def clear(person: Person) -> str:
        try:
            together.wait()
            return "settled" if do_decide(version, CLEAR, acting_user=person).settled else "first"
        except RegistryError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(clear, (world.bob, world.second_operator)))

    expected = {
        "one-person": ["settled", "version_not_waiting"],
        "two-person": ["first", "settled"],
    }
    assert answers == expected[policy]
    assert status_of(version) == ("cleared", "active")


def test_two_bulk_clearances_at_once_clear_each_version_once(world: World) -> None:
    for number in range(1, 6):
        submit(world, clinic(number))
    together = Barrier(2)

    def clear(person: Person) -> int:
        try:
            together.wait()
            return do_clear_passing(world.mechanism, acting_user=person).cleared
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(clear, (world.bob, world.second_operator))) == 5
    assert Decision.objects.count() == 5


def other_organisation(world: World) -> World:
    """Give the same mechanism, seen from an organisation that knows nothing of the first."""
    reviewers = (world.bob, world.second_operator)
    organisation = make_organisation(world.mechanism, "Red Crescent", *reviewers)
    carol = make_member(organisation, "Carol", world.administrator)
    return World(
        **{
            **{name: getattr(world, name) for name in World.__slots__},
            "organisation": organisation,
            "alice": carol,
        }
    )


def test_what_others_registered_is_told_to_reviewers_alone(world: World) -> None:
    theirs = submit(world, clinic(name="Hôpital de Gao", latitude="16.27162")).version
    other = other_organisation(world)

    done = submit(other, clinic(name="Gao Hospital", latitude="16.27172"))

    near, shown = "already-registered-nearby", done.findings
    assert near not in {finding.name for finding in shown}
    assert done.version.checks_worst == "pass"
    assert near not in str(done.version.check_run.content)
    mine = findings_shown_to(other.alice, world.mechanism, [done.version])[done.version.id]
    assert near not in {finding.name for finding in mine}
    reviewed = findings_shown_to(world.bob, world.mechanism, [done.version])[done.version.id]
    (finding,) = [item for item in reviewed if item.name == near]
    assert finding.reviewers_only
    assert finding.evidence["others"][0]["listing"] == str(theirs.listing_id)
    held = do_clear_passing(world.mechanism, acting_user=world.bob)
    assert (held.cleared, dict(held.held)) == (1, {near: 1})  # The older one is left alone.
    with pytest.raises(ReasonMissing):
        do_decide(done.version, CLEAR, acting_user=world.bob)
    decided = do_decide(done.version, CLEAR, "Two wings.", acting_user=world.bob)
    assert decided.decision.content["findings"][0]["name"] == near


def test_one_point_of_others_is_not_counted_against_a_submitter(world: World) -> None:
    for number in (1, 2, 3):
        submit(world, clinic(number, latitude="16.27162"))

    done = submit(other_organisation(world), clinic(4, latitude="16.27162"))

    assert done.version.checks_worst == "pass"


def test_absent_and_forbidden_are_one_answer(world: World) -> None:
    version = submit(world, clinic()).version
    other = other_organisation(world)

    assert access_listing(world.alice, world.mechanism, version.listing_id) == version.listing
    assert access_version(world.bob, world.mechanism, str(version.listing_id)) == version
    absent = version.scope
    answers = set()
    for person, wanted in (
        (other.alice, version.listing_id),
        (world.outsider, version.listing_id),
        (world.alice, absent),
        (world.alice, "no-identifier"),
    ):
        with pytest.raises(NotFound) as error:
            access_version(person, world.mechanism, wanted)
        answers.add((error.value.code, str(error.value)))
    assert len(answers) == 1
    assert not sites_visible_to(other.alice, world.mechanism).exists()


def test_reading_exact_places_is_journalled(world: World) -> None:
    version = submit(world, clinic()).version

    assert read_contents(world.outsider, world.mechanism, [version], "curiosity") == {}
    contents = read_contents(world.bob, world.mechanism, [version], "review")

    assert contents[version.id]["name"] == version.content["name"]
    assert ExactRead.objects.get().content["listings"] == [str(version.listing_id)]


def test_clearing_an_amendment_while_the_older_waits_takes_the_newer(world: World) -> None:
    older = submit(world, clinic()).version
    newer = do_amend(older.listing, {"phone": "+223 1"}, acting_user=world.alice).version

    with pytest.raises(VersionNotWaiting):
        do_decide(older, CLEAR, acting_user=world.bob)
    assert do_clear_passing(world.mechanism, acting_user=world.bob).cleared == 1
    assert status_of(newer) == ("cleared", "active")
