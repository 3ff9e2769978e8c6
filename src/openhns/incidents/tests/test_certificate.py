"""The certificate states what was sent and what came back, per party, and claims no more."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.translation import override

from openhns.incidents.actions import Own, Report, do_certify, do_report
from openhns.incidents.errors import NothingToCertify
from openhns.incidents.models import Certificate
from openhns.incidents.proving import prove_certificate
from openhns.incidents.rendering import render
from openhns.incidents.tests.building import GAO_TEXT, STRUCK, TOLD, report, send, told
from openhns.mechanism.errors import NotAllowed
from openhns.mechanism.models import ExactRead
from openhns.mechanism.signing import notice_key
from openhns.notices.actions import do_record_letter
from openhns.notices.models import Notice, Receipt
from openhns.notices.tests.building import add_listing, remove, site_facts, transmit
from openhns.parties.actions import do_register_key, do_revoke_key, do_state_participation
from openhns.parties.possession import prove_possession
from openhns.proofs import jws
from openhns.proofs.canonical import canonical
from openhns.proofs.verify import verify
from openhns.record.actions import do_tick
from openhns.record.audit import audit_logs
from openhns.record.models import Event, Log
from openhns.record.rows import timestamp
from openhns.record.writing import find_log
from openhns.testing_world import World, make_organisation, make_world

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def certified(world: World, **options: Any) -> tuple[Certificate, dict[str, Any]]:
    incident = options.pop("incident", None) or report(world).incident
    row = do_certify(incident, acting_user=world.bob, **options)
    public = notice_key(world.mechanism)[0].public_key().public_bytes_raw()
    return row, jws.verify(row.jws, public, "openhns-certificate")


def answered(notice: Notice, grade: str, **facts: Any) -> Receipt:
    row = Receipt(
        scope=notice.scope,
        notice=notice,
        grade=grade,
        answered_at=facts.pop("at", TOLD + HOUR),
        recorded_at=TOLD + HOUR,
        idempotency_key=hashlib.sha256(repr((notice.id, grade, facts)).encode()).digest(),
        **{"answer": "acknowledged", **facts},
    )
    row.seal_content({"echelon": "brigade"})
    row.save(force_insert=True)
    return row


def party(document: dict[str, Any], name: str) -> dict[str, Any]:
    return next(item for item in document["parties"] if item["name"] == name)


def text(document: dict[str, Any]) -> str:
    return "\n".join(render(document))


def test_it_is_signed_and_its_hash_stands_in_the_record(world: World) -> None:
    told(world, {world.parties[0]: "exact"})

    row, document = certified(world)

    assert row.jws_sha256 == hashlib.sha256(row.jws.encode()).hexdigest()
    event = Event.objects.get(name="certificate:issued")
    assert event.subject_id == row.incident_id
    assert json.loads(event.canonical)["body"]["jws_sha256"] == row.jws_sha256
    assert event.audience is None
    assert document["incident"] == str(row.incident_id)
    do_tick(world.mechanism.id)
    findings = audit_logs(Log.objects.all()).findings
    # `send` dates a transmission back; nothing else differs.
    assert {one.where.partition(":")[0] for one in findings} <= {"notices.transmission"}


def test_it_says_what_was_told_when_at_which_grade_and_that_nothing_came_back(
    world: World,
) -> None:
    told(world, {world.parties[0]: "exact", world.parties[1]: "vicinity"})

    _, document = certified(world)

    exact, vicinity = party(document, "Party A"), party(document, "Party B")
    (notice,) = exact["held"]
    assert exact["verdict"] == "certain"
    assert notice["told"]["name"] == "Hôpital de Gao"
    assert notice["transmitted_at"] == "2026-03-01T12:00:00.000000Z"
    assert notice["proved_by_now"] == {
        "answer": None,
        "bulk": False,
        "grade": "E",
        "key_revoked_from": None,
        "machine": False,
    }
    assert vicinity["verdict"] == "possible"
    (notice,) = vicinity["held"]
    assert (notice["grade"], "name" in notice["told"]) == ("vicinity", False)
    shown = text(document)
    assert "sent only: nothing came back" in shown
    assert "certain: the claimed place and time lie wholly within what was told" in shown


def test_each_answer_says_what_it_proves_and_whether_it_came_before_the_attack(
    world: World,
) -> None:
    told(world, {world.parties[0]: "exact"})
    notice = Notice.objects.get()
    answered(notice, "D")
    answered(notice, "A", bulk=True, machine=True, at=STRUCK + HOUR)

    _, document = certified(world)

    (stated,) = party(document, "Party A")["held"]
    assert stated["proved_before"]["grade"] == "D"
    assert stated["proved_by_now"] == {
        "answer": "acknowledged",
        "bulk": True,
        "grade": "A",
        "key_revoked_from": None,
        "machine": True,
    }
    shown = text(document)
    assert "acknowledged in bulk" in shown
    assert "answered by a machine" in shown
    assert "echelon brigade" in shown


def test_it_says_on_its_face_what_it_does_not_state(world: World) -> None:
    told(world, {world.parties[0]: "exact"})

    _, document = certified(world)

    assert "does not state who struck" in document["says"]["en"]
    assert "nor whether the unit that struck knew" in document["says"]["en"]
    assert document["readers"]["parties"] is False
    assert "Never hand it to a party" in text(document)


@pytest.mark.parametrize("asked_in", ["en", "ar"])
def test_it_speaks_every_language_whatever_the_one_it_was_asked_in(
    world: World, asked_in: str
) -> None:
    told(world, {world.parties[0]: "exact"})
    with override(asked_in):
        _, document = certified(world)

    sides = [party(document, name)["statement"]["words"] for name in ("Party A", "Party B")]
    for said in (document["says"], document["readers"]["words"], *sides):
        assert set(said) == {"en", "ar"}
        assert said["en"].isascii()
        assert not said["ar"].isascii()
    with override("ar"):
        assert document["says"]["ar"] in text(document)


def test_a_party_that_was_told_nothing_is_named_on_the_operators_word(world: World) -> None:
    told(world, {world.parties[0]: "exact"})

    _, document = certified(world)

    told_nothing = party(document, "Party B")
    assert told_nothing["verdict"] == "none"
    assert told_nothing["statement"]["by"] == "operator"
    words = told_nothing["statement"]["words"]["en"]
    assert "about a place within the uncertainty had been sent to Party B" in words
    assert "operator's statement" in words


def test_what_ended_before_and_what_was_sent_later_stand_apart(world: World) -> None:
    listing = told(world, {world.parties[0]: "exact"})
    remove(world, listing)
    send(world, STRUCK - HOUR)
    add_listing(world, site_facts("Clinic"), {world.parties[1]: "exact"})
    send(world, STRUCK + HOUR)

    _, document = certified(world)

    first, second = party(document, "Party A"), party(document, "Party B")
    assert (len(first["held"]), len(first["ended_before"])) == (0, 1)
    assert "may still be known" in first["statement"]["words"]["en"]
    assert (len(second["held"]), len(second["sent_later"])) == (0, 1)
    assert "only after the attack" in second["statement"]["words"]["en"]
    assert [first["verdict"], second["verdict"]] == ["none", "none"]


def test_participation_is_stated_as_it_was_then(world: World) -> None:
    told(world, {world.parties[0]: "exact"})
    for status, when in (("participating", TOLD - HOUR), ("withdrawn", STRUCK - HOUR)):
        do_state_participation(world.parties[0], status, when, "As it said.", acting_user=world.bob)

    _, document = certified(world)

    stated = party(document, "Party A")
    assert stated["participation"]["at_begin"]["status"] == "withdrawn"
    assert stated["participation"]["at_end"]["effective_at"] == "2026-03-10T13:05:00.000000Z"
    assert stated["verdict"] == "certain"
    assert party(document, "Party B")["participation"]["at_end"]["status"] == (
        "not yet participating"
    )


def test_claims_stand_side_by_side(world: World) -> None:
    told(world, {world.parties[0]: "exact"})
    first = report(world)
    report(
        world,
        "16.5, -0.0446",
        words="It was the market.",
        source="The spokesman",
        facts={"perpetrator": "Nobody"},
        incident=first.incident,
    )

    _, document = certified(world, incident=first.incident)

    assert [claim["source"] for claim in document["claims"]] == ["A nurse", "The spokesman"]
    (notice,) = party(document, "Party A")["held"]
    assert [match["claim"] for match in notice["matches"]] == [document["claims"][0]["id"]]
    shown = text(document)
    assert "As reported by the source, perpetrator: Nobody" in shown
    assert shown.index("The emergency ward was hit.") < shown.index("It was the market.")


def test_a_place_that_nothing_bounds_is_said_to_leave_it_open(world: World) -> None:
    told(world, {world.parties[0]: "exact"})
    incident = report(world, None, None, country="MLI").incident

    _, document = certified(world, incident=incident)

    stated = party(document, "Party A")
    assert stated["verdict"] == "possible"
    assert "cannot be said whether" in stated["statement"]["words"]["en"]
    assert party(document, "Party B")["verdict"] == "none"


def test_one_for_an_organisation_shows_its_own_places_only(world: World) -> None:
    told(world, {world.parties[0]: "exact"})
    other = make_organisation(world.mechanism, "Another aid group", world.bob)

    incident = report(world).incident
    _, own = certified(world, incident=incident, organisation=world.organisation)
    _, none = certified(world, incident=incident, organisation=other)

    assert len(party(own, "Party A")["held"]) == 1
    assert own["readers"]["organisations"] == [
        {"id": str(world.organisation.id), "name": "Ministry of Health"}
    ]
    assert party(none, "Party A")["held"] == []
    assert "Gao" not in json.dumps(none["parties"], ensure_ascii=False)


def test_one_for_an_organisation_shows_no_other_organisations_report(world: World) -> None:
    told(world, {world.parties[0]: "exact"})
    other = make_organisation(world.mechanism, "Another aid group", world.bob)
    said = Report("Our ward was hit.", "Our staff", STRUCK, STRUCK, GAO_TEXT, 20)
    own = Own(world.organisation)
    made = do_report(said, mechanism=world.mechanism, acting_user=world.alice, own=own)

    with pytest.raises(NothingToCertify):
        do_certify(made.incident, acting_user=world.bob, organisation=other)
    report(world, incident=made.incident)

    _, theirs = certified(world, incident=made.incident, organisation=other)
    assert [claim["words"] for claim in theirs["claims"]] == ["The emergency ward was hit."]
    _, whole = certified(world, incident=made.incident, organisation=world.organisation)
    assert len(whole["claims"]) == 2


def test_certifying_is_the_operators_and_its_reading_stands_in_the_journal(world: World) -> None:
    listing = told(world, {world.parties[0]: "exact"})
    incident = report(world).incident

    with pytest.raises(NotAllowed):
        do_certify(incident, acting_user=world.alice)
    do_certify(incident, acting_user=world.bob)

    assert ExactRead.objects.get(person=world.bob).content["listings"] == [str(listing.id)]


def proof_of_letter(world: World, folder: Path) -> dict[str, Any]:
    """Return the proof of a certificate that names one notice and one letter about it."""
    add_listing(world, site_facts("Hôpital de Gao"), {world.parties[0]: "exact"})
    transmit(world)
    letter = folder / "letter.txt"
    letter.write_text("We have it.")
    do_record_letter(world.parties[0], None, letter, acting_user=world.bob)
    row, _ = certified(world)
    do_tick(world.mechanism.id)
    return json.loads(prove_certificate(row).to_bytes())  # type: ignore[no-any-return]


def test_a_stranger_can_check_its_proof(world: World, tmp_path: Path) -> None:
    verdict = verify(canonical(proof_of_letter(world, tmp_path)))

    assert verdict.consistent, verdict.failed
    assert "is the operator's statement" in verdict.facts["statement_of_absence"]
    (notice,) = verdict.facts["notices"]
    assert [answer["grade"] for answer in notice["answers"]] == ["C"]


@pytest.mark.parametrize(
    ("dropped", "said"),
    [
        ({"receipt"}, "names answer"),
        ({"transmission"}, "whether or when"),
        ({"receipt", "transmission", "notice"}, "names notice"),
    ],
)
def test_what_its_certificate_names_cannot_be_left_out_of_its_proof(
    world: World, tmp_path: Path, dropped: set[str], said: str
) -> None:
    value = proof_of_letter(world, tmp_path)
    for member in ("entries", "documents"):
        value[member] = [item for item in value[member] if item["role"] not in dropped]

    failed = verify(canonical(value)).failed

    assert failed is not None
    assert (failed.name, said in failed.words) == ("subject", True)


def test_a_proof_whose_entries_contradict_a_backdated_certificate_fails(world: World) -> None:
    told(world, {world.parties[0]: "exact"})
    row, _ = certified(world)
    do_tick(world.mechanism.id)

    failed = verify(prove_certificate(row).to_bytes()).failed

    assert failed is not None
    assert "whether or when" in failed.words


def test_an_answer_under_a_key_revoked_by_then_is_marked(world: World) -> None:
    told(world, {world.parties[0]: "exact"})
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    origin = find_log(world.mechanism.id).origin
    signed = prove_possession(private, origin, str(world.parties[0].id), TOLD)
    key = do_register_key(world.parties[0], public, signed, acting_user=world.bob)
    answered(Notice.objects.get(), "A", key=key)
    do_revoke_key(key, TOLD, acting_user=world.bob)

    _, document = certified(world)

    (stated,) = party(document, "Party A")["held"]
    assert stated["proved_before"]["key_revoked_from"] == timestamp(TOLD)
    assert f"signed with a key that was revoked from {timestamp(TOLD)}" in text(document)
