"""Which role may call which operation, what the journal tells of it, and how its lists go on."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from openhns.incidents.models import Certificate
from openhns.incidents.tests.building import report
from openhns.mechanism.calls import OPERATIONS
from openhns.mechanism.models import ExactRead, Role
from openhns.notices.tests.building import add_listing, site_facts, transmit
from openhns.project.tests.calling import problem_of
from openhns.record.actions import do_tick
from openhns.testing_world import kept
from tests.api_samples import REQUESTS, Called, Request, called

pytestmark = pytest.mark.django_db(transaction=True)
PLACE = re.compile(r"16\.?2716|162716")
PAGED = {
    "/listings": Role.Name.REPORTER,
    "/listings?kind=site": Role.Name.REVIEWER,
    "/incidents": Role.Name.REPORTER,
    "/incidents?": Role.Name.AUDITOR,
    "/notices": Role.Name.LIAISON,
}


@pytest.fixture
def here(data_folder: Path) -> Called:
    del data_folder
    found = kept(called)
    do_tick(found.here.world.mechanism.id)
    return found


def test_each_operation_of_the_description_is_in_the_table() -> None:
    assert {name for name, _ in _operations()} == set(OPERATIONS) == set(REQUESTS)


def test_each_role_may_call_what_the_table_says_and_nothing_else(here: Called) -> None:
    """A cell that is shut answers as an address does at which there is nothing."""
    nothing = _told(Request("GET", f"/listings/{uuid4()}").by(here.programs[Role.Name.REPORTER]))
    wrong: list[Any] = []
    for name in REQUESTS:
        for role, program in here.programs.items():
            request = here.request(name)
            if role in OPERATIONS[name]:
                answer = request.by(program)
                if answer.status_code >= 300:
                    wrong.append((name, role, answer.status_code, answer.content))
                continue
            asked = (request, *_misshapen(request))
            wrong += [(name, role, each) for each in asked if _told(each.by(program)) != nothing]
    assert wrong == []
    assert nothing[0] == 404


def _told(answer: Any) -> tuple[Any, ...]:
    headers = {name: value for name, value in answer.headers.items() if name != "Date"}
    return answer.status_code, sorted(headers.items()), answer.content


def _misshapen(request: Request) -> Iterator[Request]:
    """Yield the same request with a body that is none, and about what is no identifier."""
    yield Request(request.method, request.path, "{" if request.method == "POST" else None)
    yield Request(request.method, request.path, {"made": "up"})
    unreadable = re.sub(r"/(listings|versions|notices|incidents)/[^/]+", r"/\1/x", request.path)
    yield Request(request.method, unreadable, request.body)
    yield Request(request.method, f"{request.path}?limit=x", request.body)


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    described = Client().get("/api/v1/openapi.json").json()
    for methods in described["paths"].values():
        for operation in methods.values():
            whole = operation["operationId"]
            yield next(each for each in OPERATIONS if whole.endswith(f"api_{each}")), operation


def test_whatever_hands_out_an_exact_place_is_in_the_journal(here: Called) -> None:
    found = set()
    for name in REQUESTS:
        for role in sorted(OPERATIONS[name]):
            request, before = here.request(name), ExactRead.objects.count()
            if not PLACE.search(_opened(request.by(here.programs[role]))):
                continue
            found.add(name)
            read = ExactRead.objects.order_by("read_at").last()
            assert ExactRead.objects.count() > before, (name, role)
            assert read is not None
            assert read.person == here.here.people[role]
            assert str(here.sample("listing")) in read.content["listings"]
    assert found == HAND_OUT_PLACES


HAND_OUT_PLACES = {"read_listing", "read_notice", "certify", "hand_out_certificate"}


def _opened(answer: Any) -> str:
    """Return an answer's text, with what is signed in it in clear."""
    text: str = answer.content.decode()
    for part in re.findall(r"[\w-]{40,}", text):
        text += base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode(errors="ignore")
    return text


@pytest.mark.parametrize(("path", "role"), PAGED.items())
def test_a_list_goes_on_without_gap_or_double_while_more_comes_in(
    here: Called, path: str, role: Role.Name
) -> None:
    program = here.programs[role]
    _add_one(here, 0)
    _add_one(here, 1)
    step = "after" if path == "/notices" else "cursor"
    joined = path if "?" in path else f"{path}?"
    there = [item["id"] for item in program.call("GET", joined).json()["items"]]
    assert len(there) >= 3
    seen: list[str] = []
    following: Any = 0 if step == "after" else ""
    while following is not None:
        page = program.call("GET", f"{joined}&limit=1&{step}={following}").json()
        if not seen:
            _add_one(here, 2)
        seen += [item["id"] for item in page["items"]]
        following = page["next"]
    assert len(seen) == len(set(seen)) == len(there) + 1
    assert seen[:-1] == there


def _add_one(here: Called, number: int) -> None:
    world = here.here.world
    facts = site_facts(f"Hospital {number}", (162_000_000 + number * 1_000_000, -446_000))
    add_listing(world, facts, {world.parties[0]: "exact"})
    transmit(world, world.parties[0])
    body = {"words": f"Attack {number}.", "source": "A nurse", "end": "2026-03-10T14:05Z"}
    assert Request("POST", "/incidents", body).by(here.programs[Role.Name.REPORTER])


@pytest.mark.parametrize("path", ["/listings", "/incidents"])
def test_a_cursor_that_was_never_handed_out_is_refused(here: Called, path: str) -> None:
    wrong = Request("GET", f"{path}?cursor=made-up").by(here.programs[Role.Name.REPORTER])
    assert problem_of(wrong)["code"] == "cursor_invalid"


def test_a_certificate_asked_for_again_under_its_key_is_the_first_one(here: Called) -> None:
    reviewer = here.programs[Role.Name.REVIEWER]
    request, before = here.request("certify"), Certificate.objects.count()
    first, again = (request.by(reviewer, "once") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Certificate.objects.count() == before + 1
    other = report(here.here.world, words="Another attack.").incident
    refused = reviewer.call("POST", f"/incidents/{other.id}/certificate", key="once")
    assert problem_of(refused)["code"] == "idempotency_key_reused"
    without = reviewer.call("POST", request.path)
    assert problem_of(without)["code"] == "idempotency_key_missing"
    assert Certificate.objects.count() == before + 1
    theirs = request.by(here.programs[Role.Name.TRANSMITTER], "once")
    assert theirs.json()["jws"] != first.json()["jws"]


@pytest.mark.slow
@pytest.mark.skipif(
    settings.CONFIGURATION.test_database != "postgres",
    reason="tried on PostgreSQL, which refuses more than SQLite",
)
@pytest.mark.parametrize("role", ["reporter", "approver", "reviewer", "transmitter", "liaison"])
def test_no_request_makes_the_server_fail_or_answer_what_is_not_described(
    here: Called, role: str
) -> None:
    # Importing the tool takes a second, and this test alone needs it.
    import schemathesis  # noqa: PLC0415
    from schemathesis.specs.openapi import checks  # noqa: PLC0415

    # Tokens are tried above; and what is well formed may still be refused, by a rule of the field.
    not_asked = [checks.ignored_auth, checks.positive_data_acceptance]
    program = here.programs[Role.Name(role)]
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    schema.config.generation.update(max_examples=3)
    real = {name: here.sample(of) for name, of in REAL.items()}
    real["version_id"] = here.waiting_version()
    checked = 0
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr] # A fault raises here.

        @given(case=operation.as_strategy())
        @hypothesis_settings(
            max_examples=3, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        def examine(case: Any) -> None:
            headers = {
                "Authorization": f"Bearer {program.token}",
                "Accept-Encoding": "identity",  # The tool reads answers as they come.
            }
            case.validate_response(case.call(headers=headers), excluded_checks=not_asked)
            known = {name: str(real[name]) for name in case.path_parameters if name in real}
            if known:
                case.path_parameters |= known
                case.validate_response(case.call(headers=headers), excluded_checks=not_asked)

        examine()
        checked += 1
    assert checked == len(OPERATIONS)


REAL = {
    "listing_id": "listing",
    "incident_id": "incident",
    "number": "number",
    "party": "party",
}
