"""The HTTP API: a token is one role, a refusal is a problem, a request sent twice is one act."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from openhns.mechanism.actions import (
    do_add_person,
    do_end_role,
    do_grant_role,
    do_make_token,
    do_revoke_token,
)
from openhns.mechanism.calls import OPERATIONS
from openhns.mechanism.models import ApiToken, Person, Role
from openhns.mechanism.people import ORGANISATION_ROLES
from openhns.notices.models import Notice
from openhns.record.actions import do_tick
from openhns.registry.models import Version
from openhns.testing_world import World, make_liaison, make_world

pytestmark = pytest.mark.django_db(transaction=True)
# Tokens are tried above; and what is well formed may still be refused, by a rule of the field.
NOT_ASKED = [ignored_auth, positive_data_acceptance]
SITE = {
    "name": "Invented clinic",
    "type": "clinic",
    "latitude": "14.494301",
    "longitude": "-4.197950",
    "country": "MLI",
}


@dataclass(frozen=True, slots=True)
class Program:
    """A program with one token."""

    token: str

    def call(self, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        return Client().generic(
            method,
            f"/api/v1{path}",
            b"" if body is None else json.dumps(body),
            content_type="application/json",
            headers=headers,
        )


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def _program(person: Person, name: Role.Name) -> Program:
    role = Role.objects.get(person=person, name=name, ended_at=None)
    return Program(do_make_token(role, acting_user=person)[1])


def _problem(answer: HttpResponse) -> dict[str, Any]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = json.loads(answer.content)
    assert found["status"] == answer.status_code
    return found


def test_the_road_from_submission_to_notice_by_program(world: World) -> None:
    reporter, approver = (
        _program(world.alice, name) for name in (Role.Name.REPORTER, Role.Name.APPROVER)
    )
    reviewer, transmitter = (
        _program(world.bob, name) for name in (Role.Name.REVIEWER, Role.Name.TRANSMITTER)
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
    liaison = _program(make_liaison(party, world.administrator), Role.Name.LIAISON)
    (listed,) = liaison.call("GET", "/notices").json()["items"]
    full = liaison.call("GET", f"/notices/{listed['number']}").json()
    assert full["jws"] == Notice.objects.get().jws
    assert approver.call("GET", "/me").json()["role"] == "approver"


def test_the_same_key_again_registers_nothing_new(world: World) -> None:
    reporter = _program(world.alice, Role.Name.REPORTER)
    first = reporter.call("POST", "/listings", {"facts": SITE}, key="once")
    again = reporter.call("POST", "/listings", {"facts": SITE}, key="once")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["repeated"] is True
    assert Version.objects.count() == 1
    other = reporter.call("POST", "/listings", {"facts": {**SITE, "name": "Other"}}, key="once")
    assert _problem(other)["code"] == "idempotency_key_reused"
    assert _problem(reporter.call("POST", "/listings", {"facts": SITE}))["code"] == (
        "idempotency_key_missing"
    )


def test_absent_and_forbidden_are_one_problem(world: World) -> None:
    reporter = _program(world.alice, Role.Name.REPORTER)
    made = reporter.call("POST", "/listings", {"facts": SITE}, key="mine").json()
    others = make_world(slug=f"other-{uuid4().hex[:8]}", organisation="Another one")
    stranger = _program(others.alice, Role.Name.REPORTER)
    forbidden = stranger.call("GET", f"/listings/{made['listing']}")
    absent = stranger.call("GET", f"/listings/{uuid4()}")
    assert forbidden.status_code == absent.status_code == 404
    assert forbidden.content == absent.content
    assert stranger.call("POST", f"/versions/{made['id']}/signature").content == absent.content


def test_a_token_acts_in_its_own_role_alone(world: World) -> None:
    transmitter = _program(world.bob, Role.Name.TRANSMITTER)
    assert transmitter.call("GET", "/listings").status_code == 404
    assert _program(world.bob, Role.Name.REVIEWER).call("GET", "/listings").status_code == 200


def test_a_token_that_counts_no_longer_is_none(world: World) -> None:
    reporter = _program(world.alice, Role.Name.REPORTER)
    do_revoke_token(ApiToken.objects.get(), acting_user=world.alice)
    assert _problem(reporter.call("GET", "/me"))["code"] == "not_signed_in"
    again = _program(world.alice, Role.Name.REPORTER)
    do_end_role(
        Role.objects.get(person=world.alice, name="reporter"), acting_user=world.administrator
    )
    assert again.call("GET", "/me").status_code == 401
    assert Program("made-up").call("GET", "/me").status_code == 401


def test_a_list_goes_on_from_its_cursor_without_gap_or_double(world: World) -> None:
    reporter = _program(world.alice, Role.Name.REPORTER)
    for number in range(5):
        facts = {**SITE, "name": f"Invented clinic {number}", "latitude": f"14.4{number}4301"}
        assert (
            reporter.call("POST", "/listings", {"facts": facts}, key=str(number)).status_code == 201
        )
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = reporter.call("GET", f"/listings?limit=2&cursor={cursor}").json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 5
    wrong = reporter.call("GET", "/listings?cursor=made-up")
    assert _problem(wrong)["code"] == "cursor_invalid"


def test_what_is_wrong_with_a_request_is_said_without_repeating_it(world: World) -> None:
    reporter = _program(world.alice, Role.Name.REPORTER)
    wrong = reporter.call("POST", "/listings", {"facts": "secret place"}, key="w")
    assert wrong.status_code == 422
    assert "facts" in _problem(wrong)["detail"]
    assert "secret place" not in wrong.content.decode()


def test_the_description_is_openapi_3_1(world: World) -> None:
    do_tick(world.mechanism.id)
    described = Client().get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert "/api/v1/listings" in described["paths"]


def test_each_role_may_call_what_the_table_says_and_nothing_else(world: World) -> None:
    """A cell that is shut answers as an address does at which there is nothing."""
    programs = {role: _holder(world, role) for role in Role.Name}
    nothing = programs[Role.Name.AUDITOR].call("GET", f"/listings/{uuid4()}")
    for method, path, name in _operations():
        for role, program in programs.items():
            answer = program.call(method, path, {}, key=uuid4().hex)
            if role in OPERATIONS[name]:
                assert answer.status_code != 401, (name, role)
            else:
                shut = answer.status_code in {404, 409, 422}
                assert shut, (name, role, answer.status_code)
    assert nothing.status_code == 404


def _holder(world: World, role: Role.Name) -> Program:
    """Return a program of somebody who holds this role and no other."""
    person = do_add_person(role, mechanism=world.mechanism, acting_user=world.administrator)
    organisation = world.organisation if role in ORGANISATION_ROLES else None
    party_id = world.parties[0].id if role == Role.Name.LIAISON else None
    do_grant_role(
        person, world.mechanism, role, organisation, party_id, acting_user=world.administrator
    )
    return _program(person, role)


def _operations() -> Iterator[tuple[str, str, str]]:
    described = Client().get("/api/v1/openapi.json").json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            name = next(each for each in OPERATIONS if operation["operationId"].endswith(each))
            filled = re.sub(r"\{number\}", "1", path.removeprefix("/api/v1"))
            yield method.upper(), re.sub(r"\{\w+\}", str(uuid4()), filled), name


@pytest.mark.slow
@pytest.mark.parametrize("role", ["reporter", "reviewer", "liaison"])
def test_no_request_makes_the_server_fail_or_answer_what_is_not_described(
    world: World, role: str
) -> None:
    program = _holder(world, Role.Name(role))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    schema.config.generation.update(max_examples=5)
    checked = 0
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr] # A fault raises here.

        @given(case=operation.as_strategy())
        @hypothesis_settings(
            max_examples=5, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        def examine(case: Any) -> None:
            headers = {
                "Authorization": f"Bearer {program.token}",
                "Accept-Encoding": "identity",  # The tool reads answers as they come.
            }
            case.validate_response(case.call(headers=headers), excluded_checks=NOT_ASKED)

        examine()
        checked += 1
    assert checked == len(OPERATIONS)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"])
def test_a_cursor_at_the_ends_of_time_is_a_problem_and_no_fault(world: World, moment: str) -> None:
    cursor = base64.urlsafe_b64encode(f"{moment} {uuid4()}".encode()).decode()
    reviewer = _program(world.bob, Role.Name.REVIEWER)
    answer = reviewer.call("GET", f"/listings?cursor={quote(cursor)}")
    assert _problem(answer)["code"] == "cursor_invalid"
