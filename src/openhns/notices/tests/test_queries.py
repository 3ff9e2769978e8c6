"""A party asks about a notice; it waits at the operator's desk until there is a reply."""

from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from openhns.mechanism.models import ExactRead, Person
from openhns.notices.access import status_of
from openhns.notices.actions import do_query, do_record_letter, do_reply
from openhns.notices.answers import Answer, delivered_to, sign_answer
from openhns.notices.evidence import Upload
from openhns.notices.models import Notice, Receipt, Reply
from openhns.notices.proving import prove_notice
from openhns.notices.tests.building import add_listing, notices_of, site_facts, transmit
from openhns.parties.models import Party
from openhns.proofs.verify import verify
from openhns.record.actions import do_tick
from openhns.record.models import Event
from openhns.testing_world import World, kept, make_liaison, make_party_key, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
QUESTION = "Which of the two buildings is meant?\nThe map shows two."
REPLY = "The northern one, with the red roof."
FORM = {
    "key": "0f2ad80a-3fd5-4d3b-a1f9-8f6ee4b1b9d1",
    "signed": "",
    "question": QUESTION,
    "echelon": "General staff",
}


@pytest.fixture
def world(data_folder: Path) -> World:
    """One site, told exactly to Party A and in the vicinity to Party B."""
    del data_folder
    return kept(_world)


def _world() -> World:
    world = make_world()
    a, b = world.parties
    add_listing(world, site_facts("Gao hospital"), {a: "exact", b: "vicinity"})
    transmit(world)
    return world


class Pages:
    """Pages of a mechanism, opened by one person."""

    def __init__(self, world: World, person: Person) -> None:
        self.client = visitor(person)
        self.mechanism = world.mechanism.slug

    def path(self, name: str, **more: Any) -> str:
        return reverse(name, kwargs={"mechanism": self.mechanism} | more)

    def text(self, name: str, **more: Any) -> str:
        answer = self.client.get(self.path(name, **more))
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    def post(self, name: str, data: dict[str, Any], **more: Any) -> Any:
        return self.client.post(self.path(name, **more), data)


@pytest.fixture
def a(world: World) -> Party:
    return world.parties[0]


@pytest.fixture
def liaison(world: World, a: Party) -> Pages:
    return Pages(world, make_liaison(a, world.administrator))


@pytest.fixture
def operator(world: World) -> Pages:
    return Pages(world, world.bob)


def ask(liaison: Pages, party: Party, **changed: str) -> Any:
    return liaison.post("notices-ask", FORM | changed, party=party.id, number=1)


def asked(world: World, party: Party, question: str = QUESTION) -> Receipt:
    (receipt,) = do_query(notices_of(party)[0], question, acting_user=world.bob).receipts
    return receipt


def test_a_party_asks_and_reads_the_reply_at_its_notice(
    a: Party, liaison: Pages, operator: Pages
) -> None:
    assert "/ask/" in liaison.text("notices-notice", party=a.id, number=1)
    for _ in range(2):  # Sent twice, recorded once.
        assert ask(liaison, a).status_code == 302
    query = Receipt.objects.get()
    assert (query.grade, query.answer, query.question) == ("D", "queried", QUESTION)
    assert status_of(query.notice) == Notice.Status.QUERIED
    page = liaison.text("notices-notice", party=a.id, number=1)
    assert "Which of the two buildings is meant?" in page
    assert "No reply yet" in page
    assert "Not signed: typed in our page" in page
    answer = operator.post("notices-query", {"words": REPLY}, query=query.id)
    assert answer.status_code == 302
    page = liaison.text("notices-notice", party=a.id, number=1)
    assert REPLY in page
    assert "No reply yet" not in page
    assert "The operator replied" in liaison.text("notices-inbox", party=a.id)


def test_a_query_waits_at_the_desk_until_it_is_replied_to(
    world: World, a: Party, operator: Pages
) -> None:
    query = asked(world, a)
    desk = operator.text("overview-desk")
    assert "1 query without a reply" in desk
    assert operator.path("notices-query", query=query.id) in desk
    assert "buildings" not in desk
    assert "1 query waits for a reply" in operator.text("notices-queries")
    do_reply(query, REPLY, acting_user=world.bob)
    assert "without a reply" not in operator.text("overview-desk")
    listed = operator.text("notices-queries")
    assert "0 queries wait" in listed
    assert "Replied" in listed


def test_the_operators_people_read_the_question_beside_its_notice(world: World, a: Party) -> None:
    query, pages = asked(world, a), Pages(world, world.bob)
    read = ExactRead.objects.count()
    page = pages.text("notices-query", query=query.id)
    assert all(words in page for words in ("Which of the two", "Gao hospital", "Party A"))
    assert ExactRead.objects.count() == read + 1
    sent = pages.text("notices-sent-notice", party=a.id, number=1)
    assert "Which of the two" in sent
    assert pages.path("notices-query", query=query.id) in sent


def test_a_query_and_its_reply_stand_in_the_partys_own_events_without_their_words(
    world: World, a: Party
) -> None:
    do_reply(asked(world, a), REPLY, acting_user=world.bob)
    recorded = Event.objects.get(name="receipt:recorded")
    replied = Event.objects.get(name="query:replied")
    assert {recorded.audience, replied.audience} == {a.id}
    for event in (recorded, replied):
        text = str(event.content)
        assert "buildings" not in text
        assert "roof" not in text
        assert world.bob.handle not in text


def test_another_partys_liaison_and_the_organisation_find_none_of_it(
    world: World, a: Party
) -> None:
    query = asked(world, a)
    other = Pages(world, make_liaison(world.parties[1], world.administrator))
    for pages in (other, Pages(world, world.alice)):
        paths = [
            pages.path("notices-ask", party=a.id, number=1),
            pages.path("notices-query", query=query.id),
            pages.path("notices-queries"),
        ]
        assert {pages.client.get(path).status_code for path in paths} == {404}
        assert {pages.client.post(path, FORM).status_code for path in paths} == {404}
    assert not Reply.objects.exists()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("  ", "required"),
        ("Which\x07 one?", "control characters"),
        ("Which \x1b[2J one?", "control characters"),
        ("x" * 2_001, "at most 2000"),
    ],
)
def test_a_question_that_is_none_is_refused_in_words(
    a: Party, liaison: Pages, question: str, words: str
) -> None:
    answer = ask(liaison, a, question=question)
    assert answer.status_code == 200
    assert words in unescape(answer.content.decode())
    assert not Receipt.objects.exists()


def test_a_reply_stands_once_it_is_given(world: World, a: Party, operator: Pages) -> None:
    query = asked(world, a)
    for words, said in (("", "required"), ("No\x00w", "ull char"), ("No\x07w", "control")):
        answer = operator.post("notices-query", {"words": words}, query=query.id)
        assert said in answer.content.decode()
    for _ in range(2):  # The same again is the first.
        assert operator.post("notices-query", {"words": REPLY}, query=query.id).status_code == 302
    answer = operator.post("notices-query", {"words": "The southern one."}, query=query.id)
    assert "that reply stands" in answer.content.decode()
    assert [reply.content["words"] for reply in Reply.objects.all()] == [REPLY]


def signed(world: World, party: Party, grade: str, **changed: Any) -> str:
    private, key = make_party_key(party, world.administrator, grade)
    (delivered,) = delivered_to(party)
    says = {"word": "queried", "question": QUESTION, "echelon": "General staff"} | changed
    return sign_answer(private, key.kid, delivered, Answer(**says), timezone.now())


def test_a_signed_query_proves_its_words(world: World, a: Party, liaison: Pages) -> None:
    text = signed(world, a, "B")
    assert ask(liaison, a, signed=text, question="Something else?").status_code == 200
    assert not Receipt.objects.exists()
    assert ask(liaison, a, signed=text).status_code == 302
    query = Receipt.objects.get()
    assert (query.grade, query.question) == ("B", QUESTION)
    do_tick(world.mechanism.id)
    verdict = verify(prove_notice(query.notice).to_bytes())
    assert verdict.consistent
    (answer,) = verdict.facts["notices"][0]["answers"]
    assert (answer["answer"], answer["question"]) == ("queried", QUESTION)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"question": ""}, "says what is asked"),
        ({"question": "Which\x1f?"}, "control characters"),
        ({"bulk": True}, "about one notice"),
    ],
)
def test_a_signed_query_without_its_words_is_refused(
    world: World, a: Party, liaison: Pages, changed: dict[str, Any], words: str
) -> None:
    text = signed(world, a, "B", **changed)
    answer = liaison.client.post(
        liaison.path("notices-receipts", party=a.id),
        {"receipts": [text]},
        content_type="application/json",
    )
    assert answer.status_code == 422
    assert words in answer.json()["error"]["words"]
    assert not Receipt.objects.exists()


def test_a_letter_and_a_call_that_ask_say_what(world: World, a: Party, operator: Pages) -> None:
    call = {
        "which": "chosen",
        "numbers": "1",
        "answer": "queried",
        "who": "Duty officer",
        "at_0": "2020-01-01T00:00",
        "at_1": "+00:00",
        "words": "He asks which gate is the entrance.",
    }
    answer = operator.post("notices-call", call, party=a.id)
    assert answer.status_code == 302
    query = Receipt.objects.get()
    assert query.question == "He asks which gate is the entrance."
    (notice,) = notices_of(a)
    letter = Upload("letter.pdf", b"%PDF-1.4")
    recorded = do_record_letter(
        a, [notice.id], letter, answer="queried", question="Which gate?", acting_user=world.bob
    )
    (written,) = recorded.receipts
    assert written.question == "Which gate?"
    assert "2 queries without a reply" in operator.text("overview-desk")


def test_a_query_of_before_that_has_no_words_waits_as_well(
    world: World, a: Party, operator: Pages
) -> None:
    query = asked(world, a)
    query.seal_content({"echelon": "Corps"})
    query.save()
    assert "1 query without a reply" in operator.text("overview-desk")
    assert "Asked without words." in operator.text("notices-query", query=query.id)
