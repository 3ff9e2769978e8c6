"""An objection alarms until it is answered, and changes no status by itself."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from openhns.jobs.actions import drain
from openhns.jobs.models import DueWork
from openhns.mechanism.access import NotAllowed
from openhns.notices.access import status_of
from openhns.notices.actions import (
    do_answer_objection,
    do_object,
    do_object_signed,
    do_withdraw,
)
from openhns.notices.actions.objecting import find_objection, open_objections
from openhns.notices.answers import Delivered, delivered_to
from openhns.notices.due import ALARM
from openhns.notices.errors import (
    ObjectionAnswered,
    ObjectionNotFound,
    ReceiptKeyOfAnother,
    ReceiptMismatch,
    ReceiptRefused,
    TextMissing,
)
from openhns.notices.models import Notice, Objection
from openhns.notices.objections import Objecting, sign_objection
from openhns.notices.tests.building import add_listing, notices_of, site_facts, transmit
from openhns.parties.actions import do_revoke_key
from openhns.parties.errors import KeyRevoked
from openhns.proofs import jws
from openhns.proofs.canonical import parse
from openhns.record.actions import do_tick
from openhns.record.audit import audit_logs
from openhns.record.models import Event
from openhns.record.writing import find_log
from openhns.registry.models import Listing
from openhns.testing_world import World, kept, make_liaison, make_party_key, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return kept(_world)


def _world() -> World:
    world = make_world()
    add_listing(world, site_facts("Gao"), {world.parties[0]: "exact"})
    transmit(world)
    return world


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def find_findings(world: World) -> list[Any]:
    do_tick(world.mechanism.id)
    return audit_logs([find_log(world.mechanism.id)]).findings


def told(world: World) -> Notice:
    return notices_of(world.parties[0])[0]


def test_an_objection_alarms_until_it_is_answered(world: World) -> None:
    limit = timezone.now() + timedelta(hours=24)
    objection = do_object(
        told(world), "Used by fighters.", warning=True, time_limit=limit, acting_user=world.bob
    )
    assert open_objections(world.mechanism) == [objection]
    for _ in range(2):
        DueWork.objects.filter(handler=ALARM).update(due_at=timezone.now())
        drain([ALARM])
        assert DueWork.objects.filter(handler=ALARM, state="waiting").count() == 1
    do_answer_objection(objection, "Nobody but patients is there.", acting_user=world.bob)
    DueWork.objects.filter(handler=ALARM).update(due_at=timezone.now())
    drain([ALARM])
    assert DueWork.objects.filter(handler=ALARM, state="waiting").count() == 0
    assert open_objections(world.mechanism) == []


def test_an_objection_changes_the_notice_alone_and_not_the_site(world: World) -> None:
    before = Listing.objects.get().status
    do_object(told(world), "Used by fighters.", acting_user=world.bob)
    assert status_of(told(world)) == Notice.Status.OBJECTED
    assert Listing.objects.get().status == before


def test_an_objection_has_grounds_and_one_answer(world: World) -> None:
    with pytest.raises(TextMissing):
        do_object(told(world), "  ", acting_user=world.bob)
    objection = do_object(told(world), "Grounds.", acting_user=world.bob)
    do_answer_objection(objection, "No.", acting_user=world.bob)
    with pytest.raises(ObjectionAnswered):
        do_answer_objection(objection, "Yes.", acting_user=world.bob)
    assert find_objection(world.mechanism, objection.id).content["answer"] == "No."


def test_an_outsider_neither_objects_nor_answers(world: World) -> None:
    objection = do_object(told(world), "Grounds.", acting_user=world.bob)
    with pytest.raises(NotAllowed):
        do_object(told(world), "Grounds.", acting_user=world.outsider)
    with pytest.raises(NotAllowed):
        do_answer_objection(objection, "No.", acting_user=world.outsider)
    with pytest.raises(ObjectionNotFound):
        find_objection(world.mechanism, told(world).id)


class Objector:
    """A party's tool that objects to its first notice."""

    def __init__(self, world: World, grade: str = "A") -> None:
        self.party = world.parties[0]
        self.private, self.key = make_party_key(self.party, world.administrator, grade)
        self.delivered = next(delivered_to(self.party))

    def sign(self, delivered: Delivered | None = None, **said: Any) -> str:
        facts = Objecting(**{"grounds": "Used by fighters.", "made_by": "General staff"} | said)
        text = delivered or self.delivered
        return sign_objection(self.private, self.key.kid, text, facts, timezone.now())


@pytest.mark.parametrize("grade", ["A", "B"])
def test_a_signed_objection_proves_what_its_key_proves(world: World, grade: str) -> None:
    party = Objector(world, grade)
    limit = timezone.now() + timedelta(hours=24)
    text = party.sign(warning=True, time_limit=limit)
    objection = do_object_signed(party.party, text, acting_user=world.bob)
    assert (objection.grade, objection.warning, objection.time_limit) == (grade, True, limit)
    assert objection.content["made_by"] == "General staff"
    event = Event.objects.get(name="objection:made")
    body = parse(event.canonical)["body"]
    assert (body["kid"], body["jws_sha256"]) == (party.key.kid, sha256(text))
    assert not told(world).waits
    assert find_findings(world) == []


def test_the_same_signed_objection_is_recorded_once(world: World) -> None:
    party = Objector(world)
    text = party.sign()
    first, again = (do_object_signed(party.party, text, acting_user=world.bob) for _ in range(2))
    assert first == again
    assert Objection.objects.count() == 1
    typed = [
        do_object(told(world), "Once.", idempotency="form", acting_user=world.bob) for _ in range(2)
    ]
    assert typed[0] == typed[1]
    assert Objection.objects.count() == 2


def test_an_altered_or_misdirected_objection_is_refused(world: World) -> None:
    party = Objector(world)
    a, b = world.parties
    other = replace(party.delivered, sha256="0" * 64)
    head, payload, signature = party.sign().split(".")
    altered = jws.encode(jws.decode(payload).replace(b"fighters", b"soldiers"))
    cases = [
        (a, f"{head}.{altered}.{signature}", ReceiptRefused),
        (a, party.sign(other), ReceiptMismatch),
        (b, party.sign(), ReceiptKeyOfAnother),
        (a, party.sign(grounds=" "), TextMissing),
    ]
    for to, text, error in cases:
        with pytest.raises(error):
            do_object_signed(to, text, acting_user=world.bob)
    do_revoke_key(party.key, acting_user=world.bob)
    with pytest.raises(KeyRevoked):
        do_object_signed(a, party.sign(), acting_user=world.bob)
    assert not Objection.objects.exists()


def test_what_nobody_signed_is_no_objection_of_grade_a(world: World) -> None:
    with pytest.raises(ReceiptRefused):
        do_object(told(world), "Grounds.", grade="A", acting_user=world.bob)


def test_a_party_that_has_withdrawn_still_objects(world: World) -> None:
    party = Objector(world)
    liaison = make_liaison(party.party, world.administrator)
    do_withdraw(party.party, timezone.now(), "None stated.", acting_user=world.bob)
    assert do_object_signed(party.party, party.sign(), acting_user=liaison).grade == "A"
