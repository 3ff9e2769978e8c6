"""An account begins anew only with those who may give away what it can do."""

import re
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from openhns.mechanism.actions import do_change_policy, do_invite
from openhns.mechanism.errors import InvitationElsewhere, SecondPersonNeeded
from openhns.mechanism.models import Person, Proposal, Role
from openhns.mechanism.policy import TWO_PERSON
from openhns.mechanism.sign_in.passwords import store_password
from openhns.mechanism.tests.screens import bob, colleague, give, path, said, send, text_of
from openhns.record.actions import do_tick
from openhns.record.audit import audit_logs
from openhns.record.models import Log
from openhns.testing_world import World, kept, make_world

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "nine blue lanterns"
NEW = {"password": "ten red kettles", "again": "ten red kettles"}


@pytest.fixture
def two(data_folder: Path) -> World:
    del data_folder
    return kept(_two)


def _two() -> World:
    world = make_world("two-person")
    store_password(world.alice, PASSWORD)
    return world


def alices_page(world: World) -> str:
    return path(world, f"people/{world.alice.id}/")


def link_in(answer: object) -> str:
    found = re.search(r"http://localhost:8000(/welcome/[\w-]+/)", said(answer))
    assert found is not None
    return found[1]


def test_no_administrator_alone_takes_over_somebody_s_signature(two: World) -> None:
    assert "Ask another administrator" in text_of(bob(two), alices_page(two))
    with pytest.raises(SecondPersonNeeded):
        do_invite(two.alice, mechanism=two.mechanism, acting_user=two.bob)
    refused = send(bob(two), f"{alices_page(two)}invite/")
    assert "another person must agree" in said(refused)
    assert two.alice.check_password(PASSWORD)


def test_an_account_begins_anew_when_two_administrators_agree_and_once(two: World) -> None:
    Authenticator.objects.create(user=two.alice, type="totp", data={})
    start = f"{alices_page(two)}new-start/"
    assert "This field is required." in said(send(bob(two), start))
    send(bob(two), start, {"reason": "She lost her telephone."})
    asked = Proposal.objects.get()
    send(colleague(two), path(two, f"requests/{asked.id}/agree/"))
    assert "Ask another administrator" in text_of(colleague(two), alices_page(two))
    link = link_in(send(bob(two), f"{alices_page(two)}invite/"))
    assert "Ask another administrator" in text_of(bob(two), alices_page(two))
    client = Client()
    assert client.post(link, NEW).status_code == 302
    assert not Authenticator.objects.filter(user=two.alice).exists()
    assert Person.objects.get(id=two.alice.id).check_password(NEW["password"])
    assert not two.alice.check_password(PASSWORD)
    do_tick(two.mechanism.id)
    assert audit_logs(Log.objects.all()).findings == []


def test_one_administrator_suffices_where_the_policy_says_so(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    store_password(world.alice, PASSWORD)
    assert (
        Client().get(link_in(send(bob(world), f"{alices_page(world)}invite/"))).status_code == 200
    )


def test_whoever_was_never_here_before_is_invited_by_one(two: World) -> None:
    assert "/welcome/" in said(send(bob(two), path(two, f"people/{two.outsider.id}/invite/")))


def test_an_administrator_does_not_invite_whom_another_mechanism_trusts(two: World) -> None:
    other = make_world()
    with pytest.raises(InvitationElsewhere):
        do_invite(two.alice, mechanism=other.mechanism, acting_user=other.bob)
    send(bob(other), path(other, "people/find/"), {"who": two.outsider.handle})
    give(two, two.outsider, Role.Name.AUDITOR)
    client = bob(other)
    send(client, path(other, "people/find/"), {"who": two.outsider.handle})
    answer = send(client, path(other, f"people/{two.outsider.id}/invite/"))
    assert "in another mechanism too" in said(answer)
    do_invite(two.outsider, mechanism=other.mechanism, acting_user=other.administrator)


def test_a_link_ends_when_another_mechanism_trusts_the_person(data_folder: Path) -> None:
    del data_folder
    first, second = make_world(), make_world()
    _, token = do_invite(first.outsider, mechanism=first.mechanism, acting_user=first.bob)
    assert Client().get(f"/welcome/{token}/").status_code == 200
    give(second, first.outsider, Role.Name.REVIEWER)
    assert Client().get(f"/welcome/{token}/").status_code == 410
    assert Client().post(f"/welcome/{token}/", NEW).status_code == 410
    assert not Person.objects.get(id=first.outsider.id).check_password(NEW["password"])


def test_a_link_ends_when_two_are_needed_now_and_one_agreed(two: World) -> None:
    store_password(two.outsider, PASSWORD)
    link = link_in(send(bob(two), path(two, f"people/{two.outsider.id}/invite/")))
    assert Client().get(link).status_code == 200
    give(two, two.outsider, Role.Name.REVIEWER)
    assert Client().post(link, NEW).status_code == 410
    assert two.outsider.check_password(PASSWORD)


def test_a_link_ends_when_the_policy_comes_to_ask_for_two(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    store_password(world.alice, PASSWORD)
    link = link_in(send(bob(world), f"{alices_page(world)}invite/"))
    do_change_policy(world.mechanism, TWO_PERSON, acting_user=world.administrator)
    assert Client().post(link, NEW).status_code == 410


def test_whoever_was_given_a_role_here_after_the_first_link_can_still_begin(two: World) -> None:
    link = link_in(send(bob(two), path(two, f"people/{two.outsider.id}/invite/")))
    give(two, two.outsider, Role.Name.REVIEWER)
    assert Client().post(link, NEW).status_code == 302


def test_an_auditor_s_new_start_takes_two_as_everybody_s_does(two: World) -> None:
    give(two, two.outsider, Role.Name.AUDITOR)
    store_password(two.outsider, PASSWORD)
    with pytest.raises(SecondPersonNeeded):
        do_invite(two.outsider, mechanism=two.mechanism, acting_user=two.bob)
