"""A party's pages, through HTTP: what they show, to whom, and what they take."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openhns.mechanism.models import ExactRead, Person
from openhns.notices.access import held_by
from openhns.notices.actions import do_withdraw
from openhns.notices.envelope import Envelope
from openhns.notices.held import held_numbers
from openhns.notices.models import Notice, Objection, Receipt
from openhns.notices.tests.building import (
    add_listing,
    notices_of,
    remove,
    site_facts,
    transmit,
)
from openhns.parties.actions import do_revoke_key
from openhns.parties.models import Party
from openhns.proofs import jws
from openhns.proofs.verify import verify
from openhns.record.actions import do_tick
from openhns.testing_world import World, kept, make_liaison, make_party_key, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
PLACES = ((162_716_000, -446_000), (165_000_000, -446_000), (150_000_000, -40_000_000))
NAMES = ("Gao hospital", "Bourem clinic", "Mopti school")


class Door:
    """The pages of one party, opened by one person."""

    def __init__(self, world: World, party: Party, person: Person) -> None:
        self.client = visitor(person)
        self.names = {"mechanism": world.mechanism.slug, "party": party.id}

    def path(self, name: str, **more: Any) -> str:
        return reverse(name, kwargs=self.names | more)

    def get(self, name: str, query: str = "", **more: Any) -> Any:
        return self.client.get(self.path(name, **more) + query)

    def text(self, name: str, query: str = "", **more: Any) -> str:
        answer = self.get(name, query, **more)
        assert answer.status_code == 200
        return str(answer.content.decode())

    def post(self, name: str, data: dict[str, Any], **more: Any) -> Any:
        return self.client.post(self.path(name, **more), data)

    def ask(self, name: str, body: Any, **more: Any) -> Any:
        return self.client.post(self.path(name, **more), body, content_type="application/json")


@pytest.fixture
def world(data_folder: Path) -> World:
    """Three sites: exactly to Party A, in the vicinity to Party B."""
    del data_folder
    return kept(_world)


def _world() -> World:
    world = make_world()
    a, b = world.parties
    for name, place in zip(NAMES, PLACES, strict=True):
        add_listing(world, site_facts(name, place), {a: "exact", b: "vicinity"})
    transmit(world)
    return world


@pytest.fixture
def door(world: World) -> Door:
    return Door(world, world.parties[0], make_liaison(world.parties[0], world.administrator))


@pytest.fixture
def other(world: World) -> Door:
    """Give the pages of Party A as the liaison of Party B tries them."""
    return Door(world, world.parties[0], make_liaison(world.parties[1], world.administrator))


@pytest.fixture
def vicinity(world: World) -> Door:
    return Door(world, world.parties[1], make_liaison(world.parties[1], world.administrator))


def browser_key(world: World) -> tuple[Ed25519PrivateKey, str]:
    private, key = make_party_key(world.parties[0], world.administrator, "B")
    return private, key.kid


def given(door: Door, numbers: list[int], **changed: Any) -> Any:
    says = {"answer": "acknowledged", "echelon": "Corps", "bulk": len(numbers) > 1} | changed
    return door.ask("notices-to-sign", {"numbers": numbers} | says)


def signed(door: Door, key: tuple[Ed25519PrivateKey, str], numbers: list[int]) -> list[str]:
    items = given(door, numbers).json()["items"]
    return [jws.sign_as(*key, "openhns-receipt", item["payload"]) for item in items]


def test_the_inbox_lists_what_was_told_and_how_it_stands(door: Door) -> None:
    page = door.text("notices-inbox")
    assert all(name in page for name in NAMES)
    assert "3 notices wait for an answer" in page
    assert "New" in page
    assert "Showing 1 to 3 of 3" in page


def test_what_waits_stands_first_urgent_then_oldest(world: World, door: Door) -> None:
    key = browser_key(world)
    door.ask("notices-receipts", {"receipts": signed(door, key, [1])})
    add_listing(world, site_facts("Urgent one", (161_000_000, 0)), {world.parties[0]: "exact"})
    transmit(world, urgent=True)
    page = door.text("notices-inbox")
    order = [page.index(f'value="{number}"') for number in (4, 2, 3, 1)]
    assert order == sorted(order)


def test_an_inbox_page_takes_as_many_queries_as_it_is_long_or_not(world: World) -> None:
    a = world.parties[0]
    door = Door(world, a, make_liaison(a, world.administrator))
    with CaptureQueriesContext(
        connection,
    ) as few:
        door.text("notices-inbox")
    for number in range(6):
        add_listing(world, site_facts(f"S{number}", (160_000_000 + number, 0)), {a: "exact"})
    transmit(world)
    with CaptureQueriesContext(connection) as more:
        door.text("notices-inbox")
    assert len(more) <= len(few)


def test_another_partys_liaison_and_the_outsider_find_nothing(
    world: World, door: Door, other: Door
) -> None:
    outsider = Door(world, world.parties[0], world.outsider)
    nothing = door.client.get("/nowhere/").content
    addresses: list[tuple[str, dict[str, Any]]] = [
        ("notices-inbox", {}),
        ("notices-notice", {"number": 1}),
        ("notices-envelope", {"number": 1}),
        ("notices-proof", {"number": 1}),
        ("notices-object", {"number": 1}),
        ("notices-answer", {}),
        ("notices-to-sign", {}),
        ("notices-receipts", {}),
        ("notices-holdings", {}),
        ("notices-holdings-places", {}),
        ("notices-bundle", {}),
        ("parties-keys", {}),
        ("parties-key-register", {}),
        ("parties-key-revoke", {"kid": "x"}),
    ]
    for name, more in addresses:
        for stranger in (other, outsider, Door(world, world.parties[0], world.bob)):
            assert stranger.get(name, **more).status_code == 404, name
            answer = stranger.ask(name, {"numbers": [1]}, **more)
            assert answer.status_code == 404, name
    assert nothing
    assert door.get("notices-notice", number=9).status_code == 404


def test_a_notice_is_shown_as_it_was_told_and_its_reading_is_journaled(
    world: World, door: Door
) -> None:
    before = ExactRead.objects.count()
    notice = notices_of(world.parties[0])[0]
    page = door.text("notices-notice", number=1)
    assert notice.jws_sha256 in page
    assert str(notice.reference) in page
    assert 'lang="ar" dir="rtl"' in page or 'lang="en" dir="ltr"' in page
    assert "This notice is for information" in page
    assert ExactRead.objects.count() == before + 1
    assert Receipt.objects.count() == 0
    assert Notice.objects.filter(waits=True).count() == 6


def test_in_the_vicinity_there_is_a_cell_and_no_name(world: World, vicinity: Door) -> None:
    before = ExactRead.objects.count()
    for number in (1, 2, 3):
        page = vicinity.text("notices-notice", number=number)
        assert not any(name in page for name in NAMES)
        assert not any(f"{lat / 1e7:.5f}" in page for lat, _ in PLACES)
        assert "Polygon" in page
    assert not any(name in vicinity.text("notices-inbox") for name in NAMES)
    assert ExactRead.objects.count() == before
    assert world.mechanism


def test_a_cancel_says_what_it_ends(world: World, door: Door) -> None:
    notice = next(n for n in notices_of(world.parties[0]) if n.listing)
    assert notice.listing
    name = jws.read(notice.jws).payload["content"]["name"]
    remove(world, notice.listing)
    transmit(world)
    page = door.text("notices-notice", number=4)
    assert name in page
    assert "No longer valid" in page
    assert f"/inbox/{notice.number}/" in page


def test_the_envelope_and_the_proof_can_be_loaded_and_checked(world: World, door: Door) -> None:
    do_tick(world.mechanism.id)
    data = door.get("notices-envelope", number=1).content
    found = Envelope.from_bytes(data)
    assert (
        hashlib.sha256(found.notice.encode()).hexdigest()
        == notices_of(world.parties[0])[0].jws_sha256
    )
    assert found.opening is not None
    assert "Ready" in door.text("notices-notice", number=1)
    assert verify(door.get("notices-proof", number=1).content).consistent


def test_a_proof_that_follows_is_said_to_follow(world: World, door: Door) -> None:
    key = browser_key(world)
    door.ask("notices-receipts", {"receipts": signed(door, key, [1])})
    assert "Follows" in door.text("notices-notice", number=1)
    answer = door.get("notices-proof", number=1)
    assert answer.status_code == 302
    assert "The proof follows" in door.client.get(answer.url).content.decode()


def test_several_are_answered_in_one_go_with_a_key_in_the_page(world: World, door: Door) -> None:
    key = browser_key(world)
    page = door.text("notices-answer", "?number=1&number=2&number=3")
    assert "Answer 3 notices" in page
    assert "1\N{EN DASH}3" in page
    answer = door.ask("notices-receipts", {"receipts": signed(door, key, [1, 2, 3])})
    assert answer.json() == {"recorded": 3, "already": 0}
    rows = Receipt.objects.all()
    assert {(r.grade, r.bulk, r.answer, r.machine) for r in rows} == {
        ("B", True, "acknowledged", False)
    }
    again = door.ask("notices-receipts", {"receipts": signed(door, key, [1, 2, 3])})
    assert again.json() == {"recorded": 0, "already": 3}
    assert "No notice waits" in door.text("notices-inbox")


def test_what_is_given_to_sign_says_what_the_notice_is(world: World, door: Door) -> None:
    (item,) = given(door, [2]).json()["items"]
    notice = notices_of(world.parties[0])[1]
    assert item["jws"] == notice.jws
    payload = item["payload"]
    assert payload["notice_sha256"] == hashlib.sha256(item["jws"].encode()).hexdigest()
    assert (payload["number"], payload["party"]) == (2, str(world.parties[0].id))
    assert (payload["bulk"], payload["echelon"], payload["answer"]) == (
        False,
        "Corps",
        "acknowledged",
    )


def test_all_that_wait_up_to_a_number_are_chosen(world: World, door: Door) -> None:
    key = browser_key(world)
    door.ask("notices-receipts", {"receipts": signed(door, key, [1])})
    page = door.text("notices-answer", "?up_to=3")
    assert "Answer 2 notices" in page
    assert "2\N{EN DASH}3" in page
    empty = door.get("notices-answer", "?number=77&number=x")
    assert empty.status_code == 302


def test_an_altered_receipt_records_nothing(world: World, door: Door) -> None:
    key = browser_key(world)
    good, spoilt = signed(door, key, [1, 2])
    head, payload, signature = spoilt.split(".")
    altered = jws.encode(jws.decode(payload).replace(b"Corps", b"Staff"))
    answer = door.ask("notices-receipts", {"receipts": [good, f"{head}.{altered}.{signature}"]})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "receipt_refused"
    assert Receipt.objects.count() == 0


def test_a_revoked_key_and_a_key_of_the_partys_tool_are_refused(world: World, door: Door) -> None:
    key = browser_key(world)
    texts = signed(door, key, [1])
    do_revoke_key(world.parties[0].keys.get(kid=key[1]), acting_user=world.bob)
    assert door.ask("notices-receipts", {"receipts": texts}).json()["error"]["code"] == (
        "party_key_revoked"
    )
    private, own = make_party_key(world.parties[0], world.administrator, "A")
    texts = signed(door, (private, own.kid), [1])
    refused = door.ask("notices-receipts", {"receipts": texts}).json()["error"]
    assert refused["code"] == "receipt_key_not_of_page"
    assert Receipt.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"numbers": [1]}', '{"numbers": "1", "answer": "x", "echelon": ""}', "{" * 9],
)
def test_a_body_that_nobody_can_read_is_refused_in_words(door: Door, body: str) -> None:
    for name in ("notices-to-sign", "notices-receipts"):
        answer = door.ask(name, body)
        assert answer.status_code == 422
        assert answer.json()["error"]["words"]
        assert door.get(name).status_code == 405


def objection(**changed: Any) -> dict[str, Any]:
    return {
        "key": "0f2ad80a-3fd5-4d3b-a1f9-8f6ee4b1b9d1",
        "signed": "",
        "grounds": "Fighters were seen.\r\nTwice.",
        "warning": "on",
        "limit_at": (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
        "zone": "+03:00",
        "made_by": "General staff",
    } | changed


def test_an_objection_without_a_key_is_recorded_as_what_it_is(world: World, door: Door) -> None:
    for _ in range(2):
        answer = door.post("notices-object", objection(), number=1)
        assert answer.status_code == 302
    row = Objection.objects.get()
    assert (row.grade, row.warning) == ("D", True)
    assert row.content == {"grounds": "Fighters were seen.\nTwice.", "made_by": "General staff"}
    assert row.time_limit is not None
    assert row.time_limit - timezone.now() < timedelta(days=2)
    page = door.text("notices-notice", number=1)
    assert "Objected to" in page
    assert "Fighters were seen." in page
    assert world.mechanism


def test_a_signed_objection_is_grade_b_and_says_what_the_form_says(
    world: World, door: Door
) -> None:
    private, kid = browser_key(world)
    form = objection(limit_at="", warning="")
    notice = notices_of(world.parties[0])[0]
    content = jws.read(notice.jws).payload
    payload = {
        "v": 1,
        "log": content["log"],
        "mechanism": content["mechanism"],
        "party": content["party"]["id"],
        "notice": content["id"],
        "number": 1,
        "notice_sha256": notice.jws_sha256,
        "grounds": "Fighters were seen.\nTwice.",
        "warning": False,
        "time_limit": None,
        "made_by": "General staff",
        "head": None,
        "made_at": "2999-01-01T00:00:00.000000Z",
    }
    now = timezone.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    other = jws.sign_as(private, kid, "openhns-objection", payload | {"made_at": now})
    late = jws.sign_as(private, kid, "openhns-objection", payload)
    warned = jws.sign_as(
        private, kid, "openhns-objection", payload | {"made_at": now, "warning": True}
    )
    for wrong in ("x", late, warned):
        answer = door.post("notices-object", form | {"signed": wrong}, number=1)
        assert answer.status_code == 200
        assert not Objection.objects.exists()
    answer = door.post("notices-object", form | {"signed": other}, number=1)
    assert answer.status_code == 302
    assert Objection.objects.get().grade == "B"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"grounds": "  "}, "required"),
        ({"limit_at": "2001-01-01T00:00"}, "time to come"),
        ({"limit_at": "tomorrow"}, "no date"),
        ({"zone": "+99:00"}, "valid choice"),
        ({"made_by": ""}, "required"),
    ],
)
def test_an_objection_with_something_amiss_says_what(
    door: Door, changed: dict[str, str], words: str
) -> None:
    answer = door.post("notices-object", objection(**changed), number=1)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Objection.objects.exists()


def test_no_screen_of_a_party_has_a_word_of_permission(door: Door) -> None:
    pages = [
        door.text("notices-inbox"),
        door.text("notices-notice", number=1),
        door.text("notices-answer", "?number=1"),
        door.text("notices-object", number=1),
        door.text("notices-holdings"),
        door.text("parties-keys"),
    ]
    words = ("approv", "deny", "denied", "authoris", "authoriz", "permit")
    for page in pages:
        assert not [word for word in words if word in page.lower()]


def test_what_is_held_is_what_was_transmitted_and_not_dropped(world: World, door: Door) -> None:
    a = world.parties[0]
    between = timezone.now()
    notice = next(n for n in notices_of(a) if n.listing)
    assert notice.listing
    remove(world, notice.listing)
    transmit(world)
    now = held_numbers(a, timezone.now())
    assert list(now.numbers) == [item.number for item in held_by(a)]
    lines = "".join(
        f"{n.number} {n.jws_sha256}\n" for n in notices_of(a) if n.number in now.numbers
    )
    assert now.sha256 == hashlib.sha256(lines.encode()).hexdigest()
    assert len(held_numbers(a, between).numbers) == 3
    page = door.text("notices-holdings")
    assert now.sha256 in page
    assert "Showing 1 to 2 of 2" in page
    minute = (between + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")
    assert "shown is what is held" in door.text("notices-holdings", f"?at={minute}&zone=%2B00:00")
    assert "Nothing was held" in door.text("notices-holdings", "?at=2020-01-01T00:00&zone=%2B00:00")


def test_the_map_of_what_is_held_counts_it_and_is_journaled(world: World, door: Door) -> None:
    before = ExactRead.objects.count()
    answer = door.get("notices-holdings-places").json()
    assert (answer["shown"], answer["total"]) == (3, 3)
    assert ExactRead.objects.count() == before + 1
    assert world.mechanism


@pytest.mark.parametrize("form", ["geojson", "csv"])
def test_a_bundle_is_handed_out_and_no_copy_stays(
    world: World, door: Door, data_folder: Path, form: str
) -> None:
    answer = door.post("notices-bundle", {"form": form})
    data = b"".join(answer.streaming_content)
    assert b"Gao hospital" in data
    assert hashlib.sha256(data).hexdigest()
    assert f".{form}" in answer["Content-Disposition"]
    answer.close()
    assert not [path for path in (data_folder / "tmp").iterdir() if path.suffix != ".lock"]
    if form == "geojson":
        assert json.loads(data)["openhns"]["count"] == 3
    assert door.post("notices-bundle", {"form": "exe"}).status_code == 302
    old = door.post("notices-bundle", {"form": form, "at": "2020-01-01T00:00", "zone": "+00:00"})
    assert b"Gao" not in b"".join(old.streaming_content)
    assert world.mechanism


def test_a_party_that_left_reads_what_it_was_told_and_may_still_answer(
    world: World, door: Door
) -> None:
    key = browser_key(world)
    do_withdraw(world.parties[0], timezone.now(), "None stated.", acting_user=world.bob)
    for page in (door.text("notices-inbox"), door.text("notices-notice", number=1)):
        assert "Has withdrawn" in page
        assert "Nothing new is sent" in page
    answer = door.ask("notices-receipts", {"receipts": signed(door, key, [1])})
    assert answer.json()["recorded"] == 1
    assert "Entries" in door.text("notices-holdings")


def test_nobody_who_is_not_signed_in_reads_anything(world: World) -> None:
    path = reverse(
        "notices-inbox", kwargs={"mechanism": world.mechanism.slug, "party": world.parties[0].id}
    )
    assert Client().get(path).status_code in {302, 404}
