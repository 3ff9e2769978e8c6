"""The HTTP API: a token is one role, a refusal is a problem, a request sent twice is one act."""

import base64
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client

from openhns.mechanism.actions import do_end_role, do_grant_role, do_revoke_token
from openhns.mechanism.models import ApiToken, Organisation, Person, Role
from openhns.notices.models import Notice
from openhns.project.tests.calling import SITE, Program, problem_of, program_of
from openhns.record.actions import do_tick
from openhns.registry.actions import do_submit
from openhns.registry.models import Consent, Version
from openhns.testing_world import (
    World,
    make_liaison,
    make_member,
    make_organisation,
    make_world,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def test_the_road_from_submission_to_notice_by_program(world: World) -> None:
    reporter, approver = (
        program_of(world.alice, name) for name in (Role.Name.REPORTER, Role.Name.APPROVER)
    )
    reviewer, transmitter = (
        program_of(world.bob, name) for name in (Role.Name.REVIEWER, Role.Name.TRANSMITTER)
    )
    party = world.parties[0]
    body = {"facts": SITE, "consents": {party.name: "exact"}}
    made = reporter.call("POST", "/listings", body, key="first").json()
    assert (
        reviewer.call("GET", f"/listings/{made['listing']}").json()["facts"]["name"] == SITE["name"]
    )
    word = {"word": "clear", "reason": "Known to us."}
    settled = reviewer.call("POST", f"/versions/{made['id']}/decisions", word)
    assert settled.json()["settled"], settled.content
    sent = transmitter.call("POST", "/transmissions", {}).json()
    assert len(sent["notices"]) == 1
    liaison = program_of(make_liaison(party, world.administrator), Role.Name.LIAISON)
    (listed,) = liaison.call("GET", "/notices").json()["items"]
    full = liaison.call("GET", f"/notices/{listed['number']}").json()
    assert full["jws"] == Notice.objects.get().jws
    assert approver.call("GET", "/me").json()["role"] == "approver"


def test_the_same_key_again_registers_nothing_new(world: World) -> None:
    reporter = program_of(world.alice, Role.Name.REPORTER)
    first = reporter.call("POST", "/listings", {"facts": SITE}, key="once")
    again = reporter.call("POST", "/listings", {"facts": SITE}, key="once")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["repeated"] is True
    assert Version.objects.count() == 1
    other = reporter.call("POST", "/listings", {"facts": {**SITE, "name": "Other"}}, key="once")
    assert problem_of(other)["code"] == "idempotency_key_reused"
    assert problem_of(reporter.call("POST", "/listings", {"facts": SITE}))["code"] == (
        "idempotency_key_missing"
    )


def test_absent_and_forbidden_are_oneproblem_of(world: World) -> None:
    reporter = program_of(world.alice, Role.Name.REPORTER)
    made = reporter.call("POST", "/listings", {"facts": SITE}, key="mine").json()
    others = make_world(slug=f"other-{uuid4().hex[:8]}", organisation="Another one")
    stranger = program_of(others.alice, Role.Name.REPORTER)
    forbidden = stranger.call("GET", f"/listings/{made['listing']}")
    absent = stranger.call("GET", f"/listings/{uuid4()}")
    assert forbidden.status_code == absent.status_code == 404
    assert forbidden.content == absent.content
    assert stranger.call("POST", f"/versions/{made['id']}/signature").content == absent.content


def test_a_token_acts_in_its_own_role_alone(world: World) -> None:
    transmitter = program_of(world.bob, Role.Name.TRANSMITTER)
    assert transmitter.call("GET", "/listings").status_code == 404
    assert program_of(world.bob, Role.Name.REVIEWER).call("GET", "/listings").status_code == 200


@pytest.fixture
def carol(world: World) -> Person:
    """Somebody who reports for one organisation, approves for another, reviews and is liaison."""
    person = make_liaison(world.parties[0], world.administrator, "Carol")
    other = make_organisation(world.mechanism, "Another organisation", world.bob)
    roles = {
        Role.Name.REPORTER: world.organisation,
        Role.Name.APPROVER: other,
        Role.Name.REVIEWER: None,
    }
    for name, organisation in roles.items():
        do_grant_role(person, world.mechanism, name, organisation, acting_user=world.administrator)
    return person


def test_a_reporter_s_token_of_a_reviewer_is_told_no_reviewers_finding(
    world: World, carol: Person
) -> None:
    other = make_organisation(world.mechanism, "A neighbour", world.bob)
    neighbour = do_submit(SITE, {}, organisation=other, acting_user=_reporter_of(world, other))
    tokens = (Role.Name.REPORTER, Role.Name.REVIEWER)
    reporter, reviewer = (program_of(carol, name) for name in tokens)
    again = {**SITE, "latitude": "14.494302"}
    made = reporter.call("POST", "/listings", {"facts": again}, key="k").json()
    path = f"/listings/{made['listing']}"
    told, reviewed = (
        {each["name"] for each in asked.call("GET", path).json()["versions"][0]["findings"]}
        for asked in (reporter, reviewer)
    )
    assert reviewed - told == {"already-registered-nearby"}
    theirs = f"/listings/{neighbour.version.listing_id}"
    assert (reporter.call("GET", theirs).status_code, reviewer.call("GET", theirs).status_code) == (
        404,
        200,
    )


def _reporter_of(world: World, organisation: Organisation) -> Person:
    return make_member(organisation, "Neighbour", world.administrator)


def test_a_token_acts_for_its_role_s_organisation_alone(world: World, carol: Person) -> None:
    made = program_of(world.alice, Role.Name.REPORTER).call(
        "POST", "/listings", {"facts": SITE}, key="k"
    )
    site, version = made.json()["listing"], made.json()["id"]
    approver, liaison = (
        program_of(carol, name) for name in (Role.Name.APPROVER, Role.Name.LIAISON)
    )
    reporter = program_of(carol, Role.Name.REPORTER)
    assert [each["id"] for each in reporter.call("GET", "/listings").json()["items"]] == [site]
    assert approver.call("GET", "/listings").json()["items"] == []
    assert approver.call("GET", f"/listings/{site}").status_code == 404
    assert approver.call("POST", f"/versions/{version}/signature").status_code == 404
    word = {"word": "clear", "reason": "Known."}
    for program in (reporter, approver, liaison):
        refused = program.call("POST", f"/versions/{version}/decisions", word)
        assert problem_of(refused)["code"] == "not_found"


def test_a_reporter_gives_consent_and_takes_it_back_by_program(world: World) -> None:
    reporter = program_of(world.alice, Role.Name.REPORTER)
    made = reporter.call("POST", "/listings", {"facts": SITE}, key="k").json()
    path = f"/listings/{made['listing']}/consents"
    party = world.parties[0]
    given = reporter.call("POST", path, {"party": party.name, "grade": "vicinity"})
    assert given.status_code == 204
    consent = Consent.objects.get()
    assert (consent.party, consent.grade, consent.revoked_at) == (party, "vicinity", None)
    assert reporter.call("DELETE", f"{path}/{party.id}").status_code == 204
    assert Consent.objects.get().revoked_at is not None


def test_a_token_that_counts_no_longer_is_none(world: World) -> None:
    reporter = program_of(world.alice, Role.Name.REPORTER)
    do_revoke_token(ApiToken.objects.get(), acting_user=world.alice)
    assert problem_of(reporter.call("GET", "/me"))["code"] == "not_signed_in"
    again = program_of(world.alice, Role.Name.REPORTER)
    do_end_role(
        Role.objects.get(person=world.alice, name="reporter"), acting_user=world.administrator
    )
    assert again.call("GET", "/me").status_code == 401
    assert Program("made-up").call("GET", "/me").status_code == 401


def test_what_is_wrong_with_a_request_is_said_without_repeating_it(world: World) -> None:
    reporter = program_of(world.alice, Role.Name.REPORTER)
    wrong = reporter.call("POST", "/listings", {"facts": "secret place"}, key="w")
    assert wrong.status_code == 422
    assert "facts" in problem_of(wrong)["detail"]
    assert "secret place" not in wrong.content.decode()


def test_the_description_is_openapi_3_1(world: World) -> None:
    do_tick(world.mechanism.id)
    described = Client().get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert "/api/v1/listings" in described["paths"]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"])
def test_a_cursor_at_the_ends_of_time_is_a_problem_and_no_fault(world: World, moment: str) -> None:
    cursor = base64.urlsafe_b64encode(f"{moment} {uuid4()}".encode()).decode()
    reviewer = program_of(world.bob, Role.Name.REVIEWER)
    answer = reviewer.call("GET", f"/listings?cursor={quote(cursor)}")
    assert problem_of(answer)["code"] == "cursor_invalid"
