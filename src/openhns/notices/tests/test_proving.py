"""A proof of an answer shows what is known of its key, and holds whoever reads it."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from openhns.notices.actions import do_object, do_object_signed, do_record_receipts
from openhns.notices.answers import Answer, delivered_to, sign_answer
from openhns.notices.models import Objection, Receipt
from openhns.notices.objections import Objecting, sign_objection
from openhns.notices.proving import prove_notice, prove_receipt
from openhns.notices.tests.building import add_listing, site_facts, transmit
from openhns.parties.actions import do_revoke_key
from openhns.parties.models import PartyKey
from openhns.proofs.proof_file import Document, Role
from openhns.proofs.verdict import Verdict
from openhns.proofs.verify import verify
from openhns.record.actions import do_tick
from openhns.record.rows import timestamp
from openhns.testing_world import World, kept, make_party_key, make_world

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(data_folder: Path) -> World:
    """One site, told exactly to Party A."""
    del data_folder
    return kept(_world)


def _world() -> World:
    world = make_world()
    add_listing(world, site_facts("Gao", (162_716_000, -446_000)), {world.parties[0]: "exact"})
    transmit(world)
    return world


def answer(world: World) -> tuple[Receipt, PartyKey]:
    party = world.parties[0]
    private, key = make_party_key(party, world.administrator)
    (delivered,) = delivered_to(party)
    said = Answer(echelon="headquarters", machine=True)
    text = sign_answer(private, key.kid, delivered, said, timezone.now())
    (receipt,) = do_record_receipts(party, [text], acting_user=world.bob).receipts
    return receipt, key


def proved(world: World, receipt: Receipt) -> Verdict:
    do_tick(world.mechanism.id)
    verdict = verify(prove_receipt(receipt).to_bytes())
    assert verdict.consistent, verdict.failed
    return verdict


def test_an_answer_is_shown_with_what_its_party_signed(world: World) -> None:
    receipt, _ = answer(world)

    (notice,) = proved(world, receipt).facts["notices"]

    (said,) = notice["answers"]
    assert (said["echelon"], said["machine"]) == ("headquarters", True)
    assert said["answered_at"] == timestamp(receipt.answered_at)
    assert "key_revoked_from" not in said


@pytest.mark.parametrize(("shift", "side"), [(-MINUTE, "after"), (MINUTE, "before")])
def test_a_revocation_stands_in_the_proof_of_what_its_key_signed(
    world: World, shift: timedelta, side: str
) -> None:
    receipt, key = answer(world)
    moment: datetime = receipt.recorded_at + shift
    do_revoke_key(key, moment, acting_user=world.administrator)

    verdict = proved(world, receipt)

    (said,) = verdict.facts["notices"][0]["answers"]
    assert said["key_revoked_from"] == timestamp(moment)
    assert said["recorded_after_revocation"] is (side == "after")
    assert f"revoked from {timestamp(moment)}" in verdict.steps[6].words
    assert f"{side} that." in verdict.steps[6].words
    assert verify(prove_notice(receipt.notice).to_bytes()).consistent


def test_of_two_revocations_the_proof_shows_the_earlier_time(world: World) -> None:
    receipt, key = answer(world)
    for shift in (MINUTE, -MINUTE):
        do_revoke_key(key, receipt.recorded_at + shift, acting_user=world.administrator)

    (said,) = proved(world, receipt).facts["notices"][0]["answers"]

    assert said["key_revoked_from"] == timestamp(receipt.recorded_at - MINUTE)


def objected(world: World, grounds: str = "Used by fighters.") -> tuple[Objection, PartyKey]:
    party = world.parties[0]
    private, key = make_party_key(party, world.administrator, "B")
    (delivered,) = delivered_to(party)
    said = Objecting(grounds, warning=True, time_limit=timezone.now(), made_by="General staff")
    text = sign_objection(private, key.kid, delivered, said, timezone.now())
    return do_object_signed(party, text, acting_user=world.bob), key


def test_the_proof_of_a_notice_holds_the_objections_to_it(world: World) -> None:
    objection, key = objected(world)
    do_object(objection.notice, "By telephone.", acting_user=world.bob)
    receipt, _ = answer(world)
    do_revoke_key(key, acting_user=world.administrator)
    do_tick(world.mechanism.id)

    verdict = verify(prove_notice(objection.notice).to_bytes())

    assert verdict.consistent, verdict.failed
    (notice,) = verdict.facts["notices"]
    signed, typed = sorted(notice["objections"], key=lambda item: str(item["grade"]))
    assert (signed["grade"], signed["grounds"]) == ("B", "Used by fighters.")
    assert (signed["made_by"], signed["warning"]) == ("General staff", True)
    assert signed["recorded_after_revocation"] is False
    assert (typed["grade"], typed["grounds"]) == ("D", None)
    assert verify(prove_receipt(receipt).to_bytes()).consistent


def test_a_proof_whose_objection_was_exchanged_or_left_out_is_refused(world: World) -> None:
    objection, _ = objected(world)
    do_tick(world.mechanism.id)
    file = prove_notice(objection.notice)
    other, _ = objected(world, "Something else.")
    kept = [item for item in file.documents if item.role != Role.OBJECTION]
    exchanged = Document(Role.OBJECTION, other.content["jws"])
    for documents in (kept, [*kept, exchanged], [*file.documents, exchanged]):
        verdict = verify(replace(file, documents=tuple(documents)).to_bytes())
        assert verdict.failed is not None
        assert verdict.failed.name == "receipts"
    without = tuple(item for item in file.entries if item.role != Role.OBJECTION)
    assert not verify(replace(file, entries=without).to_bytes()).consistent
    less = tuple(item for item in file.entries if item.role != Role.PARTY_KEY)
    assert not verify(replace(file, entries=less).to_bytes()).consistent
