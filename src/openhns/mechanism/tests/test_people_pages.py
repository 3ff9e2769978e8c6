"""People, roles, invitations and requests for a second administrator, on screen."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from openhns.mechanism.actions import do_change_policy, do_propose_policy
from openhns.mechanism.models import Invitation, Person, Proposal, Role
from openhns.mechanism.policy import ONE_PERSON, TWO_PERSON
from openhns.mechanism.tests.screens import (
    bob,
    colleague,
    key_on,
    outsider,
    path,
    said,
    send,
    text_of,
)
from openhns.record.models import Event
from openhns.testing_world import World, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
ALI = {"name": "علي حسن", "email": "ali@example.org", "phone": "+963 11 1234"}


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


@pytest.fixture
def two(data_folder: Path) -> World:
    del data_folder
    return make_world("two-person")


def enter(world: World, **changes: str) -> Person:
    send(bob(world), path(world, "people/new/"), ALI | changes)
    return Person.objects.order_by("-made_at")[0]


def test_the_list_shows_who_is_here_and_their_roles(world: World) -> None:
    page = text_of(bob(world), path(world, "people/"))
    assert "Alice" in page
    assert "Reporter of an organisation" in page
    assert '<span dir="auto">Ministry of Health</span>' in page
    assert "Local administrator" not in page


def test_another_mechanism_s_people_are_not_listed_but_found_by_exact_name(world: World) -> None:
    other = make_world()
    client = bob(world)
    assert other.alice.handle not in text_of(client, path(world, "people/"))
    page = path(world, f"people/{other.alice.id}/")
    assert client.get(page).status_code == 404
    assert "Nobody has an account" in said(send(client, path(world, "people/find/"), {"who": "x"}))
    found = send(client, path(world, "people/find/"), {"who": other.alice.handle})
    assert other.alice.handle in said(found)
    assert client.get(page).status_code == 200


def test_only_an_administrator_opens_these_pages(world: World) -> None:
    person = enter(world)
    for rest in ("people/", "people/new/", f"people/{person.id}/", "requests/", "policy/change/"):
        for client in (outsider(world), visitor(world.alice), Client()):
            assert client.get(path(world, rest)).status_code == 404


def test_a_form_sent_twice_enters_one_person(world: World) -> None:
    client = bob(world)
    fields = {"name": "Ali", "key": key_on(client, path(world, "people/new/"))}
    first = client.post(path(world, "people/new/"), fields)
    second = client.post(path(world, "people/new/"), fields)
    assert first.headers["Location"] == second.headers["Location"]
    assert Event.objects.filter(name="person:entered", log_id=world.mechanism.id).count() == 7


def test_what_is_wrong_with_a_person_is_said_in_words(world: World) -> None:
    enter(world)
    again = send(bob(world), path(world, "people/new/"), ALI)
    assert "A person with that e-mail address has an account." in said(again)
    wrong = send(bob(world), path(world, "people/new/"), {"name": "", "email": "nowhere"})
    assert "This field is required." in said(wrong)
    assert "Enter a valid email address." in said(wrong)


def test_a_role_is_given_at_once_where_one_person_suffices(world: World) -> None:
    person = enter(world)
    answer = send(bob(world), path(world, f"people/{person.id}/"), {"role": "auditor"})
    assert "The role is given." in said(answer)
    assert Role.objects.filter(person=person, name="auditor", ended_at=None).exists()
    again = send(bob(world), path(world, f"people/{person.id}/"), {"role": "auditor"})
    assert "The person holds that role already." in said(again)


def test_a_role_names_its_organisation_or_party(world: World) -> None:
    person = enter(world)
    page = path(world, f"people/{person.id}/")
    assert "needs its organisation" in said(send(bob(world), page, {"role": "reporter"}))
    assert "needs its organisation" in said(send(bob(world), page, {"role": "liaison"}))
    fields = {"role": "reporter", "organisation": str(world.organisation.id)}
    assert "The role is given." in said(send(bob(world), page, fields))
    party = world.parties[0]
    liaison = said(send(bob(world), page, {"role": "liaison", "party": str(party.id)}))
    assert "Liaison of a party" in liaison
    assert party.name in liaison


def test_a_role_waits_for_another_administrator_s_own_act(two: World) -> None:
    person = enter(two)
    page = path(two, f"people/{person.id}/")
    assert "Say in a sentence why" in said(send(bob(two), page, {"role": "reviewer"}))
    fields = {"role": "reviewer", "why": "She reviews from Monday."}
    assert "Another administrator must agree" in said(send(bob(two), page, fields))
    assert not person.roles.exists()
    asked = Proposal.objects.get()
    agree = path(two, f"requests/{asked.id}/agree/")
    assert "You asked for this yourself" in said(send(bob(two), agree))
    assert visitor(two.alice).post(agree).status_code == 404
    seen = text_of(colleague(two), path(two, f"requests/{asked.id}/"))
    assert "She reviews from Monday." in seen
    assert person.handle in seen
    assert "You agreed" in said(send(colleague(two), agree))
    assert person.roles.get().name == "reviewer"
    assert "answered already" in said(send(colleague(two), agree))
    names = Event.objects.filter(subject_id=asked.id).values_list("name", flat=True)
    assert set(names) == {"proposal:made", "proposal:agreed"}


def test_the_second_administrator_declines_with_a_reason(two: World) -> None:
    person = enter(two)
    fields = {"role": "reviewer", "why": "Please."}
    send(bob(two), path(two, f"people/{person.id}/"), fields)
    asked = Proposal.objects.get()
    decline = path(two, f"requests/{asked.id}/decline/")
    assert "This field is required." in said(send(colleague(two), decline, {"reason": ""}))
    answer = send(colleague(two), decline, {"reason": "Not known to us."})
    assert "Not known to us." in said(answer)
    assert b"Not known" not in bytes(Proposal.objects.get().sealed)
    assert not person.roles.exists()


def test_a_request_is_taken_back_by_whoever_made_it_and_grows_old(two: World) -> None:
    person = enter(two)
    for why in ("one", "two"):
        fields = {"role": "reviewer", "why": why}
        send(bob(two), path(two, f"people/{person.id}/"), fields)
    old, recent = Proposal.objects.order_by("proposed_at")
    back = path(two, f"requests/{recent.id}/take-back/")
    assert colleague(two).post(back).status_code == 404
    assert "taken back" in said(send(bob(two), back))
    Proposal.objects.filter(id=old.id).update(expires_at=timezone.now() - timedelta(seconds=1))
    agree = path(two, f"requests/{old.id}/agree/")
    assert "too old" in said(send(colleague(two), agree))
    assert "Too old" in text_of(bob(two), path(two, "requests/"))


def test_an_administrator_who_is_one_no_longer_seconds_nothing(two: World) -> None:
    person = enter(two)
    fields = {"role": "reviewer", "why": "Please."}
    send(bob(two), path(two, f"people/{person.id}/"), fields)
    held = Role.objects.get(person=two.bob, name="administrator")
    send(colleague(two), path(two, f"roles/{held.id}/end/"))
    asked = Proposal.objects.get()
    agree = path(two, f"requests/{asked.id}/agree/")
    assert colleague(two).post(agree).status_code == 404  # Whoever asked may ask no longer.
    assert not person.roles.exists()


def test_a_role_ends_at_once_after_a_question(two: World) -> None:
    held = Role.objects.get(person=two.alice, name="approver")
    address = path(two, f"roles/{held.id}/end/")
    assert "signed out everywhere" in text_of(bob(two), address)
    held.refresh_from_db()
    assert held.ended_at is None
    assert "The role has ended" in said(send(bob(two), address))
    assert "ended already" in said(send(bob(two), address))


def test_an_invitation_s_link_is_shown_once_and_can_be_withdrawn(world: World) -> None:
    person, client = enter(world), bob(world)
    page = path(world, f"people/{person.id}/")
    assert client.get(f"{page}invite/").status_code == 405
    shown = said(send(client, f"{page}invite/"))
    link = re.search(r"http://localhost:8000(/welcome/[\w-]+/)", shown)
    assert link is not None
    assert "/welcome/" not in text_of(client, page)
    assert Client().get(link[1]).status_code == 200
    invitation = Invitation.objects.get(person=person)
    withdrawn = send(client, path(world, f"invitations/{invitation.id}/withdraw/"))
    assert "its link opens nothing" in said(withdrawn)
    assert Client().get(link[1]).status_code == 410


def test_the_policy_is_shown_in_words_to_all_and_a_weaker_one_needs_two(two: World) -> None:
    page = text_of(visitor(two.alice), path(two, "policy/"))
    assert "Persons who clear a version for relay" in page
    client = bob(two)
    form = text_of(client, path(two, "policy/change/"))
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) | {"second_signature": "on"}
    fields.pop("csrfmiddlewaretoken")
    change = path(two, "policy/change/")
    stronger = send(client, change, fields | {"lead_time_hours": "72"})
    assert "The policy is changed." in said(stronger)
    two.mechanism.refresh_from_db()
    assert two.mechanism.policy["lead_time_hours"] == 72
    weaker = fields | {"persons_to_clear": "1", "lead_time_hours": "72", "why": "We are few."}
    weaker.pop("key")
    assert "Another administrator must agree" in said(send(client, change, weaker))
    asked = Proposal.objects.get()
    assert "2 → 1" in text_of(colleague(two), path(two, f"requests/{asked.id}/"))
    send(colleague(two), path(two, f"requests/{asked.id}/agree/"))
    two.mechanism.refresh_from_db()
    assert two.mechanism.policy["persons_to_clear"] == 1
    wrong = send(client, change, fields | {"tick_seconds": "0", "smallest_tick": "7"})
    assert "greater than or equal to 1" in said(wrong)


def test_an_agreed_change_of_policy_must_still_start_from_the_one_that_holds(two: World) -> None:
    asked = do_propose_policy(ONE_PERSON, "x", mechanism=two.mechanism, acting_user=two.bob)
    changed = replace(TWO_PERSON, nearby_m=600)
    do_change_policy(two.mechanism, changed, acting_user=two.bob)
    answer = send(colleague(two), path(two, f"requests/{asked.id}/agree/"))
    assert "The policy has changed since" in said(answer)


def test_a_long_list_takes_as_many_queries_as_a_short_one(
    world: World, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        enter(world, name=f"P {number}", email=f"p{number}@example.org")
    client = bob(world)
    client.get(path(world, "people/"))
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        page = text_of(client, path(world, "people/"))
    assert "Showing 1 to 25 of 35" in page
