"""What the public record says of northwest Syria is what the pages of the demonstration show."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import Settings

from openhns.demo.story import Claimed, Strike, read_story
from openhns.demo.tests.replayed import Visitor, acting_as, replay_the_story
from openhns.mechanism.models import Mechanism
from openhns.notices.models import Notice
from openhns.parties.models import Party
from openhns.proofs import jws
from openhns.registry.models import Listing
from openhns.testing_world import kept

NEVER_RELAYED = "As-Suqylabiyah National Hospital"
LEFT_AT = datetime(2020, 6, 23, 12, tzinfo=UTC)
RECORD = "/demonstration/record/"
ATTACKS = f"{RECORD}attacks/"
SLUG = "northwest-syria-illustrative"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demonstration(data_folder: Path, settings: Settings) -> None:
    assert data_folder == settings.OPENHNS_DATA
    settings.OPENHNS_DEMONSTRATION = True
    settings.OPENHNS_LOG_HOST = "demonstration.localhost"
    kept(replay_the_story)


def test_every_page_says_that_dates_answers_and_people_are_invented() -> None:
    for visitor in (acting_as("alice"), acting_as("liaison-us"), Visitor(Client(), "/")):
        said = visitor.banner(visitor.home)
        for word in ("dates of notification", "answers", "people", "illustrative", "invented"):
            assert word in said
        assert "public record" in said


def test_what_a_party_is_sent_carries_the_word_illustrative() -> None:
    signed = [jws.read(notice.content["jws"]).payload for notice in Notice.objects.all()]
    assert {notice["mechanism"] for notice in signed} == {SLUG}
    assert {notice["log"] for notice in signed} == {f"demonstration.localhost/{SLUG}"}


def test_a_certificate_on_screen_carries_the_word_illustrative() -> None:
    bob = acting_as("bob", "incidents-list")
    certificates = [
        to
        for link in bob.links_to("/incidents/")
        for to in bob.links(link)
        if "/certificates/" in to
    ]
    assert SLUG in bob.page(certificates[0])


def test_the_duty_desk_leads_to_the_site_of_which_nobody_was_told() -> None:
    bob = acting_as("bob")
    desk = f"/{SLUG}/desk/"
    assert "1 was submitted more than 48 hours ago, and nobody has been told." in bob.page(desk)
    assert NEVER_RELAYED in bob.page(bob.links_to("/review/", on=desk)[0])


def test_its_organisation_sees_that_no_party_was_told_of_the_site_never_relayed() -> None:
    alice = acting_as("alice", "notices-my-sites")
    page = next(
        each for each in map(alice.page, alice.links_to("/sites/")) if NEVER_RELAYED in each
    )
    parties = Party.objects.count()
    assert page.count("Not sent yet.") == parties == 3
    assert "proof E" not in page


def test_ten_facilities_are_registered_at_the_centre_of_their_town() -> None:
    names = {facility.name for facility in read_story().facilities.values()}
    seen = "".join(_sites_of(key) for key in ("alice", "omar"))
    assert len(names) == Listing.objects.count() == 10
    assert all(name in seen for name in names)


def _sites_of(key: str) -> str:
    visitor = acting_as(key, "notices-my-sites")
    return visitor.page(visitor.home)


def test_four_spellings_of_kafr_nabl_are_names_of_one_facility() -> None:
    alice = acting_as("alice", "notices-my-sites")
    spellings = ("Kafr Nobol", "Kafr Nabl", "Kafranbel", "Orient")
    pages = [alice.page(link) for link in alice.links_to("/sites/")]
    assert sum(all(spelling in page for spelling in spellings) for page in pages) == 1


def test_each_finding_stands_with_its_standard_of_proof_beside_the_others() -> None:
    bob = acting_as("bob", "incidents-list")
    incidents = [bob.page(link) for link in bob.links_to("/incidents/")]
    found = [(s, c) for s in read_story().strikes.values() for c in s.claims if c.standard_of_proof]
    assert {"highly probable", "probable", "reasonable grounds to believe"} <= {
        claim.standard_of_proof for _, claim in found
    }
    for strike, claim in found:
        assert any(_shows_beside_others(page, strike, claim) for page in incidents), strike.key


def _shows_beside_others(page: str, strike: Strike, claim: Claimed) -> bool:
    proof = f"Standard of proof named by the source: {claim.standard_of_proof}."
    words = [" ".join(each.words.split()) for each in strike.claims]
    return proof in page and all(each in page for each in words)


def test_the_withdrawal_stands_with_its_stated_reasons() -> None:
    erin = acting_as("erin")
    russia = next(
        page
        for page in map(erin.page, erin.links_to("/parties/", on=f"/{SLUG}/parties/"))
        if page.startswith("All parties Russia")
    )
    assert "23 June 2020" in russia
    assert "Has withdrawn" in russia
    assert "the mechanism is voluntary" in russia
    assert "listed facilities served as headquarters of armed groups" in russia


def test_every_organisation_has_the_note_and_the_reminder_of_obligations() -> None:
    for key in ("alice", "omar"):
        visitor = acting_as(key, "notices-my-sites")
        notes = visitor.home.replace("/sites/", "/notes/")
        told = " ".join(visitor.page(link) for link in visitor.links_to("/notes/", on=notes))
        assert "Russia has stated that it takes no part" in told
        assert "reminded all parties that they are bound by international humanitarian law" in told


def test_what_is_cleared_after_a_party_left_goes_to_the_others_alone() -> None:
    after = Notice.objects.filter(transmission__prepared_at__gt=LEFT_AT)
    assert sorted(after.values_list("party__name", flat=True)) == ["Türkiye", "United States"]
    school = read_story().facilities["madiq-school"].name
    assert school in _inbox_of("liaison-us")
    assert school in _inbox_of("liaison-turkiye")
    assert school not in _inbox_of("liaison-russia")


def _inbox_of(key: str) -> str:
    visitor = acting_as(key, "notices-inbox")
    return visitor.page(visitor.home)


def test_the_record_page_names_a_source_or_says_illustrative_of_each_thing() -> None:
    visitor, story = Visitor(Client(), RECORD), read_story()
    rows = visitor.rows(RECORD)
    assert len(rows) == len(story.facilities) + len(story.steps)
    assert all("public record" in row or "illustrative" in row for row in rows)
    shown = visitor.page(RECORD)
    for stated in (*story.parties, *story.never_told):
        source = story.sources[stated.source]
        assert f"{stated.name} :" in shown or f"{stated.name}:" in shown
        assert (source.symbol or source.title) in shown


def test_the_record_page_says_the_steps_in_sentences_and_in_order_of_time() -> None:
    shown = Visitor(Client(), RECORD).page(RECORD)
    sentences = ("The mechanism is set up", "A party withdraws", "The operator writes to all")
    places = [shown.index(sentence) for sentence in sentences]
    assert places == sorted(places)
    assert "signed_by" not in shown
    assert "set-up" not in shown


def test_the_record_page_names_the_standard_of_proof_of_each_claim() -> None:
    shown = Visitor(Client(), ATTACKS).page(ATTACKS)
    claims = [claim for strike in read_story().strikes.values() for claim in strike.claims]
    assert shown.count("Standard of proof:") == len(claims)
    assert "Standard of proof: reasonable grounds to believe" in shown


def test_each_link_to_a_source_on_the_record_page_leads_to_one() -> None:
    page = Client().get(RECORD).content.decode()
    assert all(f'id="source-{escape(key)}"' in page for key in read_story().sources)
    named = {part.partition('"')[0] for part in page.split('href="#source-')[1:]}
    assert named <= set(read_story().sources)
    assert Mechanism.objects.get().slug == SLUG


def test_each_person_has_a_door_on_the_tour() -> None:
    page = Client().get("/demonstration/").content.decode()
    assert all(f'<tr id="as-{key}">' in page for key in read_story().people)
