"""The commands of the notices: what they print, and with which status they end."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from openhns.cli import main
from openhns.notices.models import Notice
from openhns.notices.tests.building import (
    GAO,
    add_listing,
    movement_facts,
    notices_of,
    site_facts,
)
from openhns.registry.models import Listing
from openhns.testing_world import World, kept, make_world

pytestmark = pytest.mark.django_db(transaction=True)
PLACES = ((162_716_000, -446_000), (165_000_000, -446_000))


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return kept(_world)


def _world() -> World:
    world = make_world()
    a, b = world.parties
    for name, place in zip(("Gao", "Bourem"), PLACES, strict=True):
        add_listing(world, site_facts(name, place), {a: "exact", b: "vicinity"})
    return world


class Shell:
    """Runs commands in this process and reads what they print as JSON."""

    def __init__(self, world: World, capsys: pytest.CaptureFixture[str]) -> None:
        self._slug = world.mechanism.slug
        self._capsys = capsys

    def __call__(self, *words: str | Path, status: int = 0) -> dict[str, Any]:
        ended = main([*map(str, words), "--json", "--mechanism", self._slug])
        printed = self._capsys.readouterr().out
        assert ended == status, printed
        return dict(json.loads(printed))

    def words(self, *words: str | Path) -> str:
        assert main([*map(str, words), "--mechanism", self._slug]) == 0
        return self._capsys.readouterr().out


@pytest.fixture
def run(world: World, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(world, capsys)


def test_a_dry_run_says_which_cells_a_public_register_pins_to_one_place(
    run: Shell, tmp_path: Path
) -> None:
    register = tmp_path / "register.csv"
    header = "name,type,latitude,longitude"
    # Two beside Gao's place, one beside Bourem's, and one that has no position.
    rows = ["A,clinic,16.2716,-0.0446", "B,clinic,16.2717,-0.0446", "C,clinic,16.5001,-0.0446"]
    register.write_text("\n".join([header, *rows, "D,clinic,,"]), "utf-8")
    foreseen = run("transmit", "--dry-run", "--register", register)
    assert foreseen["public_register"] == {"rows": 4, "placed": 3}
    found = foreseen["parties"]["Party B"]["public_register"]
    assert (found["told"], found["with_one_place"], found["with_none"]) == (2, 1, 0)
    assert "1 (50 %) hold exactly one place" in found["words"]
    assert "exactly one place" in run.words("transmit", "--dry-run", "--register", register)
    refused = run("transmit", "--register", register, status=2)
    assert refused["error"]["code"] == "dry_run_needed"


def test_transmit_says_what_left_for_whom(world: World, run: Shell) -> None:
    a, _ = world.parties
    foreseen = run("transmit", "--dry-run")
    assert foreseen["parties"]["Party B"]["cells"]["told"] == 2
    assert "exactly one site" in run.words("transmit", "--dry-run")
    assert notices_of(a) == []
    sent = run("transmit")
    assert len(sent["notices"]) == 4
    assert sent["parties"]["Party A"]["numbers"] == [1, 2]
    assert sent["parties"]["Party A"]["status"] == "transmitted"
    assert sent["skipped"] == []
    again = run("transmit", "--party", "Party A")
    assert again["parties"] == {
        "Party A": {
            "notices": 0,
            "numbers": None,
            "transmission": None,
            "status": "nothing to send",
        }
    }


def test_the_road_of_an_answer(world: World, run: Shell, tmp_path: Path) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse battery\n")
    key = tmp_path / "a.key"
    with override_settings(OPENHNS_KEY_PASSPHRASE_FILE=passphrase):
        run("party", "keygen", "--party", "Party A", "-o", key)
        run("party", "register", "--party", "Party A", "--key", key)
        acknowledge = ("party", "acknowledge", "--party", "Party A", "--key", key)
        empty = run(*acknowledge, "--all", status=1)
        assert empty["error"]["code"] == "nothing_to_answer"
        sent = run("transmit")
        told = str(notices_of(world.parties[0])[0].id)
        assert told in sent["notices"]
        one = run(*acknowledge, "--notice", told, "--answer", "received")
        assert (one["recorded"], one["grade"], one["bulk"]) == (1, "A", False)
        everything = run(*acknowledge, "--all", "--echelon", "headquarters")
        assert (everything["recorded"], everything["bulk"]) == (2, True)
        other = ("party", "acknowledge", "--party", "Party B", "--key", key, "--all")
        assert run(*other, status=1)["error"]["code"] == "receipt_key_of_another_party"
        (kid,) = (item.kid for item in world.parties[0].keys.all())
        run("party", "revoke", "--party", "Party A", "--kid", kid)
        assert run(*acknowledge, "--all", status=2)["error"]["code"] == "party_key_revoked"


def test_answers_by_hand_and_objections(world: World, run: Shell, tmp_path: Path) -> None:
    run("transmit")
    scan = tmp_path / "letter.pdf"
    scan.write_bytes(b"%PDF letter")
    letter = run("receipt", "letter", "--party", "Party B", "--file", scan, "--all")
    assert (letter["recorded"], letter["grade"], letter["bulk"]) == (2, "C", True)
    told = str(notices_of(world.parties[1])[0].id)
    call = run(
        "receipt", "call", "--party", "Party B", "--notice", told, "--words", "Read.", "--who", "X"
    )  # fmt: skip
    assert (call["recorded"], call["grade"]) == (1, "D")
    made = run("object", "make", told, "--grounds", "Used otherwise.", "--warning")
    (listed,) = run("object", "list")["objections"]
    assert listed["objection"] == made["objection"]
    assert listed["contact"] == {"contact": "Alice", "phone": "+223 70 00 00 01"}
    assert "WARNING" in run.words("object", "list")
    run("object", "answer", made["objection"], "--answer", "It is a hospital.")
    assert run("object", "list")["objections"] == []


def test_a_query_is_listed_until_it_is_replied_to(world: World, run: Shell, tmp_path: Path) -> None:
    run("transmit")
    told = str(notices_of(world.parties[1])[0].id)
    made = run("query", "make", told, "--question", "Which gate?", "--who", "Corps")
    (listed,) = run("query", "list")["queries"]
    assert (listed["query"], listed["question"]) == (made["query"], "Which gate?")
    assert "Which gate?" in run.words("query", "list")
    reply = ("query", "reply", made["query"], "--reply", "The northern one.")
    assert run(*reply)["query"] == made["query"]
    assert run("query", "list")["queries"] == []
    again = run(*reply[:-1], "The southern one.", status=1)
    assert again["error"]["code"] == "query_already_replied"
    for question, code in (("", "question_missing"), ("\x1b[2J", "text_has_control_characters")):
        refused = run("query", "make", told, "--question", question, status=2)
        assert refused["error"]["code"] == code
    scan = tmp_path / "letter.pdf"
    scan.write_bytes(b"%PDF letter")
    letter = ("receipt", "letter", "--party", "Party B", "--file", scan, "--answer", "queried")
    many = run(*letter, "--all", "--question", "Which?", status=2)
    assert many["error"]["code"] == "query_of_many"
    assert run(*letter, "--notice", told, "--question", "Which?")["answer"] == "queried"


def test_bundles_in_the_formats_there_are(world: World, run: Shell, tmp_path: Path) -> None:
    del world
    run("transmit")
    for form in ("geojson", "csv"):
        path = tmp_path / f"b.{form}"
        made = run("bundle", "--party", "Party B", "--format", form, "-o", path)
        assert (made["rows"], path.exists()) == (2, True)
    path = tmp_path / "b.kml"
    assert main(["bundle", "--party", "Party B", "--format", "kml", "-o", str(path)]) == 2


def test_a_dry_run_of_a_withdrawal_names_each_movement(world: World, run: Shell) -> None:
    facts = movement_facts("Convoy 7", GAO, (GAO[0] + 500_000, GAO[1]))
    convoy = add_listing(world, facts, {world.parties[0]: "exact"}, Listing.Kind.MOVEMENT)
    run("transmit")
    moment = (timezone.now() + timedelta(hours=3)).isoformat()
    leave = ("withdraw", "Party A", "--effective", moment, "--reason", "-", "--dry-run")
    (moving,) = run(*leave)["movements_under_way"]
    assert (moving["name"], moving["listing"]) == ("Convoy 7", str(convoy.id))
    assert moving["organisation_name"] == "Ministry of Health"
    told = Notice.objects.get(party=world.parties[0], listing=convoy)
    assert moving["number"] == told.number
    words = run.words(*leave)
    assert f"Convoy 7 of Ministry of Health, {told.valid_from:%Y-%m-%d %H:%M} UTC" in words
    assert str(convoy.id) in words


def test_a_party_that_left_is_refused_by_name_and_skipped_without(world: World, run: Shell) -> None:
    leave = ("withdraw", "Party A", "--effective", "2026-01-01T00:00Z", "--reason", "It said so.")
    dry = run(*leave, "--dry-run")
    assert dry["dry_run"] is True
    assert run("transmit", "--dry-run")["skipped"] == []
    done = run(*leave)
    assert done["consents_suspended"] == 2
    refused = run("transmit", "--party", "Party A", status=2)
    assert refused["error"]["code"] == "party_not_participating"
    sent = run("transmit")
    assert (sent["skipped"], len(sent["notices"])) == (["Party A"], 2)
    assert notices_of(world.parties[0]) == []
    assert run(*leave, status=1)["error"]["code"] == "party_already_withdrawn"
