"""What requests leave in the logs: no name, no place, and a refusal what absence leaves."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from openhns.geodesy.cells import vicinity_cell
from openhns.geodesy.position import Position
from openhns.mechanism.models import Role
from openhns.notices.models import Notice
from openhns.notices.tests.building import GAO, add_listing, notices_of, site_facts, transmit
from openhns.project.logs import configure_logs
from openhns.project.tests.calling import program_of
from openhns.registry.models import Listing
from openhns.testing_world import World, make_liaison, make_organisation, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
NAME: Final = "Hospital of the seven wells"
CONTACT: Final = "Mariam of the gate"
PHONE: Final = "+223 70 12 34 56"
SECRETS: Final = (
    NAME,
    CONTACT,
    PHONE,
    "Ministry of Health",
    "Party B",
    "16.2716",
    "-0.0446",
    "162716000",
    "446000",
    vicinity_cell(Position(*GAO)),
)
Lines = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def everything_is_logged(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Let each line be written; the fixture of standard error comes before, and so ends after."""
    del capsys
    configure_logs({"level": "debug"})
    yield
    configure_logs(settings.LOGGING)


@pytest.fixture
def world(data_folder: Path) -> World:
    """One site, told exactly to Party A and in the vicinity to Party B."""
    del data_folder
    world = make_world()
    a, b = world.parties
    facts = site_facts(NAME, contact=CONTACT, phone=PHONE)
    add_listing(world, facts, {a: "exact", b: "vicinity"})
    transmit(world)
    return world


class Logs:
    """What is written while something is done: the lines as they leave, and the raw records."""

    def __init__(
        self, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        self._capsys = capsys
        self._caplog = caplog
        caplog.set_level(logging.DEBUG)

    def of(self, act: Callable[[], Any]) -> Lines:
        """Return the lines that something leaves, without their times; no secret stands there."""
        self._capsys.readouterr()
        self._caplog.clear()
        act()
        written = self._capsys.readouterr().err
        raw = "\n".join(map(_raw, self._caplog.records))
        for secret in SECRETS:
            assert secret.lower() not in written.lower(), secret
            assert secret.lower() not in raw.lower(), secret
        lines: Lines = [json.loads(line) for line in written.splitlines()]
        return [{key: value for key, value in line.items() if key != "at"} for line in lines]


def _raw(record: logging.LogRecord) -> str:
    """Return what any other handler would be given by our loggers and of requests."""
    ours = record.name.startswith(("openhns", "django.request"))
    return f"{record.getMessage()} {record.exc_text or ''} {record.exc_info or ''}" if ours else ""


@pytest.fixture
def logs(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Logs:
    return Logs(capsys, caplog)


def path(world: World, name: str, **more: Any) -> str:
    return reverse(name, kwargs={"mechanism": world.mechanism.slug} | more)


def get(client: Client, address: str, status: int) -> Callable[[], None]:
    def got() -> None:
        assert client.get(address).status_code == status

    return got


def test_pages_that_show_places_leave_none_in_the_logs(world: World, logs: Logs) -> None:
    a, b = world.parties
    listing = Listing.objects.get()
    own = {"organisation": world.organisation.id, "kind": "site", "listing": listing.id}
    liaison = visitor(make_liaison(b, world.administrator))
    told = notices_of(b)[0].number
    for client, address in (
        (visitor(world.alice), path(world, "notices-my-listing", **own)),
        (visitor(world.bob), path(world, "notices-review", version=listing.versions.get().id)),
        (visitor(world.bob), path(world, "notices-sent-notice", party=a.id, number=1)),
        (liaison, path(world, "notices-notice", party=b.id, number=told)),
        (liaison, path(world, "notices-holdings-places", party=b.id)),
    ):
        text = client.get(address).content.decode()
        assert any(secret in text for secret in (*SECRETS, '"Polygon"')), address
        logs.of(get(client, address, 200))


def test_what_is_typed_into_a_form_and_refused_is_in_no_log(world: World, logs: Logs) -> None:
    address = path(world, "registry-submit", organisation=world.organisation.id, kind="site")
    client = visitor(world.alice)
    typed = {"step": "check", "name": NAME, "position": "16.2716, -0.0446, x", "phone": PHONE}
    logs.of(lambda: client.post(address, typed))
    login = {"login": f"{CONTACT}@example.org", "password": NAME}
    logs.of(lambda: Client().post("/account/login/", login))
    guess = {"query": NAME, "near": "16.2716, -0.0446"}
    logs.of(lambda: client.get(f"/{world.mechanism.slug}/there-is-none/", guess))


def test_a_page_that_is_refused_and_one_that_is_absent_leave_the_same_lines(
    world: World, logs: Logs
) -> None:
    a, b = world.parties
    of_b = visitor(make_liaison(b, world.administrator))
    stranger = make_organisation(world.mechanism, "Another", world.bob)
    version = Listing.objects.get().versions.get()
    for client, name, forbidden, absent in (
        (visitor(world.alice), "notices-review", {"version": version.id}, {"version": uuid4()}),
        (of_b, "notices-notice", {"party": a.id, "number": 1}, {"party": uuid4(), "number": 1}),
        (
            visitor(world.alice),
            "notices-my-objections",
            {"organisation": stranger.id},
            {"organisation": uuid4()},
        ),
        (visitor(world.outsider), "overview-desk", {}, {"mechanism": "nowhere"}),
    ):
        refused = logs.of(get(client, path(world, name, **forbidden), 404))
        missing = logs.of(get(client, path(world, name, **absent), 404))
        assert refused == missing, name
        assert [(line["logger"], line["level"]) for line in refused] == [
            ("django.request", "warning")
        ]


def test_an_operation_that_is_refused_and_one_that_is_absent_leave_the_same_lines(
    world: World, logs: Logs
) -> None:
    a, b = world.parties
    program = program_of(make_liaison(b, world.administrator), Role.Name.LIAISON)
    of_a = Notice.objects.filter(party=a).count()
    assert of_a == 1

    def asked(address: str) -> Callable[[], None]:
        def ask() -> None:
            assert program.call("GET", address).status_code == 404

        return ask

    refused = logs.of(asked(f"/listings/{Listing.objects.get().id}"))
    missing = logs.of(asked(f"/listings/{uuid4()}"))
    assert refused == missing
    logs.of(lambda: program.call("GET", "/notices/1"))
