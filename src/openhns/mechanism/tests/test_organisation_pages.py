"""Organisations: applying without an account, deciding, suspending, first people."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from openhns.mechanism.models import Application, Organisation, Person, Proposal, Role
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
from openhns.proofs.canonical import parse
from openhns.record.actions import do_tick
from openhns.record.audit import audit_logs
from openhns.record.models import Event, Log
from openhns.testing_world import World, make_organisation, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
CLINICS = {
    "name": "Clinics without Walls",
    "person": "Amina",
    "email": "amina@example.org",
    "phone": "+223 20 00",
    "about": "Surgery in the north.\nTwo teams.",
}
YES = {"decision": "favourable", "reason": "Called back."}
NO = {"decision": "unfavourable", "reason": "Nobody there."}


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


@pytest.fixture
def two(data_folder: Path) -> World:
    del data_folder
    return make_world("two-person")


def applied(world: World, **changes: str) -> Application:
    answer = send(Client(), path(world, "apply/"), CLINICS | changes)
    assert "The application is received" in said(answer)
    return Application.objects.order_by("-received_at")[0]


def test_anybody_applies_and_the_record_says_that_it_was_without_an_account(world: World) -> None:
    row = applied(world)
    assert row.content["name"] == "Clinics without Walls"
    assert b"Clinics" not in bytes(row.sealed)
    event = parse(Event.objects.get(name="application:received").canonical)
    assert event["actor"] == "public"
    assert "Clinics" not in str(event)
    assert not Organisation.objects.exclude(id=world.organisation.id).exists()


def test_the_answer_does_not_tell_whether_the_organisation_is_known(world: World) -> None:
    make_organisation(world.mechanism, "Suspended one", world.bob)
    names = ("Ministry of Health", "Suspended one", "Never heard of")
    answers = [
        Client().post(path(world, "apply/"), CLINICS | {"name": name, "key": str(uuid4())})
        for name in names
    ]
    kinds = {(each.status_code, each.headers["Location"], each.content) for each in answers}
    assert len(kinds) == 1
    assert Application.objects.count() == 3


def test_a_form_sent_twice_is_one_application(world: World) -> None:
    client = Client()
    fields = CLINICS | {"key": key_on(client, path(world, "apply/"))}
    for _ in range(2):
        assert client.post(path(world, "apply/"), fields).status_code == 302
    assert Application.objects.count() == 1


def test_the_page_of_applying_is_limited_by_the_visitor_s_address(world: World) -> None:
    for _ in range(6):
        applied(world)
    answer = Client().post(path(world, "apply/"), CLINICS)
    assert answer.status_code == 429
    assert Client().get(path(world, "apply/")).status_code == 200
    assert Application.objects.count() == 6


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 301}, {"email": "no"}, {"about": "a\x00b"}]
)
def test_what_is_wrong_with_an_application_is_said(world: World, wrong: dict[str, str]) -> None:
    answer = Client().post(path(world, "apply/"), CLINICS | wrong)
    assert answer.status_code == 200
    assert "errors" in answer.content.decode()
    assert not Application.objects.exists()


def test_there_is_no_page_of_applying_where_there_is_no_mechanism() -> None:
    assert Client().get("/nowhere/apply/").status_code == 404


def test_one_person_decides_on_an_application_where_the_policy_says_so(world: World) -> None:
    row = applied(world)
    assert "1 application waits" in text_of(bob(world), path(world, "organisations/"))
    assert "Clinics without Walls" in text_of(bob(world), path(world, "applications/"))
    page = path(world, f"applications/{row.id}/")
    assert "somebody without an account" in text_of(bob(world), page)
    shown = said(send(bob(world), page, YES))
    assert "Called back." in shown
    organisation = Organisation.objects.get(applications=row)
    assert organisation.status == "vetted"
    assert organisation.content["contact"]["phone"] == "+223 20 00"
    assert "answered already" in said(send(bob(world), page, YES))


def test_two_persons_decide_and_everybody_sees_who_said_what(two: World) -> None:
    row = applied(two)
    send(bob(two), path(two, f"applications/{row.id}/"), YES)
    organisation = Organisation.objects.get(applications=row)
    assert organisation.status == "applied"
    page = path(two, f"organisations/{organisation.id}/")
    assert "The next decision is another reviewer" in text_of(bob(two), page)
    assert "You have decided" in said(send(bob(two), f"{page}decide/", YES))
    assert "1 of 2" in text_of(bob(two), path(two, "organisations/?status=applied"))
    done = said(send(colleague(two), f"{page}decide/", {**YES, "reason": "Saw the register."}))
    assert "Saw the register." in done
    assert "Called back." in done
    assert Organisation.objects.get(id=organisation.id).status == "vetted"
    do_tick(two.mechanism.id)
    assert audit_logs(Log.objects.all()).findings == []


def test_a_refusal_needs_its_reason_and_the_organisation_applies_again(world: World) -> None:
    row = applied(world)
    page = path(world, f"applications/{row.id}/")
    assert "This field is required." in said(send(bob(world), page, {"decision": "unfavourable"}))
    send(bob(world), page, NO)
    assert Organisation.objects.get(applications=row).status == "refused"
    again = applied(world)
    assert "is here already" in text_of(bob(world), path(world, f"applications/{again.id}/"))
    send(bob(world), path(world, f"applications/{again.id}/"), YES)
    organisation = Organisation.objects.get(applications=again)
    assert (organisation.status, organisation.application) == ("vetted", 2)


def test_a_stranger_s_application_changes_nothing_of_a_known_organisation(world: World) -> None:
    before = world.organisation.content
    row = applied(world, name="ministry of HEALTH")
    page = path(world, f"applications/{row.id}/")
    assert "is here already" in text_of(bob(world), page)
    assert "has applied or is vetted" in said(send(bob(world), page, YES))
    answer = send(bob(world), f"{page}set-aside/", {"reason": "Somebody tries the name."})
    assert "set aside" in said(answer)
    assert "Somebody tries the name." in text_of(bob(world), page)
    current = Organisation.objects.get(id=world.organisation.id)
    assert (current.content, current.status) == (before, "vetted")


def test_only_the_operator_sees_applications_and_only_a_reviewer_decides(world: World) -> None:
    row = applied(world)
    page = path(world, f"applications/{row.id}/")
    for client in (outsider(world), visitor(world.alice), Client()):
        for rest in ("organisations/", "applications/", f"applications/{row.id}/"):
            assert client.get(path(world, rest)).status_code == 404
        assert client.post(page, YES).status_code == 404
    from openhns.mechanism.tests.screens import give  # noqa: PLC0415

    give(world, world.outsider, Role.Name.TRANSMITTER)
    assert "Decide" not in text_of(outsider(world), page).partition("<h1")[2]
    assert outsider(world).post(page, YES).status_code == 404


def test_a_suspension_says_why_and_by_whom(world: World) -> None:
    page = path(world, f"organisations/{world.organisation.id}/")
    assert "This field is required." in said(send(bob(world), f"{page}suspend/"))
    shown = said(send(bob(world), f"{page}suspend/", {"reason": "No answer for weeks."}))
    assert "No answer for weeks." in shown
    assert "no longer in the state" in said(send(bob(world), f"{page}suspend/", {"reason": "x"}))


def test_the_first_people_are_entered_with_their_roles(world: World) -> None:
    page = path(world, f"organisations/{world.organisation.id}/people/new/")
    fields = {
        "name": "Salma",
        "email": "salma@example.org",
        "roles": ["reporter", "approver"],
        "why": "Named by the head of mission.",
    }
    assert "Invite them next" in said(send(bob(world), page, fields))
    salma = Person.objects.order_by("-made_at")[0]
    assert sorted(salma.roles.values_list("name", flat=True)) == ["approver", "reporter"]
    assert "Salma" in text_of(bob(world), path(world, f"organisations/{world.organisation.id}/"))


def test_the_first_people_s_roles_wait_where_two_must_agree(two: World) -> None:
    page = path(two, f"organisations/{two.organisation.id}/people/new/")
    fields = {"name": "Salma", "roles": ["reporter", "approver"], "why": "Named in a letter."}
    send(bob(two), page, fields)
    assert not Role.objects.filter(person=Person.objects.order_by("-made_at")[0]).exists()
    for asked in Proposal.objects.all():
        send(colleague(two), path(two, f"requests/{asked.id}/agree/"))
    assert Role.objects.filter(person=Person.objects.order_by("-made_at")[0]).count() == 2


def test_a_suspended_organisation_gets_no_new_people(world: World) -> None:
    page = path(world, f"organisations/{world.organisation.id}/")
    send(bob(world), f"{page}suspend/", {"reason": "x"})
    assert bob(world).get(f"{page}people/new/").status_code == 404
