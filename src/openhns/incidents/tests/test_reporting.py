"""Reports by hand: each source's claim beside the others, by whom it may be entered and read."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from openhns.geodesy.position import PositionError
from openhns.incidents.access import access_incident, best_verdicts, incidents_visible_to
from openhns.incidents.actions import Report, do_report
from openhns.incidents.errors import CountryUnknown, ReportInvalid, ReportKeyReused
from openhns.incidents.models import Claim, Incident
from openhns.incidents.tests.building import STRUCK, report, told
from openhns.mechanism.errors import NotAllowed, NotFound
from openhns.record.actions import do_tick
from openhns.record.audit import audit_logs
from openhns.record.models import Event, Log
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def test_a_further_claim_stands_beside_the_first_and_the_same_one_writes_nothing(
    world: World,
) -> None:
    first = report(world)
    other = report(world, words="Three were hit.", source="A driver", incident=first.incident)
    again = report(world, words="Three were hit.", source="A driver", incident=first.incident)

    assert other.incident.id == first.incident.id
    assert (other.new_claim, again.new_claim) == (True, False)
    assert again.claim.id == other.claim.id
    assert [claim.content["words"] for claim in Claim.objects.order_by("recorded_at")] == [
        "The emergency ward was hit.",
        "Three were hit.",
    ]
    names = Event.objects.filter(subject_type="incident").order_by("seq")
    assert list(names.values_list("name", flat=True)) == ["incident:reported", "claim:recorded"]
    do_tick(world.mechanism.id)
    assert not audit_logs(Log.objects.all()).findings


def test_the_very_same_report_again_is_recognised_and_makes_no_second_incident(
    world: World,
) -> None:
    first = report(world)
    again = report(world)

    assert (first.new_claim, again.new_claim) == (True, False)
    assert (again.incident.id, again.claim.id) == (first.incident.id, first.claim.id)
    other = report(world, words="The stores were hit.")
    assert other.new_claim
    assert other.incident.id != first.incident.id
    assert (Incident.objects.count(), Claim.objects.count()) == (2, 2)


def test_a_key_tells_two_attacks_apart_that_are_told_in_the_same_words(world: World) -> None:
    first, again, second = (report(world, key=key) for key in ("one", "one", "two"))

    assert [done.new_claim for done in (first, again, second)] == [True, False, True]
    assert first.incident.id == again.incident.id != second.incident.id
    with pytest.raises(ReportKeyReused):
        report(world, key="one", words="Something else was hit.")
    for key in ("", " ", "k" * 201):
        with pytest.raises(ReportInvalid):
            report(world, key=key)
    with pytest.raises(ReportInvalid):
        report(world, key="three", incident=first.incident)
    assert (Incident.objects.count(), Claim.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"words": " "}, ReportInvalid),
        ({"source": ""}, ReportInvalid),
        ({"start": STRUCK, "end": STRUCK - HOUR}, ReportInvalid),
        ({"start": None, "end": STRUCK.replace(tzinfo=None)}, ReportInvalid),
        ({"start": STRUCK.replace(year=2199), "end": STRUCK.replace(year=2199)}, ReportInvalid),
        ({"precision_m": 0}, ReportInvalid),
        ({"position": "NaN, 3"}, PositionError),
        ({"position": "99, 200"}, PositionError),
        ({"country": "Atlantis"}, CountryUnknown),
    ],
)
def test_a_report_that_makes_no_sense_is_refused_and_nothing_is_written(
    world: World, facts: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        report(world, **facts)
    assert not Incident.objects.exists()


def test_clocks_that_differ_by_hours_hinder_no_report(world: World) -> None:
    later = timezone.now() + 3 * HOUR

    assert report(world, start=later, end=later).new_claim


def test_incidents_are_the_operators_alone(world: World) -> None:
    incident = report(world).incident

    assert incidents_visible_to(world.bob, world.mechanism) == [incident]
    for person in (world.alice, world.outsider):
        assert incidents_visible_to(person, world.mechanism) == []
        with pytest.raises(NotFound):
            access_incident(person, world.mechanism, incident.id)
    said = Report("It burned.", "A driver", None, STRUCK)
    with pytest.raises(NotAllowed):
        do_report(said, mechanism=world.mechanism, acting_user=world.outsider)


def test_an_incident_of_another_mechanism_is_not_found(world: World) -> None:
    other = make_world()
    incident = report(other).incident

    with pytest.raises(NotFound):
        report(world, incident=incident)


def test_what_is_possible_somewhere_is_possible_in_every_list(world: World) -> None:
    told(world, {world.parties[0]: "exact"})

    somewhere = report(world, position=None, precision_m=None, country="MLI")
    elsewhere = report(world, "13.5, -7.0", source="A driver")
    certain = report(world, source="A porter")

    listed = incidents_visible_to(world.bob, world.mechanism)
    assert best_verdicts(listed) == {
        somewhere.incident.id: "possible",
        certain.incident.id: "certain",
    }
    assert [best_verdicts([item.incident]) for item in (somewhere, elsewhere)] == [
        {somewhere.incident.id: "possible"},
        {},
    ]
    assert somewhere.outcome.verdict == "possible"
    assert somewhere.claim.possible_somewhere == 1
    do_tick(world.mechanism.id)
    found = audit_logs(Log.objects.all()).findings
    # Only the transmission differs from its event: the builder dated it back.
    assert {finding.where.partition(":")[0] for finding in found} == {"notices.transmission"}
