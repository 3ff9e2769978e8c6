"""Reports of attacks through the pages: read back, sent once, seen by their organisation alone."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from openhns.incidents.access import published_incidents
from openhns.incidents.actions import do_certify
from openhns.incidents.models import Claim, Incident, OwnReport
from openhns.incidents.tests.building import report, told
from openhns.registry.tests.form_fields import fields_of
from openhns.testing_world import World, make_member, make_organisation, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
ATTACK = {
    "words": "The emergency ward was hit.",
    "source": "Our staff",
    "position": "16 16 18 N, 0 02 41 W",
    "precision_m": "20",
    "zone": "+01:00",
    "start": "2026-03-10T15:05",
    "end": "2026-03-10T15:07",
}


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def _url(world: World, name: str, *more: Any) -> str:
    return reverse(name, args=[world.mechanism.slug, world.organisation.id, *more])


def _send(world: World, url: str, step: str = "submit", **data: str) -> Any:
    return visitor(world.alice).post(url, {"key": str(uuid4()), **data, "step": step})


def _page(world: World, name: str, *more: Any) -> str:
    return str(visitor(world.alice).get(_url(world, name, *more)).content.decode())


def test_a_report_is_read_back_and_then_kept_as_it_was_said(world: World) -> None:
    url = _url(world, "incidents-report")
    assert "Check and read back" in _page(world, "incidents-report")
    page = _send(world, url, "check", **ATTACK).content.decode()
    assert not Incident.objects.exists()
    for words in ("degrees, minutes and seconds", "Mali", "10 March 2026, 14:05 UTC", "20 m"):
        assert words in page
    answer = _send(world, url, **fields_of(page))
    claim = Claim.objects.get()
    assert claim.content["words"] == "The emergency ward was hit."
    assert claim.content["from"] == "2026-03-10T14:05:00.000000Z"
    assert answer.url == _url(world, "incidents-my-incident", claim.incident_id)
    page = _page(world, "incidents-my-incident", claim.incident_id)
    assert "None was made for your organisation yet." in page
    assert "The emergency ward was hit." in _page(world, "incidents-mine")


def test_a_report_from_a_sites_page_needs_no_position(world: World) -> None:
    listing = told(world, {world.parties[0]: "exact"})
    url = _url(world, "incidents-report-at", "site", listing.id)
    assert "Hôpital de Gao" in visitor(world.alice).get(url).content.decode()
    data = {**ATTACK, "position": "", "here": "on"}
    assert "16.2716, -0.0446" in _send(world, url, "check", **data).content.decode()
    assert _send(world, url, **data).status_code == 302
    assert OwnReport.objects.get().listing == listing
    assert Claim.objects.get().matches.get().verdict == "certain"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"position": "91, 200"}, "lies outside the world"),
        ({"position": "somewhere"}, "holds no number"),
        ({"precision_m": ""}, "Say how far"),
        ({"end": ""}, "required"),
        ({"end": "yesterday"}, "no date and time"),
        ({"words": ""}, "required"),
        ({"end": "2026-03-09T10:00"}, "lies before the time above"),
        ({"start": "2199-01-01T10:00", "end": "2199-01-01T10:00"}, "lies in the future"),
    ],
)
def test_a_report_that_makes_no_sense_is_not_kept_and_nothing_typed_is_lost(
    world: World, wrong: dict[str, str], words: str
) -> None:
    page = _send(world, _url(world, "incidents-report"), **{**ATTACK, **wrong}).content.decode()
    assert words in page
    assert "Our staff" in page
    assert not Incident.objects.exists()


def test_a_report_sent_twice_is_one_and_a_further_one_stands_beside_it(world: World) -> None:
    url = _url(world, "incidents-report")
    for _ in range(2):
        _send(world, url, **ATTACK, key="one")
    incident = Incident.objects.get()
    more = _url(world, "incidents-report-more", incident.id)
    _send(world, more, **{**ATTACK, "words": "Three were hit."})
    assert Incident.objects.count() == 1
    page = _page(world, "incidents-my-incident", incident.id)
    assert "Report 2" in page
    assert "Three were hit." in page


def test_a_certificate_made_for_the_organisation_is_shown_and_handed_out(world: World) -> None:
    party, _ = world.parties
    told(world, {party: "exact"})
    _send(world, _url(world, "incidents-report"), **ATTACK)
    incident = Incident.objects.get()
    report(world, words="Told by somebody else.", incident=incident)
    page = _page(world, "incidents-my-incident", incident.id)
    assert "Told by somebody else." not in page
    for_all = do_certify(incident, acting_user=world.bob)
    own = do_certify(incident, acting_user=world.bob, organisation=world.organisation)
    assert str(own.id) in _page(world, "incidents-my-incident", incident.id)
    page = _page(world, "incidents-my-certificate", incident.id, own.id)
    assert f"{party.name} held 1 notice about a place" in page
    name = "incidents-my-certificate-text"
    client = visitor(world.alice)
    answer = client.get(_url(world, name, incident.id, own.id))
    assert (answer.content.decode(), answer["Content-Type"]) == (own.jws, "application/jose")
    assert client.get(_url(world, name, incident.id, for_all.id)).status_code == 404


def test_what_would_be_published_is_shown_agreed_to_and_taken_back(world: World) -> None:
    party, _ = world.parties
    listing = told(world, {party: "exact"})
    url = _url(world, "incidents-report-at", "site", listing.id)
    _send(world, url, **{**ATTACK, "position": "", "here": "on"})
    incident = Incident.objects.get()
    where = _url(world, "incidents-publication", incident.id)
    page = _page(world, "incidents-publication", incident.id)
    for words in ("What would be published", "MLI", "Gao", "2026-03-10", "Not notified"):
        assert words in page
    client = visitor(world.alice)
    stale = client.post(where, {"step": "agree", "shown": "00"}, follow=True).content.decode()
    assert "changed meanwhile" in stale
    assert published_incidents(world.mechanism) == []
    client.post(where, {"step": "agree", "shown": fields_of(page)["shown"]})
    (item,) = published_incidents(world.mechanism)
    assert item.notified[party.name] == "yes"
    client.post(where, {"step": "withdraw"})
    assert published_incidents(world.mechanism) == []


def test_strangers_find_none_of_it(world: World) -> None:
    _send(world, _url(world, "incidents-report"), **ATTACK)
    incident = Incident.objects.get()
    own = do_certify(incident, acting_user=world.bob, organisation=world.organisation)
    other = make_organisation(world.mechanism, "Another", world.bob, world.second_operator)
    stranger = make_member(other, "Somebody else", world.administrator)
    names: dict[str, list[Any]] = {
        "incidents-mine": [],
        "incidents-report": [],
        "incidents-my-incident": [incident.id],
        "incidents-report-more": [incident.id],
        "incidents-publication": [incident.id],
        "incidents-my-certificate": [incident.id, own.id],
        "incidents-my-certificate-text": [incident.id, own.id],
    }
    for person in (stranger, world.outsider, world.bob):
        for name, more in names.items():
            assert visitor(person).get(_url(world, name, *more)).status_code == 404
        assert visitor(person).post(_url(world, "incidents-report"), ATTACK).status_code == 404
    for name, more in names.items():
        if more:
            url = reverse(name, args=[world.mechanism.slug, other.id, *more])
            assert visitor(stranger).get(url).status_code == 404
    assert Incident.objects.count() == 1
