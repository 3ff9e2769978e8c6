"""Reports by an organisation's own people, and what they let the public read of them."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from openhns.incidents.access import published_incidents, read_claims
from openhns.incidents.actions import Own, Report, Reported, do_certify, do_report
from openhns.incidents.errors import PublicationNotOpen, PublicationStands, ReportRepeated
from openhns.incidents.models import Incident
from openhns.incidents.own import access_own_incident, own_certificates, own_claims, own_incidents
from openhns.incidents.publishing import do_consent_to_publish, do_withdraw_consent_to_publish
from openhns.incidents.tests.building import GAO_TEXT, STRUCK, TOLD, report, told
from openhns.mechanism.errors import NotAllowed, NotFound
from openhns.mechanism.models import ExactRead, Organisation, Person
from openhns.notices.tests.building import add_listing, site_facts
from openhns.record.actions import do_tick
from openhns.record.audit import audit_logs
from openhns.record.models import Event, Log
from openhns.registry.models import Listing
from openhns.testing_world import World, make_member, make_organisation, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def _other(world: World) -> tuple[Organisation, Person]:
    other = make_organisation(world.mechanism, "Another", world.bob, world.second_operator)
    return other, make_member(other, "Somebody else", world.administrator)


def _own_report(
    world: World, listing: Listing | None = None, key: str | None = None, **facts: Any
) -> Reported:
    given: dict[str, Any] = {"words": "The ward was hit.", "source": "Our staff"}
    given |= {"start": STRUCK, "end": STRUCK + MINUTE, "position": GAO_TEXT, "precision_m": 20}
    return do_report(
        Report(**given | facts),
        mechanism=world.mechanism,
        acting_user=world.alice,
        own=Own(world.organisation, listing, key),
    )


def test_an_organisation_reports_as_itself_and_sees_its_own_claims_alone(world: World) -> None:
    made = _own_report(world)
    report(world, words="Another thing entirely.", incident=made.incident)
    report(world, words="Another attack.")

    event = Event.objects.get(name="incident:reported", subject_id=made.incident.id)
    assert '"actor":"organisation"' in event.content["event"]
    assert list(own_incidents(world.second_approver, world.organisation)) == [made.incident]
    assert [claim.id for claim in own_claims(made.incident, world.organisation)] == [made.claim.id]
    do_tick(world.mechanism.id)
    assert not audit_logs(Log.objects.all()).findings


def test_strangers_neither_report_for_an_organisation_nor_read_its_incidents(world: World) -> None:
    made = _own_report(world)
    other, stranger = _other(world)
    said = Report("Words.", "A source", STRUCK, STRUCK)
    for person in (stranger, world.outsider):
        with pytest.raises(NotAllowed):
            do_report(
                said, mechanism=world.mechanism, acting_user=person, own=Own(world.organisation)
            )
        with pytest.raises(NotAllowed):
            own_incidents(person, world.organisation)
    with pytest.raises(NotFound):
        access_own_incident(stranger, other, made.incident.id)
    with pytest.raises(NotFound):
        do_report(
            said,
            mechanism=world.mechanism,
            acting_user=stranger,
            incident=made.incident,
            own=Own(other),
        )


def test_nobody_reports_at_a_place_of_another_organisation(world: World) -> None:
    listing = add_listing(world, site_facts("Hôpital de Gao"), {})
    other, stranger = _other(world)
    with pytest.raises(NotFound):
        do_report(
            Report("Words.", "A source", STRUCK, STRUCK),
            mechanism=world.mechanism,
            acting_user=stranger,
            own=Own(other, listing),
        )


def test_a_report_sent_twice_is_one_report(world: World) -> None:
    first, second = (_own_report(world, key="one") for _ in range(2))
    assert (first.claim.id, second.new_claim) == (second.claim.id, False)
    assert Incident.objects.count() == 1
    with pytest.raises(ReportRepeated):
        _own_report(world, key="one", words="Something else.")


def test_a_certificate_made_for_an_organisation_is_the_only_one_it_sees(world: World) -> None:
    made = _own_report(world)
    do_certify(made.incident, acting_user=world.bob)
    assert own_certificates(made.incident, world.organisation) == []
    own = do_certify(made.incident, acting_user=world.bob, organisation=world.organisation)
    assert own_certificates(made.incident, world.organisation) == [own]


def test_what_is_published_is_province_day_and_who_had_been_notified(world: World) -> None:
    told_party, untold_party = world.parties
    listing = told(world, {told_party: "exact"})
    made = _own_report(world, listing)
    assert published_incidents(world.mechanism) == []

    do_consent_to_publish(
        made.incident, organisation=world.organisation, acting_user=world.second_approver
    )
    (item,) = published_incidents(world.mechanism)
    assert (item.country, item.admin1) == ("MLI", "Gao")
    assert (item.day_from, item.day_until) == (date(2026, 3, 10), date(2026, 3, 10))
    assert item.notified == {told_party.name: "yes", untold_party.name: "no"}
    with pytest.raises(PublicationStands):
        do_consent_to_publish(
            made.incident, organisation=world.organisation, acting_user=world.alice
        )

    do_withdraw_consent_to_publish(
        made.incident, organisation=world.organisation, acting_user=world.alice
    )
    assert published_incidents(world.mechanism) == []
    with pytest.raises(PublicationNotOpen):
        do_withdraw_consent_to_publish(
            made.incident, organisation=world.organisation, acting_user=world.alice
        )
    do_tick(world.mechanism.id)
    # The transmission was dated back by the test; nothing else may be amiss.
    findings = audit_logs(Log.objects.all()).findings
    assert {item.where.split(":")[0] for item in findings} <= {"notices.transmission"}


def test_notified_is_neither_yes_nor_no_where_the_notice_left_while_it_happened(
    world: World,
) -> None:
    party, _ = world.parties
    listing = told(world, {party: "exact"}, at=STRUCK)
    made = _own_report(world, listing, start=STRUCK - MINUTE)
    before = _own_report(world, listing, start=TOLD, end=STRUCK - MINUTE)
    for item in (made, before):
        do_consent_to_publish(
            item.incident, organisation=world.organisation, acting_user=world.alice
        )
    notified = {p.incident_id: p.notified for p in published_incidents(world.mechanism)}
    assert notified[made.incident.id][party.name] == "cannot be said"
    assert notified[before.incident.id][party.name] == "no"


def test_without_a_named_place_the_match_says_who_had_been_notified(world: World) -> None:
    party, _ = world.parties
    told(world, {party: "exact"})
    made = _own_report(world, admin1="12 Hospital Road")
    vague = _own_report(world, position=None, precision_m=None)
    for item in (made, vague):
        do_consent_to_publish(
            item.incident, organisation=world.organisation, acting_user=world.alice
        )
    found = {p.incident_id: p for p in published_incidents(world.mechanism)}
    assert found[made.incident.id].notified[party.name] == "yes"
    assert found[made.incident.id].admin1 == ""
    assert found[vague.incident.id].notified[party.name] == "cannot be said"


def test_no_stranger_publishes_an_incident(world: World) -> None:
    made = _own_report(world)
    other, stranger = _other(world)
    with pytest.raises(NotAllowed):
        do_consent_to_publish(made.incident, organisation=world.organisation, acting_user=stranger)
    with pytest.raises(NotFound):
        do_consent_to_publish(made.incident, organisation=other, acting_user=stranger)


def test_whoever_reads_where_an_own_site_was_hit_stands_in_the_journal(world: World) -> None:
    listing = add_listing(world, site_facts("Hôpital de Gao"), {})
    placed = _own_report(world, listing).incident
    elsewhere = _own_report(world, words="Somewhere on the road.").incident
    before = ExactRead.objects.count()
    assert len(read_claims(world.bob, elsewhere)) == 1
    assert ExactRead.objects.count() == before
    assert [claim.incident for claim in read_claims(world.bob, placed)] == [placed]
    read = ExactRead.objects.order_by("read_at").last()
    assert read is not None
    assert ExactRead.objects.count() == before + 1
    assert (read.person, read.content["listings"]) == (world.bob, [str(listing.id)])


@pytest.mark.parametrize("reader", ["bob", "alice"])
def test_a_page_that_shows_where_an_own_site_was_hit_stands_in_the_journal(
    world: World, reader: str
) -> None:
    listing = add_listing(world, site_facts("Hôpital de Gao"), {})
    made = _own_report(world, listing).incident
    slug, own = world.mechanism.slug, world.organisation.id
    pages = {
        "bob": reverse("incidents-incident", args=[slug, made.id]),
        "alice": reverse("incidents-my-incident", args=[slug, own, made.id]),
    }
    person = getattr(world, reader)
    before = ExactRead.objects.count()
    shown = visitor(person).get(pages[reader]).content.decode()
    assert "The ward was hit." in shown
    read = ExactRead.objects.order_by("read_at").last()
    assert read is not None
    assert ExactRead.objects.count() == before + 1
    assert (read.person, read.content["listings"]) == (person, [str(listing.id)])
