"""What everybody may see, and that it is no more than that."""

import csv
import gzip
import hashlib
import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from lxml import html
from pytest_django import DjangoAssertNumQueries

from openhns.incidents.actions import Own, Report, do_report
from openhns.incidents.models import Incident
from openhns.incidents.publishing import do_consent_to_publish, do_withdraw_consent_to_publish
from openhns.notices.tests.building import add_listing, site_facts, transmit
from openhns.overview.actions import do_publish_editions
from openhns.overview.models import Edition
from openhns.overview.tests.clock import Clock
from openhns.overview.tests.reading import words_of
from openhns.overview.words import half_by, why_no_errors, why_no_shares
from openhns.parties.actions import do_state_participation
from openhns.proofs.canonical import parse
from openhns.record.actions import do_tick
from openhns.testing_world import World, make_world, visitor
from openhns.tlog.policy import Policy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world(parties=("Türkiye", "Party B"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock.put_into(monkeypatch)


def test_the_one_mechanism_is_shown_at_the_root_and_several_are_listed(world: World) -> None:
    assert "This mechanism covers Mali." in words_of(Client(), "/")
    make_world(slug="second", countries=["SYR"])
    listed = Client().get("/").content.decode()
    assert f'href="/{world.mechanism.slug}/"' in listed
    assert 'href="/second/"' in listed
    assert "This mechanism covers Syria." in words_of(Client(), "/second/")
    assert Client().get("/third/").status_code == 404


@pytest.mark.usefixtures("data_folder", "db")
def test_without_a_mechanism_the_page_says_so() -> None:
    assert "No mechanism is set up here yet." in words_of(Client(), "/")


def test_before_the_first_edition_the_page_says_when_it_appears(world: World) -> None:
    words = words_of(Client(), "/")
    assert "Nothing was published yet." in words
    assert re.search(r"The next edition appears on 1 \w+ \d{4}\.", words)
    assert "Türkiye" in words
    del world


def test_the_figures_are_ranges_and_small_shares_are_not_shown(world: World, clock: Clock) -> None:
    add_listing(world, site_facts("Hidden clinic"), dict.fromkeys(world.parties, "exact"))
    transmit(world)
    clock.forward(100)
    do_publish_editions(world.mechanism)
    words = words_of(Client(), "/")
    assert "Sites in force fewer than 500" in words
    assert "Notices sent about single places fewer than 5,000" in words
    assert "Acknowledged at all too few to show" in words
    assert "Hidden clinic" not in Client().get("/").content.decode()


def test_what_is_not_shown_says_why(world: World, clock: Clock) -> None:
    before = words_of(Client(), "/")
    assert "An edition counts what was so 30 days before its own day" in before
    add_listing(world, site_facts("Hidden clinic"), dict.fromkeys(world.parties, "exact"))
    transmit(world)
    clock.forward(100)
    edition = do_publish_editions(world.mechanism)[-1]
    for address in ("/", f"/{world.mechanism.slug}/editions/{edition.day}/"):
        words = words_of(Client(), address)
        told = (
            "this party had been told of too few places. A share is published only over 400 to 600"
        )
        assert words.count(told) == len(world.parties)
        assert words.count("too few places had been submitted") == 1
        assert "no organisation had agreed to list one" in words


def test_what_is_shown_says_no_such_thing() -> None:
    figure = {"percent": 50, "since": 1, "within": 30, "from": 20, "to": 80}
    assert (why_no_shares(figure), why_no_errors(figure)) == ("", "")
    assert half_by(figure, figure, figure) == (
        "not certain enough to say: the ranges below are too wide"
    )


def test_an_edition_of_before_the_first_party_says_what_it_counted(
    data_folder: Path, clock: Clock
) -> None:
    del data_folder
    world = make_world(parties=())
    clock.forward(100)
    do_publish_editions(world.mechanism)
    words = words_of(Client(), "/")
    assert "No party was told of anything yet. What came after" in words
    assert "stands in a later edition." in words


def test_a_withdrawal_is_told_with_its_days_and_in_neutralwords_of(
    world: World, clock: Clock
) -> None:
    clock.forward(40)
    party, when = world.parties[0], clock.now - timedelta(days=3)
    do_state_participation(
        party, "withdrawn", when, reason="The secret reason", acting_user=world.bob
    )
    page = Client().get("/").content.decode()
    words = words_of(Client(), "/")
    assert "Türkiye has stated that it takes no part in this mechanism from" in words
    assert f"{when.day} {when:%B %Y}" in words
    assert "Has withdrawn: from" in words
    assert "Party B has stated" not in words
    assert "secret reason" not in page


def test_the_time_line_is_a_picture_with_its_words_beside_it(world: World) -> None:
    tree = html.fromstring(Client().get("/").content.decode())
    lines = tree.findall(".//svg[@class='line']")
    assert len(lines) == len(world.parties)
    assert all(line.get("role") == "img" and line.get("aria-label") for line in lines)
    assert "style=" not in Client().get("/").content.decode()


def _reported(world: World, clock: Clock, party_index: int) -> Incident:
    listing = add_listing(world, site_facts("Struck"), {world.parties[party_index]: "exact"})
    transmit(world)
    clock.forward(1)
    now = clock.now
    given: dict[str, Any] = {"words": "Secret words.", "source": "Our staff", "precision_m": 20}
    given |= {"start": now, "end": now, "position": "16.2716, -0.0446"}
    said, own = Report(**given), Own(world.organisation, listing, None)
    done = do_report(said, mechanism=world.mechanism, acting_user=world.alice, own=own)
    return done.incident


def test_an_attack_is_listed_by_consent_with_who_had_been_notified(
    world: World, clock: Clock
) -> None:
    own: dict[str, Any] = {"organisation": world.organisation, "acting_user": world.alice}
    agreed = _reported(world, clock, 0)
    _reported(world, clock, 1)
    do_consent_to_publish(agreed, **own)
    clock.forward(100)
    edition = do_publish_editions(world.mechanism)[-1]
    words = words_of(Client(), "/")
    assert len(edition.incidents) == 1
    assert "Struck after having been notified to" in words
    assert "struck by" not in words.lower()
    assert "Türkiye Notified: yes" in words
    assert "Party B Notified: no" in words
    assert "Secret words" not in Client().get("/").content.decode()
    address = f"/{world.mechanism.slug}/editions/{edition.day}/"
    sheet = Client().get(f"{address}incidents.csv").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(sheet)))) == 1 + len(world.parties)
    value = json.loads(Client().get(f"{address}edition.json").content)
    assert value["incidents"] == edition.incidents

    do_withdraw_consent_to_publish(agreed, **own)
    clock.forward(31)
    assert do_publish_editions(world.mechanism)[-1].incidents == []
    assert "No attack is listed in this edition." in words_of(Client(), "/")


def test_the_newest_checkpoint_stands_on_the_page_with_its_key(world: World) -> None:
    do_tick(world.mechanism.id)
    client = Client()
    checkpoint = client.get("/log/checkpoint").content.decode()
    page = client.get("/")
    assert checkpoint in html.fromstring(page.content.decode()).find(".//pre").text
    policy = client.get(f"/{world.mechanism.slug}/log-policy.txt")
    assert policy.headers["Content-Type"].startswith("text/plain")
    key = Policy.parse(policy.content).logs[0].key
    assert hashlib.sha256(key.public_key).hexdigest() in page.content.decode()
    assert str(key) in page.content.decode()


def test_editions_are_listed_and_each_stays_as_it_was(world: World, clock: Clock) -> None:
    clock.forward(100)
    first = do_publish_editions(world.mechanism)[0]
    client, address = Client(), f"/{world.mechanism.slug}/editions/"
    then = client.get(f"{address}{first.day}/edition.json").content
    clock.forward(40)
    do_publish_editions(world.mechanism)
    listed = words_of(client, address)
    assert f"Edition {Edition.objects.count()}" in listed
    assert f"Edition {first.number}" in words_of(client, f"{address}{first.day}/")
    assert client.get(f"{address}{first.day}/edition.json").content == then
    for wrong in ("2001-01-01", "today", "2001-13-01", "20260101x"):
        assert client.get(f"{address}{wrong}/").status_code == 404
        assert client.get(f"{address}{wrong}/figures.csv").status_code == 404


def test_an_edition_is_given_to_programs_as_canonical_json_and_as_csv(
    world: World, clock: Clock
) -> None:
    clock.forward(100)
    edition = do_publish_editions(world.mechanism)[0]
    address = f"/{world.mechanism.slug}/editions/{edition.day}/"
    value = parse(Client().get(f"{address}edition.json").content)
    assert value["tables"] == edition.tables
    sheet = Client().get(f"{address}figures.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sheet)))
    assert rows[0] == ["table", "row", "from", "to"]
    assert ["places", "sites", "0", "500"] in rows
    assert ["acknowledged", "Türkiye", "", ""] in rows


def test_the_first_visit_is_light(world: World, clock: Clock) -> None:
    clock.forward(400)
    do_publish_editions(world.mechanism)
    do_tick(world.mechanism.id)
    client = Client(headers={"accept-encoding": "gzip"})
    page = client.get("/")
    text = gzip.decompress(page.content).decode()
    assets = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', text))
    weight = len(page.content) + sum(_weight(client, each) for each in assets)
    assert weight < 45_000


def _weight(client: Client, address: str) -> int:
    answer = client.get(address)
    assert answer.status_code == 200
    return len(gzip.compress(b"".join(answer)))


def test_the_page_asks_the_database_as_often_however_many_parties_there_are(
    world: World, clock: Clock, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    clock.forward(100)
    do_publish_editions(world.mechanism)
    with django_assert_max_num_queries(12):
        Client().get("/")


def test_a_signed_in_visitor_sees_the_same_figures(world: World, clock: Clock) -> None:
    clock.forward(100)
    do_publish_editions(world.mechanism)
    address = f"/{world.mechanism.slug}/"
    assert words_of(visitor(world.bob), address) == words_of(Client(), address)
