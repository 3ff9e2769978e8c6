from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from openhns.mechanism.errors import NotAllowed
from openhns.parties.access import (
    find_party,
    focal_point_at,
    participates_at,
    participating_parties,
    participation_at,
    require_participating,
)
from openhns.parties.actions import (
    do_add_party,
    do_name_focal_point,
    do_state_participation,
)
from openhns.parties.errors import (
    ParticipationInvalid,
    PartyExists,
    PartyInvalid,
    PartyNotFound,
    PartyNotParticipating,
)
from openhns.proofs.canonical import parse
from openhns.record.models import Event
from openhns.testing_world import make_world

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2020, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_party_takes_part_from_its_joining_on(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    party = do_add_party(world.mechanism, "Party C", START, acting_user=world.bob)
    assert not participates_at(party, START - DAY)
    assert participation_at(party, START - DAY) is None
    assert participates_at(party, START)
    assert participates_at(party, timezone.now())


@pytest.mark.parametrize("status", ["withdrawn", "suspended"])
@pytest.mark.parametrize("days", [-100, 100])
def test_a_party_that_leaves_is_out_from_the_effective_time_past_or_future(
    data_folder: Path, status: str, days: int
) -> None:
    del data_folder
    world = make_world()
    party = do_add_party(world.mechanism, "Party C", START, acting_user=world.bob)
    leaving = timezone.now() + days * DAY
    do_state_participation(party, status, leaving, "a letter", acting_user=world.bob)
    assert participates_at(party, leaving - timedelta(seconds=1))
    assert not participates_at(party, leaving)
    assert not participates_at(party, leaving + 1000 * DAY)
    with pytest.raises(PartyNotParticipating, match=status):
        require_participating(party, leaving)


def test_the_newest_statement_by_effective_time_holds_and_of_two_the_later_word(
    data_folder: Path,
) -> None:
    del data_folder
    world = make_world()
    party = do_add_party(world.mechanism, "Party C", START, acting_user=world.bob)

    def state(status: str, days: int) -> None:
        do_state_participation(party, status, START + days * DAY, acting_user=world.bob)

    state("withdrawn", 10)
    state("suspended", 5)
    state("participating", 20)
    found = [participates_at(party, START + days * DAY) for days in (1, 6, 11, 21)]
    assert found == [True, False, False, True]
    state("participating", 10)
    assert participates_at(party, START + 11 * DAY)


def test_what_was_known_at_a_time_leaves_out_what_was_learned_later(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    party = world.parties[0]
    known = timezone.now()
    do_state_participation(party, "withdrawn", known, acting_user=world.bob)
    moment = timezone.now()
    now = participation_at(party, moment)
    then = participation_at(party, moment, known_at=known)
    assert now is not None
    assert then is not None
    assert (now.status, then.status) == ("withdrawn", "participating")


def test_the_statement_is_public_and_its_reason_is_not(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    party = world.parties[0]
    stated = do_state_participation(
        party, "withdrawn", START, "They blame the probe", acting_user=world.bob
    )
    public = Event.objects.filter(name="participation:stated").latest("seq")
    body = parse(public.canonical)["body"]
    assert public.public
    assert (body["status"], body["name"]) == ("withdrawn", "Party A")
    assert set(body["rows"]) == {f"parties.party:{party.id}"}
    filed = Event.objects.filter(name="participation:filed").latest("seq")
    assert not filed.public
    assert set(parse(filed.canonical)["body"]["rows"]) == {f"parties.participation:{stated.id}"}
    assert not any(b"probe" in event.canonical for event in (public, filed))
    assert b"probe" not in bytes(stated.sealed)


def test_a_misshapen_statement_or_a_stranger_is_refused(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    party = world.parties[0]
    with pytest.raises(ParticipationInvalid):
        do_state_participation(party, "gone", START, acting_user=world.bob)
    naive = START.replace(tzinfo=None)
    with pytest.raises(ParticipationInvalid, match="zone"):
        do_state_participation(party, "withdrawn", naive, acting_user=world.bob)
    with pytest.raises(NotAllowed):
        do_state_participation(party, "withdrawn", START, acting_user=world.alice)
    assert participating_parties(world.mechanism, timezone.now()) == list(world.parties)


def test_a_party_is_found_by_name_or_identifier_within_its_mechanism(data_folder: Path) -> None:
    del data_folder
    world, other = make_world(), make_world()
    party = world.parties[0]
    assert find_party(world.mechanism, " Party  A ") == party
    assert find_party(world.mechanism, str(party.id)) == party
    with pytest.raises(PartyNotFound, match="Party A, Party B"):
        find_party(world.mechanism, "Party Z")
    for odd in ("Party A\0", "Party \ud800"):
        with pytest.raises(PartyNotFound):
            find_party(world.mechanism, odd)
    with pytest.raises(PartyNotFound):
        find_party(other.mechanism, str(party.id))
    with pytest.raises(PartyExists):
        do_add_party(world.mechanism, "Party  A", acting_user=world.bob)
    with pytest.raises(PartyInvalid):
        do_add_party(world.mechanism, " ", acting_user=world.bob)


def test_a_new_focal_point_ends_the_one_before_and_stands_sealed(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    party, now = world.parties[0], timezone.now()
    do_name_focal_point(
        party, "Col. Haddad", phone="+963 11", since=now - 9 * DAY, acting_user=world.bob
    )
    second = do_name_focal_point(party, "Col. Amin", since=now - DAY, acting_user=world.bob)
    before = focal_point_at(party, now - 5 * DAY)
    assert before is not None
    assert before.content["name"] == "Col. Haddad"
    assert b"Haddad" not in bytes(before.sealed)
    assert focal_point_at(party, now) == second
    assert focal_point_at(party, now - 10 * DAY) is None


@pytest.mark.parametrize("name", ["party a", "P\u0430rty A", "PARTY-A", "Party  A."])
def test_a_name_that_a_reader_takes_for_another_partys_is_refused(
    data_folder: Path, name: str
) -> None:
    del data_folder
    world, before = make_world(), Event.objects.count()
    with pytest.raises(PartyExists, match="Party A"):
        do_add_party(world.mechanism, name, acting_user=world.bob)
    do_add_party(make_world(parties=["Party B"]).mechanism, name, acting_user=world.administrator)
    assert not Event.objects.filter(log_id=world.mechanism.id)[before:].exists()
