"""An answer is recorded for what it proves, once, and only if it holds."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from django.utils import timezone

from openhns.mechanism.access import NotAllowed
from openhns.notices.access import status_of
from openhns.notices.actions import do_log_call, do_record_letter, do_record_receipts
from openhns.notices.answers import Answer, Delivered, delivered_to, sign_answer
from openhns.notices.channels.mailbox import transport
from openhns.notices.envelope import Envelope
from openhns.notices.errors import (
    EvidenceUnusable,
    NothingToAnswer,
    NoticeForged,
    NoticeNotFound,
    NoticesError,
    ReceiptForAnother,
    ReceiptKeyOfAnother,
    ReceiptKeyUnknown,
    ReceiptMismatch,
    ReceiptRefused,
    ReceiptTimeImpossible,
    TextMissing,
)
from openhns.notices.evidence import evidence_path, open_document
from openhns.notices.models import Notice, Receipt, Transmission
from openhns.notices.tests.building import add_listing, notices_of, site_facts, transmit
from openhns.parties.actions import do_revoke_key
from openhns.parties.errors import KeyRevoked
from openhns.parties.models import Party, PartyKey
from openhns.proofs import jws
from openhns.record.models import Event
from openhns.testing_world import World, kept, make_party_key, make_world
from openhns.vault.rings import ring_of

pytestmark = pytest.mark.django_db(transaction=True)
PLACES = ((162_716_000, -446_000), (165_000_000, -446_000))


@pytest.fixture
def world(data_folder: Path) -> World:
    """Two sites, told exactly to Party A and in the vicinity to Party B."""
    del data_folder
    return kept(_world)


def _world() -> World:
    world = make_world()
    a, b = world.parties
    for name, place in zip(("Gao", "Bourem"), PLACES, strict=True):
        add_listing(world, site_facts(name, place), {a: "exact", b: "vicinity"})
    transmit(world)
    return world


class Signer:
    """A party's tool: its key and what lies in its mailbox."""

    def __init__(self, world: World, party: Party) -> None:
        self.party = party
        self.private, self.key = make_party_key(party, world.administrator)
        self.delivered = list(delivered_to(party))

    def sign(self, delivered: Delivered, **changes: Any) -> str:
        answer = replace(Answer(echelon="headquarters"), **changes)
        return sign_answer(self.private, self.key.kid, delivered, answer, timezone.now())

    def all(self, **changes: Any) -> list[str]:
        return [self.sign(item, **changes) for item in self.delivered]


def refusal(world: World, party: Party, receipts: list[str]) -> type[BaseException]:
    """Return by which error receipts are refused; nothing of them may have been written."""
    before = Event.objects.count()
    with pytest.raises((NoticesError, KeyRevoked)) as refused:
        do_record_receipts(party, receipts, acting_user=world.bob)
    assert (Receipt.objects.count(), Event.objects.count()) == (0, before)
    return refused.type


def test_signed_receipts_of_all_notices_are_grade_a_in_bulk(world: World) -> None:
    a, _ = world.parties
    signer = Signer(world, a)
    recorded = do_record_receipts(a, signer.all(bulk=True), acting_user=world.bob)
    assert {(row.grade, row.answer, row.bulk) for row in recorded.receipts} == {
        ("A", "acknowledged", True)
    }
    assert {status_of(notice) for notice in notices_of(a)} == {Notice.Status.ACKNOWLEDGED}
    event = Event.objects.filter(name="receipt:recorded").first()
    assert event is not None
    assert event.audience == a.id


def test_the_same_answer_is_recorded_once(world: World) -> None:
    a, _ = world.parties
    signer = Signer(world, a)
    do_record_receipts(a, signer.all(), acting_user=world.bob)
    again = do_record_receipts(a, signer.all(), acting_user=world.bob)
    assert (len(again.receipts), again.already) == (0, 2)
    assert Receipt.objects.count() == 2


def test_a_notice_goes_from_prepared_to_its_final_answer(world: World) -> None:
    a, _ = world.parties
    signer = Signer(world, a)
    notice = notices_of(a)[0]
    seen = [status_of(notice)]
    for word in ("received", "acknowledged", "received", "queried"):
        question = "Which gate?" if word == "queried" else ""
        receipt = signer.sign(
            signer.delivered[0], word=word, question=question, echelon=f"echelon {len(seen)}"
        )
        do_record_receipts(a, [receipt], acting_user=world.bob)
        seen.append(status_of(notice))
    assert seen == ["transmitted", "received", "acknowledged", "acknowledged", "queried"]


def test_a_receipt_under_a_revoked_key_is_refused_whatever_time_it_states(world: World) -> None:
    a, _ = world.parties
    signer = Signer(world, a)
    receipts = signer.all()
    revoke(world, signer.key)
    assert refusal(world, a, receipts) is KeyRevoked


def revoke(world: World, key: PartyKey) -> None:
    do_revoke_key(key, timezone.now(), acting_user=world.administrator)


def overtaken(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, "Future[Any]"]:
    """Do the first; begin the second before the first is committed, and let it end after that."""

    def run() -> Any:
        try:
            return second()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        done = first()
        waiting = pool.submit(run)
        sleep(0.5)  # Time enough to judge and to come to the lock.
        assert not waiting.done()
    return done, waiting


def test_receipts_judged_before_a_revocation_are_not_recorded_after_it(world: World) -> None:
    a, _ = world.parties
    signer = Signer(world, a)
    receipts = signer.all()

    _, recording = overtaken(
        lambda: do_revoke_key(signer.key, acting_user=world.administrator),
        lambda: do_record_receipts(a, receipts, acting_user=world.bob),
    )
    assert isinstance(recording.exception(), KeyRevoked)
    assert Receipt.objects.count() == 0


def test_a_key_revoked_while_its_receipts_are_recorded_counts_until_then(world: World) -> None:
    a, _ = world.parties
    signer = Signer(world, a)
    receipts = signer.all()

    recorded, revoking = overtaken(
        lambda: do_record_receipts(a, receipts, acting_user=world.bob),
        lambda: do_revoke_key(signer.key, acting_user=world.administrator),
    )
    assert all(row.recorded_at < revoking.result().revoked_at for row in recorded.receipts)


def test_a_receipt_under_another_partys_key_is_refused(world: World) -> None:
    a, b = world.parties
    assert refusal(world, a, Signer(world, b).all()) is ReceiptKeyOfAnother


def test_a_receipt_under_a_key_that_nobody_registered_is_refused(world: World) -> None:
    a, _ = world.parties
    (first, *_) = delivered_to(a)
    stray = Ed25519PrivateKey.generate()
    kid = jws.thumbprint(stray.public_key().public_bytes_raw())
    for named in (kid, "a thumbprint with a NUL\0"):  # PostgreSQL cannot be asked for the latter.
        receipt = sign_answer(stray, named, first, Answer(), timezone.now())
        assert refusal(world, a, [receipt]) is ReceiptKeyUnknown


def test_a_receipt_for_another_partys_notice_is_refused(world: World) -> None:
    a, b = world.parties
    signer = Signer(world, a)
    (other, *_) = delivered_to(b)
    payload = {**other.payload, "party": {"id": str(a.id), "name": a.name}}
    stolen = signer.sign(Delivered(payload, other.sha256))
    assert refusal(world, a, [signer.sign(signer.delivered[0]), stolen]) is ReceiptForAnother


def test_a_receipt_over_another_text_or_number_or_log_is_refused(world: World) -> None:
    a, _ = world.parties
    signer = Signer(world, a)
    first, second = signer.delivered
    assert refusal(world, a, [signer.sign(replace(first, sha256=second.sha256))]) is ReceiptMismatch
    for member, value in (("number", 7), ("log", "elsewhere"), ("mechanism", "other")):
        changed = Delivered({**first.payload, member: value}, first.sha256)
        assert refusal(world, a, [signer.sign(changed)]) is ReceiptMismatch


def test_a_receipt_from_the_future_or_before_its_notice_is_refused(world: World) -> None:
    a, _ = world.parties
    signer = Signer(world, a)
    for hours in (-2, 2):
        moment = timezone.now() + timedelta(hours=hours)
        item = signer.delivered[0]
        receipt = sign_answer(signer.private, signer.key.kid, item, Answer(), moment)
        assert refusal(world, a, [receipt]) is ReceiptTimeImpossible


def test_a_receipt_with_one_changed_byte_or_a_strange_member_is_refused(world: World) -> None:
    a, _ = world.parties
    signer = Signer(world, a)
    good = signer.sign(signer.delivered[0])
    for place in (5, len(good) // 2, len(good) - 3):
        letter = "A" if good[place] != "A" else "B"
        changed = good[:place] + letter + good[place + 1 :]
        assert issubclass(refusal(world, a, [changed]), NoticesError)
    payload = {**jws.read(good).payload, "note": "?"}
    odd = jws.sign(signer.private, "openhns-receipt", payload)
    assert refusal(world, a, [odd, "not a jws"]) is ReceiptRefused


def test_a_forged_notice_in_the_mailbox_is_named_before_anything_is_answered(
    world: World,
) -> None:
    a, _ = world.parties
    transmission = Transmission.objects.get(party=a)
    (notice_id, envelope), *_rest = transport.read(transmission)
    forger = Ed25519PrivateKey.generate()
    forged = jws.sign(forger, "openhns-notice", jws.read(envelope.notice).payload)
    transport.file_of(transmission).unlink()
    transport.put(transmission, [(notice_id, Envelope(forged, None))])
    with pytest.raises(NoticeForged):
        list(delivered_to(a))


def test_an_outsider_records_nothing(world: World) -> None:
    a, _ = world.parties
    receipts = Signer(world, a).all()
    with pytest.raises(NotAllowed):
        do_record_receipts(a, receipts, acting_user=world.outsider)
    with pytest.raises(NotAllowed):
        do_log_call(a, None, "Yes.", "Colonel X", acting_user=world.outsider)


def test_a_letter_is_grade_c_and_lies_sealed_on_file(world: World, tmp_path: Path) -> None:
    a, _ = world.parties
    scan = tmp_path / "Letter of Colonel X.pdf"
    scan.write_bytes(b"%PDF We acknowledge Gao. " * 40)
    recorded = do_record_letter(a, None, scan, acting_user=world.bob)
    assert {(row.grade, row.bulk, row.key_id) for row in recorded.receipts} == {("C", True, None)}
    document = recorded.receipts[0].content["document"]
    assert document["name"] == scan.name
    (lying,) = evidence_path(document["id"]).parent.iterdir()
    assert b"Colonel" not in lying.read_bytes()
    assert b"acknowledge" not in lying.read_bytes()
    assert open_document(world.mechanism.id, document_id(document)) == scan.read_bytes()
    again = do_record_letter(a, None, scan, acting_user=world.bob)
    assert (len(again.receipts), again.already) == (0, 2)
    assert list(lying.parent.iterdir()) == [lying]


def document_id(document: dict[str, str]) -> Any:
    (row, *_) = Receipt.objects.all()
    return type(row.id)(document["id"])


def test_a_letter_that_is_missing_or_empty_records_nothing(world: World, tmp_path: Path) -> None:
    a, _ = world.parties
    empty = tmp_path / "empty.pdf"
    empty.write_bytes(b"")
    for path in (empty, tmp_path / "missing.pdf"):
        with pytest.raises(EvidenceUnusable):
            do_record_letter(a, None, path, acting_user=world.bob)
    assert Receipt.objects.count() == 0


def test_a_call_is_grade_d_with_its_words_sealed(world: World) -> None:
    a, _ = world.parties
    notice = notices_of(a)[0]
    recorded = do_log_call(
        a, [notice.id], "He has read it.", "Colonel X", answer="received", acting_user=world.bob
    )
    (row,) = recorded.receipts
    assert (row.grade, row.answer, row.bulk) == ("D", "received", False)
    assert row.content == {"words": "He has read it.", "who": "Colonel X", "echelon": ""}
    assert b"Colonel" not in bytes(row.sealed)
    with pytest.raises(TextMissing):
        do_log_call(a, [notice.id], " ", "Colonel X", acting_user=world.bob)


def test_what_never_left_cannot_be_answered(world: World) -> None:
    a, b = world.parties
    with pytest.raises(NoticeNotFound):
        do_log_call(a, [notices_of(b)[0].id], "Yes.", "X", acting_user=world.bob)
    Transmission.objects.filter(party=a).update(status="prepared", transmitted_at=None)
    with pytest.raises(NothingToAnswer):
        do_log_call(a, None, "Yes.", "X", acting_user=world.bob)
    assert ring_of(world.mechanism.id).newest == 1
