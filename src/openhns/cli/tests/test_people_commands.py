import pytest
from django.test import Client

from openhns.cli import main
from openhns.cli.tests.conftest import Run

pytestmark = pytest.mark.usefixtures("fresh")
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def person(answer: Run, name: str, *roles: str, second: str | None = None) -> str:
    handle = str(answer("person", "add", "--name", name)["handle"])
    for role in roles:
        more = ["--seconded-by", second] if second else []
        answer("person", "role", handle, role, *more)
    return handle


def test_two_persons_vet_by_command_under_the_standard_policy(answer: Run, refusal: Run) -> None:
    answer("init", "--mechanism", "mali", "--policy", "two-person")
    bob = person(answer, "Bob", "reviewer")
    answer("organisation", "apply", "Ministry of Health", "--contact-phone", "+223 20")
    first = answer("organisation", "vet", "ministry of HEALTH")
    assert (first["status"], first["decided_by"], first["decisions_needed"]) == ("applied", 1, 2)
    again = refusal("organisation", "vet", "Ministry of Health")
    assert again == "vetting_already_decided"
    vetted = answer("organisation", "vet", "Ministry of Health", "--as", bob)
    assert vetted["status"] == "vetted"
    suspended = answer("organisation", "suspend", "Ministry of Health", "--reason", "silent")
    assert suspended["status"] == "suspended"


def test_a_refusal_by_command(answer: Run, refusal: Run) -> None:
    answer("init", "--mechanism", "mali")
    answer("organisation", "apply", "X")
    assert answer("organisation", "vet", "X", "--refuse", "--reason", "y")["status"] == "refused"
    assert refusal("organisation", "vet", "X") in {
        "vetting_already_decided",
        "organisation_wrong_state",
    }
    assert refusal("organisation", "vet", "No such") == "not_found"
    assert answer("organisation", "apply", "X")["status"] == "applied"


def test_people_and_roles_by_command(answer: Run, refusal: Run) -> None:
    answer("init", "--mechanism", "mali", "--party", "A")
    answer("organisation", "apply", "X")
    alice = str(answer("person", "add", "--name", "Alice", "--email", "a@x.org")["handle"])
    answer("person", "role", "A@X.org", "reporter", "--organisation", "X")
    assert refusal("person", "role", alice, "reporter", "--organisation", "X") == (
        "role_already_held"
    )
    answer("person", "role", alice, "liaison", "--party", "A")
    people = {item["name"]: item for item in answer("person", "list")["people"]}
    assert [name for name in people if people[name]["local_administrator"]] == [
        "Local administrator"
    ]
    assert {role["role"] for role in people["Alice"]["roles"]} == {"reporter", "liaison"}
    answer("person", "role", alice, "liaison", "--party", "A", "--end")
    assert refusal("person", "role", alice, "liaison", "--party", "A", "--end") == (
        "role_already_ended"
    )
    assert refusal("person", "list", "--as", alice) == "not_allowed"
    assert refusal("person", "list", "--as", "nobody") == "person_not_found"
    assert refusal("person", "role", alice, "reviewer", "--organisation", "X") == "role_invalid"


def test_an_account_sees_the_organisations_it_belongs_to(answer: Run, refusal: Run) -> None:
    answer("init", "--mechanism", "mali")
    answer("organisation", "apply", "X")
    answer("organisation", "apply", "Y")
    alice = person(answer, "Alice")
    answer("person", "role", alice, "approver", "--organisation", "X")
    assert len(answer("organisation", "list")["organisations"]) == 2
    own = answer("organisation", "list", "--as", alice)["organisations"]
    assert [item["name"] for item in own] == ["X"]
    assert refusal("organisation", "vet", "Y", "--as", alice) == "not_found"


def test_notes_by_command(answer: Run, refusal: Run) -> None:
    answer("init", "--mechanism", "mali")
    answer("organisation", "apply", "X")
    answer("organisation", "vet", "X")
    written = answer("note", "write", "--text", "en=Party A left.", "--text", "fr=A est parti.")
    assert (written["organisations"], written["languages"]) == (1, ["en", "fr"])
    assert refusal("note", "write") == "note_invalid"
    assert refusal("note", "write", "--text", "no language") == "note_invalid"
    assert refusal("note", "write", "--file", "en=/no/such/file") == "file_error"
    notes = answer("note", "list")["notes"]
    assert [(note["read"], note["text"]["en"]) for note in notes] == [(0, "Party A left.")]
    assert refusal("note", "read", "--organisation", "X", UNKNOWN) == "not_found"
    read = answer("note", "read", notes[0]["id"], "--organisation", "X")
    assert (read["text"]["fr"], bool(read["read_at"])) == ("A est parti.", True)
    again = answer("note", "read", notes[0]["id"], "--organisation", "X")
    assert again["read_at"] == read["read_at"]
    assert [note["read"] for note in answer("note", "list")["notes"]] == [1]


def test_a_note_is_read_by_its_organisation_s_own_people(answer: Run, refusal: Run) -> None:
    answer("init", "--mechanism", "mali", "--policy", "two-person")
    answer("organisation", "apply", "X")
    answer("organisation", "vet", "X")
    answer("organisation", "vet", "X", "--as", person(answer, "Bob", "reviewer"))
    written = str(answer("note", "write", "--text", "en=Party A left.")["id"])
    alice, outsider = person(answer, "Alice"), person(answer, "An outsider")
    answer("person", "role", alice, "reporter", "--organisation", "X")
    read = ("note", "read", written, "--organisation", "X")
    assert refusal(*read) == "not_allowed"
    assert refusal(*read, "--as", outsider) == "not_found"
    assert answer(*read, "--as", alice)["id"] == written


def test_the_local_administrator_is_listed_as_what_it_is(
    answer: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    answer("init", "--mechanism", "mali")
    person(answer, "Alice")
    assert main(["person", "list"]) == 0
    listed = capsys.readouterr().out
    assert "acts for the operator; one person under any policy" in listed
    assert listed.count("no role") == 1


def test_the_policy_by_command(answer: Run, refusal: Run) -> None:
    answer("init", "--mechanism", "mali")
    changed = answer("policy", "change", "--set", "tick_seconds=5", "--set", "smallest_tick=16")
    assert changed["policy"]["tick_seconds"] == 5
    assert refusal("policy", "change", "--set", "tick_seconds=0") == "policy_invalid"
    assert refusal("policy", "change", "--set", "colour=1") == "policy_invalid"
    answer("policy", "change", "two-person")
    assert refusal("policy", "change", "one-person") == "second_person_needed"


def test_keys_are_shown_by_fingerprint_and_rotated(
    answer: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    answer("init", "--mechanism", "mali")
    answer("organisation", "apply", "X")
    assert answer("keys", "rotate")["number"] == 2
    shown = answer("keys")
    mali = {key["number"]: key for key in shown["data_keys"] if key["of"] == "mali"}
    assert mali[1]["values_sealed"] == 0
    assert mali[1]["retired_at"]
    assert mali[2]["values_sealed"] > 0
    assert answer("organisation", "list")["organisations"][0]["name"] == "X"
    assert main(["keys", "list"]) == 0
    assert "in use" in capsys.readouterr().out


def test_an_invitation_by_command_gives_a_link_that_serves_once(
    answer: Run, refusal: Run, client: Client
) -> None:
    answer("init", "--mechanism", "mali")
    handle = person(answer, "Alice")
    link = str(answer("person", "invite", handle)["link"])
    start, _, path = link.partition("/welcome/")
    assert start == "http://localhost:8000"
    password = {"password": "nine blue lanterns", "again": "nine blue lanterns"}
    assert client.post(f"/welcome/{path}", password).status_code == 302
    assert client.post(f"/welcome/{path}", password).status_code == 410
    assert refusal("person", "invite", "local-administrator") == "person_invalid"
    assert refusal("person", "invite", "nobody") == "person_not_found"
